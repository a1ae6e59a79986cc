// Where the campaign stands and who does what next; every state has its own actions.

import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Campaign, CampaignState } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { useSession } from '@/session/session';
import { Act } from '@/ui/act';
import { exact_number } from '@/ui/numbers';
import { Field, Panel } from '@/ui/page';
import { useProblemText } from '@/ui/states';
import { useActOnCampaign, type CampaignAct } from '../api/act';
import './engage.css';

const path: CampaignState[] = ['draft', 'in_approval', 'approved', 'running', 'completed'];
const off_path: Partial<Record<CampaignState, CampaignState>> = {
  rejected: 'draft',
  scheduled: 'approved',
  paused: 'running',
  stopped: 'completed',
};

export function NextStep({
  campaign,
  audience_count,
}: {
  campaign: Campaign;
  audience_count: number | null;
}) {
  const t = useT();
  const here = off_path[campaign.state] ?? campaign.state;
  return (
    <Panel title={t('campaign.next')}>
      <div className="next-step">
        <p className="path">
          {path.map((state, i) => (
            <span
              key={state}
              className={state === here ? 'now' : ''}
              aria-current={state === here ? 'step' : undefined}
            >
              {i > 0 && <span className="arrow">→ </span>}
              {t(`campaign.state.${state === here ? campaign.state : state}`)}
            </span>
          ))}
        </p>
        <p>
          {t(`campaign.next.${campaign.state}`, {
            by: campaign.submitted_by ?? '',
            approver: campaign.approved_by ?? '',
          })}
        </p>
        {campaign.state === 'rejected' && campaign.reject_reason && (
          <div className="notice bad">{campaign.reject_reason}</div>
        )}
        <Actions campaign={campaign} audience_count={audience_count} />
      </div>
    </Panel>
  );
}

function Actions({
  campaign,
  audience_count,
}: {
  campaign: Campaign;
  audience_count: number | null;
}) {
  const t = useT();
  const { language } = useLanguage();
  const navigate = useNavigate();
  const { person } = useSession();
  const { message, modal } = App.useApp();
  const problem_text = useProblemText();
  const act = useActOnCampaign();
  const [rejecting, set_rejecting] = useState(false);
  const run = (what: CampaignAct, reason?: string) =>
    act
      .mutateAsync({ id: campaign.id, act: what, body: reason ? { reason } : undefined })
      .then(() => void message.success(t(`campaign.did.${what}`)))
      .catch((error) => void message.error(problem_text(error)));
  const confirm = (what: 'launch' | 'stop', people: number) =>
    modal.confirm({
      title: t(`campaign.act.${what}`),
      content: t(`campaign.confirm.${what}`, { count: exact_number(people, language) }),
      okText: t(`campaign.act.${what}`),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: what === 'stop' },
      onOk: () => run(what),
    });
  const own = campaign.submitted_by === person.name || campaign.submitted_by === person.id;
  const button = (
    what: CampaignAct,
    primary = false,
    click?: () => void,
    blocked?: string | false,
  ) => (
    <Act
      key={what}
      may={what === 'approve' || what === 'reject' ? 'approve_campaigns' : 'edit_campaigns'}
      type={primary ? 'primary' : 'default'}
      blocked={blocked}
      loading={act.isPending && act.variables.act === what}
      onClick={click ?? (() => void run(what))}
    >
      {t(`campaign.act.${what}`)}
    </Act>
  );
  const left = campaign.progress.planned - campaign.progress.sent - campaign.progress.suppressed;
  const stop = button('stop', false, () => void confirm('stop', Math.max(left, 0)));
  const edit = (
    <Act
      key="edit"
      may="edit_campaigns"
      onClick={() => void navigate(`/campaigns/${campaign.id}/edit`)}
    >
      {t('ui.edit')}
    </Act>
  );
  const by_state: Partial<Record<CampaignState, React.ReactNode[]>> = {
    draft: [button('submit', true), edit],
    rejected: [button('submit', true), edit],
    in_approval: [
      button('approve', true, undefined, own && t('campaign.own_approval')),
      button('reject', false, () => set_rejecting(true)),
      button('withdraw'),
    ],
    approved: [
      button('launch', true, () => void confirm('launch', audience_count ?? 0)),
      button('withdraw'),
    ],
    scheduled: [stop],
    running: [button('pause'), stop],
    paused: [button('resume', true), stop],
  };
  return (
    <div className="row wrap">
      {by_state[campaign.state]}
      {rejecting && (
        <RejectDialog
          close={() => set_rejecting(false)}
          reject={(reason) => void run('reject', reason)}
        />
      )}
    </div>
  );
}

function RejectDialog(props: { close: () => void; reject: (reason: string) => void }) {
  const t = useT();
  const [reason, set_reason] = useState('');
  return (
    <Modal
      open
      title={t('campaign.act.reject')}
      onCancel={props.close}
      okText={t('campaign.act.reject')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ disabled: !reason.trim(), danger: true }}
      onOk={() => {
        props.reject(reason);
        props.close();
      }}
    >
      <Field id="reject-reason" label={t('ui.why')} hint={t('campaign.reject_hint')}>
        <Input.TextArea
          id="reject-reason"
          autoFocus
          rows={3}
          value={reason}
          onChange={(event) => set_reason(event.target.value)}
        />
      </Field>
    </Modal>
  );
}
