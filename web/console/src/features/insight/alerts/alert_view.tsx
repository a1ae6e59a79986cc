// One alert: its state, what it saw, whom it tells, and what may be done.

import { App, Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useColleagues } from '@/api/colleagues';
import type { Alert, Vocabulary } from '@/api/types';
import { useLabel, useLanguage, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { MoreMenu } from '@/ui/more_menu';
import { Facts, Page, Panel } from '@/ui/page';
import { When } from '@/ui/show';
import { Empty, Loaded, useProblemText } from '@/ui/states';
import { useAcknowledge, useAlertChecks, useRemoveAlert } from '../api/alerts';
import { fragment_of } from '../question/address';
import type { DraftOf } from '../question/draft';
import { parts_of, read_out } from '../question/sentence';
import { useWords } from '../question/use_words';
import { AlertChart } from './alert_chart';
import { AlertDrawer } from './alert_drawer';
import { AlertPill } from './alert_pill';
import { rule_text } from './rule_text';

export function AlertView({ alert, vocabulary }: { alert: Alert; vocabulary: Vocabulary }) {
  const t = useT();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const problem_text = useProblemText();
  const acknowledge = useAcknowledge();
  const remove = useRemoveAlert();
  const [editing, set_editing] = useState(false);
  const failed = (error: unknown) => void message.error(problem_text(error));
  const ask_to_remove = () =>
    modal.confirm({
      title: t('alert.remove'),
      content: t('alert.remove_text', { name: alert.name }),
      okText: t('alert.remove'),
      okButtonProps: { danger: true },
      cancelText: t('ui.cancel'),
      onOk: () =>
        remove.mutate(alert.id, {
          onSuccess: () => void navigate('/insights/alerts'),
          onError: failed,
        }),
    });
  return (
    <Page
      title={alert.name}
      crumb={<Link to="/insights/alerts">{t('alert.title')}</Link>}
      state={<AlertPill alert={alert} />}
      actions={
        <>
          {alert.state === 'firing' && (
            <Button
              type="primary"
              loading={acknowledge.isPending}
              onClick={() => acknowledge.mutate(alert.id, { onError: failed })}
            >
              {t('alert.acknowledge')}
            </Button>
          )}
          <Act may="edit_boards" onClick={() => set_editing(true)}>
            {t('ui.edit')}
          </Act>
          <MoreMenu
            items={[
              { label: t('alert.remove'), may: 'edit_boards', danger: true, act: ask_to_remove },
            ]}
          />
        </>
      }
    >
      <div className="stack">
        {alert.problem && (
          <div className="notice warn" role="status">
            {t('alert.problem', { detail: alert.problem })}
          </div>
        )}
        <Seen alert={alert} />
        <About alert={alert} vocabulary={vocabulary} />
      </div>
      {editing && (
        <AlertDrawer
          alert={alert}
          metric={alert.metric}
          title={alert.name}
          close={() => set_editing(false)}
        />
      )}
    </Page>
  );
}

function Seen({ alert }: { alert: Alert }) {
  const t = useT();
  const checks = useAlertChecks(alert.id);
  return (
    <Panel title={t('alert.chart')}>
      <Loaded of={checks} height={280}>
        {({ items }) =>
          items.some((one) => one.known) ? (
            <AlertChart checks={items} height={280} />
          ) : (
            <Empty title={t('alert.no_checks')} text={t('alert.no_checks_text', { at: alert.at })} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function About({ alert, vocabulary }: { alert: Alert; vocabulary: Vocabulary }) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const words = useWords(vocabulary);
  const colleagues = useColleagues();
  const name_of = (id: string) =>
    label('person', colleagues.data?.items.find((one) => one.id === id)?.name ?? '…');
  const draft: DraftOf<'metric'> = { kind: 'metric', ask: alert.metric };
  const question = {
    pathname: '/insights/questions/metric',
    hash: fragment_of(draft, vocabulary),
  };
  return (
    <Panel title={t('alert.about')}>
      <Facts
        rows={[
          [
            t('alert.question'),
            <Link key="question" to={question}>
              {read_out(parts_of(draft, words), language)}
            </Link>,
          ],
          [t('alert.when'), rule_text(alert.rule, t, language)],
          [t('alert.at'), alert.at],
          [t('alert.recipients'), alert.recipients.map(name_of).join(', ') || '–'],
          [
            t('alert.opens_item'),
            alert.opens_item
              ? `${t('ui.on')} · ${alert.assignee ? name_of(alert.assignee) : t('work.nobody')}`
              : t('ui.off'),
          ],
          [t('alert.owner'), `${label('person', alert.owner)} · ${t('alert.owner_scope')}`],
          [t('alert.since'), <When key="since" at={alert.since} />],
          ...(alert.acknowledged_by
            ? [[t('alert.acknowledged_by'), label('person', alert.acknowledged_by)] as [string, string]]
            : []),
          [t('alert.checked'), <When key="checked" at={alert.checked_at} />],
        ]}
      />
    </Panel>
  );
}
