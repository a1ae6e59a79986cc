import { Drawer } from 'antd';
import { useT } from '@/i18n';
import { MemberTable } from '@/ui/member_table';
import { Empty } from '@/ui/states';
import { useMetricPeople, type PointOfMetric } from '../api/metric';

export function MetricPeople(props: {
  of: PointOfMetric;
  title: string;
  tag_label: (name: string) => string;
  close: () => void;
}) {
  const t = useT();
  const people = useMetricPeople(props.of);
  return (
    <Drawer open onClose={props.close} title={`${props.title} · ${t('board.people')}`} size={720}>
      <MemberTable
        rows={people.data?.items}
        error={people.error}
        retry={() => void people.refetch()}
        tag_label={props.tag_label}
        empty={<Empty title={t('customer.none')} />}
      />
    </Drawer>
  );
}
