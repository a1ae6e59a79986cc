import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import type { DateInputProps } from './date_input';

const written = 'YYYY-MM-DD';

export default function Calendar({ value, change, id, label }: DateInputProps) {
  return (
    <DatePicker
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      format={written}
      value={value ? dayjs(value) : null}
      onChange={(day) => change(day ? day.format(written) : '')}
    />
  );
}
