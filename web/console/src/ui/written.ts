// Days, moments and times of day as they are written in the fields that ask for them. The first way
// is how a value is kept and shown; the others may be typed.

import dayjs, { type Dayjs } from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat';

dayjs.extend(customParseFormat);

export type Written = 'day' | 'moment' | 'time';

// Each way is whole only with its last figure: a field reads what is typed at every key, and must not
// take the beginning of a longer text for all of it. A Chinese keyboard writes a wide colon.
const times = ['HH:mm', 'H:mm', 'HH：mm', 'H：mm'];
const days = ['YYYY-MM-DD', 'YYYY-M-D', 'YYYY/MM/DD', 'YYYY/M/D'];
const typed: Record<Written, string[]> = {
  day: ['YYYY-MM-DD', 'YYYY/MM/DD', 'YYYYMMDD'],
  moment: days.flatMap((day) => times.map((time) => `${day} ${time}`)),
  time: [...times, 'HHmm'],
};
const kept: Record<Written, string> = {
  day: 'YYYY-MM-DD',
  moment: 'YYYY-MM-DDTHH:mm',
  time: 'HH:mm',
};

export const ways_to_write = (what: Written): string[] => typed[what];

// Nothing where the text is none of these.
export function read_written(what: Written, text: string): Dayjs | null {
  const found = text ? dayjs(text, [kept[what], ...typed[what]], true) : null;
  return found?.isValid() ? found : null;
}

export const write = (what: Written, at: Dayjs | null): string => at?.format(kept[what]) ?? '';
