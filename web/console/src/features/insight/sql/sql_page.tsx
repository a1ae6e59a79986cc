// The analysts' desk: what may be read on the left, the query and its answer on the right.

import { CaretRightOutlined } from '@ant-design/icons';
import { App, Button, Select, Tabs } from 'antd';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import type { SqlSchema, Vocabulary } from '@/api/types';
import { useT, type MessageKey } from '@/i18n';
import { Page, Panel } from '@/ui/page';
import { Skeleton, useProblemText } from '@/ui/states';
import { useSqlRun } from '../api/sql';
import { SqlAnswer } from './answer';
import type { EditorHands } from './editor';
import { KeepDialog, KeptQueries, PastQueries } from './queries';
import { SchemaBrowser } from './schema_browser';
import './sql.css';

const SqlEditor = lazy(() => import('./editor'));

const first_text = `SELECT date_trunc('day', time)::DATE AS day,
       count(DISTINCT customer) AS customers
FROM events
WHERE time_utc >= now()::TIMESTAMP - INTERVAL 7 DAY
GROUP BY day
ORDER BY day`;

// What was written outlives a look at another page, not the tab: a query may name a person.
let written = first_text;

const row_choices = [100, 1000, 10_000];
const second_choices = [10, 30, 60];

export function SqlPage({ schema, vocabulary }: { schema: SqlSchema; vocabulary: Vocabulary }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const hands = useRef<EditorHands | null>(null);
  const { run, ask, stop } = useSqlRun();
  const [limits, set_limits] = useState({ rows: 1000, seconds: 30 });
  const [keeping, set_keeping] = useState(false);
  const tables = useMemo(
    () =>
      Object.fromEntries(schema.tables.map((one) => [one.name, one.columns.map((c) => c.name)])),
    [schema],
  );
  const busy = ask.isPending || run?.state === 'running';
  const go = () => {
    if (busy) return;
    ask.mutate(
      { text: written, ...limits },
      { onError: (error) => void message.error(problem_text(error)) },
    );
  };
  const take = (text: string) => hands.current?.replace(text);
  const error = run?.error;
  const mark = useMemo(
    () =>
      error && error.line !== null && error.column !== null
        ? {
            line: error.line,
            column: error.column,
            message: t(`problem.${error.code}` as MessageKey),
          }
        : null,
    [error, t],
  );
  const sides = [
    {
      key: 'schema',
      label: t('sql.tables'),
      children: (
        <SchemaBrowser
          schema={schema}
          vocabulary={vocabulary}
          insert={(text) => hands.current?.insert(text)}
        />
      ),
    },
    {
      key: 'kept',
      label: t('sql.kept'),
      children: <KeptQueries take={take} text={() => written} />,
    },
    { key: 'past', label: t('sql.past'), children: <PastQueries take={take} /> },
  ];
  return (
    <Page title={t('nav.sql')} lead={t('sql.lead')}>
      <div className="sql-desk">
        <Panel className="sql-side">
          <Tabs size="small" items={sides} />
        </Panel>
        <div className="stack sql-main">
          <Panel flush>
            <div className="sql-box">
              <Suspense fallback={<Skeleton height={200} />}>
                <SqlEditor
                  first={written}
                  label={t('sql.query')}
                  tables={tables}
                  mark={mark}
                  run={go}
                  change={(text) => (written = text)}
                  hands={(made) => (hands.current = made)}
                />
              </Suspense>
            </div>
            <div className="row wrap sql-bar">
              <Button type="primary" icon={<CaretRightOutlined />} loading={busy} onClick={go}>
                {t('sql.run')} <kbd>Ctrl ↵</kbd>
              </Button>
              <Button onClick={() => set_keeping(true)}>{t('sql.keep')}</Button>
              <span className="grow" />
              <Limit
                label={t('sql.most_rows')}
                value={limits.rows}
                choices={row_choices}
                name={(rows) => t('sql.rows_choice', { rows })}
                choose={(rows) => set_limits({ ...limits, rows })}
              />
              <Limit
                label={t('sql.most_seconds')}
                value={limits.seconds}
                choices={second_choices}
                name={(seconds) => t('sql.seconds_choice', { seconds })}
                choose={(seconds) => set_limits({ ...limits, seconds })}
              />
            </div>
          </Panel>
          <SqlAnswer
            run={run}
            stop={() => stop.mutate()}
            go_to={(line, column) => hands.current?.go_to(line, column)}
          />
        </div>
      </div>
      {keeping && <KeepDialog text={written} close={() => set_keeping(false)} />}
    </Page>
  );
}

function Limit(props: {
  label: string;
  value: number;
  choices: number[];
  name: (value: number) => string;
  choose: (value: number) => void;
}) {
  return (
    <Select
      aria-label={props.label}
      value={props.value}
      options={props.choices.map((value) => ({ value, label: props.name(value) }))}
      onChange={props.choose}
    />
  );
}
