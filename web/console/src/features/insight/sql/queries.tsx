// One's own queries: those kept by name, and the ones asked before.

import { App, Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { SqlPastRun, SqlQuery } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { exact_number } from '@/ui/numbers';
import { Field } from '@/ui/page';
import { MoreMenu } from '@/ui/more_menu';
import { Empty, Loaded, useProblemText } from '@/ui/states';
import { ago } from '@/ui/times';
import { useKeepQuery, useKeptQueries, useRemoveQuery, useSqlRuns } from '../api/sql';

type Props = { take: (text: string) => void };

const one_line = (text: string) => text.replace(/\s+/g, ' ').trim();

export function KeptQueries({ take, text }: Props & { text: () => string }) {
  const t = useT();
  const kept = useKeptQueries();
  const keep = useKeepQuery();
  const forget = useRemoveQuery();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const replace = (one: SqlQuery) =>
    keep.mutate(
      { id: one.id, name: one.name, text: text() },
      {
        onSuccess: () => void message.success(t('ui.saved')),
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Loaded of={kept}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('sql.no_kept')} text={t('sql.no_kept_text')} />
        ) : (
          <ul className="sql-list">
            {items.map((one) => (
              <li key={one.id} className="row">
                <button type="button" className="plain-button grow" onClick={() => take(one.text)}>
                  <b className="clip">{one.name}</b>
                  <span className="mono small soft clip">{one_line(one.text)}</span>
                </button>
                <MoreMenu
                  small
                  label={t('sql.more_of', { name: one.name })}
                  items={[
                    { label: t('sql.replace'), act: () => replace(one) },
                    { label: t('ui.remove'), danger: true, act: () => forget.mutate(one.id) },
                  ]}
                />
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

export function PastQueries({ take }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const past = useSqlRuns();
  const outcome = (one: SqlPastRun) =>
    one.state === 'done'
      ? t('sql.rows', { count: exact_number(one.row_count, language) })
      : t(`sql.state.${one.state}`);
  return (
    <Loaded of={past}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('sql.no_past')} />
        ) : (
          <ul className="sql-list">
            {items.map((one) => (
              <li key={one.id}>
                <button type="button" className="plain-button" onClick={() => take(one.text)}>
                  <span className="mono small clip">{one_line(one.text)}</span>
                  <span className="soft small">
                    {ago(one.started_at, language)} · {outcome(one)}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

export function KeepDialog(props: { text: string; close: () => void }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const keep = useKeepQuery();
  const [name, set_name] = useState('');
  const save = () =>
    keep.mutate(
      { name, text: props.text },
      {
        onSuccess: () => {
          void message.success(t('ui.saved'));
          props.close();
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Modal
      open
      title={t('sql.keep')}
      width={420}
      onCancel={props.close}
      footer={
        <div className="row end">
          <Button onClick={props.close}>{t('ui.cancel')}</Button>
          <Button type="primary" disabled={!name.trim()} loading={keep.isPending} onClick={save}>
            {t('ui.save')}
          </Button>
        </div>
      }
    >
      <Field id="sql-name" label={t('ui.name')}>
        <Input
          id="sql-name"
          autoFocus
          maxLength={80}
          value={name}
          onChange={(event) => set_name(event.target.value)}
          onPressEnter={() => name.trim() && save()}
        />
      </Field>
    </Modal>
  );
}
