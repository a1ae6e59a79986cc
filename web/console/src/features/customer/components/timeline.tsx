// Everything that happened with the customer, newest first, grouped by day.

import { Select } from 'antd';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { TimelineEntry } from '@/api/types';
import { named, useLabel, useLanguage, useT } from '@/i18n';
import { KeptFrom } from '@/ui/kept_from';
import { Panel } from '@/ui/page';
import { Empty, Loaded } from '@/ui/states';
import { useValueText } from '@/ui/value_text';
import { clock_time, date_only } from '@/ui/times';
import { useTimeline } from '../api/timeline';
import './customer.css';

type Props = {
  id: string;
  events: { value: string; label: string }[];
  property_label: (event: string, property: string) => string;
};

export function Timeline({ id, events, property_label }: Props) {
  const t = useT();
  const [event, set_event] = useState('');
  const timeline = useTimeline(id, event);
  return (
    <Panel
      title={t('customer.timeline')}
      extra={
        <Select
          style={{ width: 200 }}
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('customer.filter_events')}
          value={event}
          options={[{ value: '', label: t('customer.all_events') }, ...events]}
          onChange={set_event}
        />
      }
    >
      <Loaded of={timeline} rows={8}>
        {(data) => (
          <>
            <Entries
              entries={data.pages.flatMap((page) => page.items)}
              property_label={property_label}
            />
            {timeline.hasNextPage && (
              <div className="row" style={{ justifyContent: 'center', paddingTop: 12 }}>
                <Button
                  loading={timeline.isFetchingNextPage}
                  onClick={() => void timeline.fetchNextPage()}
                >
                  {t('customer.earlier')}
                </Button>
              </div>
            )}
            {!timeline.hasNextPage && (
              <KeptFrom from={data.pages[0]?.kept_from} changes="list" />
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Entries(props: Pick<Props, 'property_label'> & { entries: TimelineEntry[] }) {
  const t = useT();
  const { language } = useLanguage();
  const days = useMemo(() => {
    const groups = new Map<string, TimelineEntry[]>();
    for (const entry of props.entries) {
      const day = date_only(entry.at, language);
      groups.set(day, [...(groups.get(day) ?? []), entry]);
    }
    return [...groups];
  }, [props.entries, language]);
  if (days.length === 0) {
    return <Empty title={t('customer.no_events')} text={t('customer.no_events_text')} />;
  }
  return (
    <div className="timeline">
      {days.map(([day, entries]) => (
        <section key={day}>
          <h3>{day}</h3>
          <ol>
            {entries.map((entry, i) => (
              <Entry
                key={`${entry.offset}-${i}`}
                entry={entry}
                property_label={props.property_label}
              />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

// What the server's own events carry for machines only.
const internal = new Set(['campaign', 'send_key', 'provider', 'goal_event', 'goal_window']);

function Entry({
  entry,
  property_label,
}: Pick<Props, 'property_label'> & { entry: TimelineEntry }) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const value_text = useValueText();
  const campaign = entry.properties.campaign;
  const ours = entry.event.startsWith('$');
  const name = named(language, {
    name: entry.event,
    name_zh: entry.name_zh,
    name_en: entry.name_en,
  });
  return (
    <li className={ours ? 'ours' : ''}>
      <time dateTime={entry.at} className="num soft small">
        {clock_time(entry.at, language)}
      </time>
      <span className="grow">
        <b>{name}</b>{' '}
        <span className="soft small">
          {Object.entries(entry.properties)
            .filter(([key]) => !ours || !internal.has(key))
            .map(([key, value]) => {
              if (ours && key === 'channel') return label('channel', String(value));
              if (ours && key === 'reason') return label('suppression', String(value));
              if (ours && key === 'arm') return label('arm', String(value));
              return `${property_label(entry.event, key)} ${value_text(value)}`;
            })
            .join(' · ')}
        </span>
        {ours && typeof campaign === 'string' && (
          <Link className="small" style={{ marginLeft: 8 }} to={`/campaigns/${campaign}`}>
            {t('customer.see_campaign')}
          </Link>
        )}
      </span>
      <span className="faint small nowrap">{label('source', entry.source)}</span>
    </li>
  );
}
