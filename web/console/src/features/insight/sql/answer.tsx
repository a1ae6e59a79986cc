// What became of a query: how far it is, why it failed and where, or its rows.

import { App, Button, Progress } from 'antd';
import type { SqlError, SqlRun } from '@/api/types';
import { useLanguage, useT, type MessageKey } from '@/i18n';
import { exact_number } from '@/ui/numbers';
import { Panel } from '@/ui/page';
import { Empty, useProblemText } from '@/ui/states';
import { download_run } from '../api/sql';

type Props = {
  run: SqlRun | undefined;
  stop: () => void;
  go_to: (line: number, column: number) => void;
};

export function SqlAnswer({ run, stop, go_to }: Props) {
  const t = useT();
  if (!run)
    return (
      <Panel>
        <Empty title={t('sql.no_answer')} text={t('sql.no_answer_text')} />
      </Panel>
    );
  if (run.state === 'running') return <Running run={run} stop={stop} />;
  if (run.error) return <Failed error={run.error} go_to={go_to} />;
  return <Rows run={run} />;
}

function Running({ run, stop }: { run: SqlRun; stop: () => void }) {
  const t = useT();
  const share = Math.min(run.elapsed_ms / Math.max(run.limit_ms, 1), 1);
  const seconds = Math.round(run.elapsed_ms / 1000);
  return (
    <Panel>
      <div className="row" role="status">
        <span className="grow">
          {t('sql.running', { seconds, limit: Math.round(run.limit_ms / 1000) })}
          <Progress
            percent={Math.round(share * 100)}
            showInfo={false}
            size="small"
            aria-label={t('sql.time_used')}
          />
        </span>
        <Button onClick={stop}>{t('sql.stop')}</Button>
      </div>
    </Panel>
  );
}

// The sentence of the database itself names what it did not understand.
const says_more = new Set(['query.syntax', 'query.names', 'query.unknown_table', 'query.not_allowed']);

function Failed({ error, go_to }: { error: SqlError; go_to: Props['go_to'] }) {
  const t = useT();
  const { line, column } = error;
  return (
    <Panel>
      <div className="notice warn" role="alert">
        <span className="grow">
          <b>{t(`problem.${error.code}` as MessageKey)}</b>{' '}
          {says_more.has(error.code) && <span className="mono small">{error.detail}</span>}
        </span>
        {line !== null && column !== null && (
          <button type="button" className="link-button" onClick={() => go_to(line, column)}>
            {t('sql.place', { line, column })}
          </button>
        )}
      </div>
    </Panel>
  );
}

const is_number = (type: string) => /INT|DECIMAL|DOUBLE|FLOAT|HUGEINT/.test(type);

function Rows({ run }: { run: SqlRun }) {
  const t = useT();
  const { language } = useLanguage();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const { answer } = run;
  if (!answer) return <Empty title={t('sql.forgotten')} text={t('sql.forgotten_text')} />;
  const save = (format: 'csv' | 'parquet') => () =>
    void download_run(run, format).catch((error) => message.error(problem_text(error)));
  const count = exact_number(run.row_count, language);
  return (
    <Panel
      flush
      title={
        <span aria-live="polite">
          {t(answer.is_cut ? 'sql.rows_cut' : 'sql.rows', { count })}{' '}
          <span className="soft small">
            {t('question.computed', { ms: exact_number(run.elapsed_ms, language) })}
          </span>
        </span>
      }
      extra={
        <span className="row">
          <Button size="small" onClick={save('csv')}>
            CSV
          </Button>
          <Button size="small" onClick={save('parquet')}>
            Parquet
          </Button>
        </span>
      }
    >
      <div className="sql-rows" tabIndex={0} role="group" aria-label={t('sql.answer')}>
        <table className="data-table">
          <caption className="visually-hidden">{t('sql.answer')}</caption>
          <thead>
            <tr>
              {answer.columns.map((column, i) => (
                <th key={i} scope="col" className={is_number(column.type) ? 'end' : ''}>
                  {column.name}
                  <span className="soft small type">{column.type.toLowerCase()}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.rows.map((row, i) => (
              <tr key={i}>
                {row.map((cell, k) => (
                  <td key={k} className={is_number(answer.columns[k]!.type) ? 'end num' : ''}>
                    {cell ?? <span className="soft">NULL</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
