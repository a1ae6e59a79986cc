// Beside the editor: how the message reads for real people, what is wrong with it, and which contact
// rules will hold people back.

import type { CampaignDraft, CampaignLint, ContactPolicy, Message } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Panel } from '@/ui/page';
import { Empty, Failure, Loaded } from '@/ui/states';
import { useContactPolicy } from '../api/contact_policy';
import { useLintText } from './lint_text';

type Props = { draft: CampaignDraft; lint?: CampaignLint; error: unknown; busy: boolean };

export function EditorAside({ draft, lint, error, busy }: Props) {
  const t = useT();
  const policy = useContactPolicy();
  return (
    <div className="stack">
      <Panel title={t('campaign.preview')}>
        {error ? <Failure error={error} inline /> : <Previews lint={lint} busy={busy} />}
      </Panel>
      <Panel title={t('campaign.policy')}>
        <Loaded of={policy} rows={3}>
          {(rules) => <PolicyHints policy={rules} draft={draft} />}
        </Loaded>
      </Panel>
    </div>
  );
}

export const heading_of = (message: Message) => message.subject || message.title;

export function Previews({ lint, busy }: { lint?: CampaignLint; busy: boolean }) {
  const t = useT();
  const problem_text = useLintText();
  if (!lint)
    return <Empty title={t('campaign.preview_empty')} text={t('campaign.preview_empty_text')} />;
  return (
    <div className="stack" aria-busy={busy}>
      <div className={`notice ${lint.problems.length ? 'bad' : 'good'}`} role="status">
        <ul>
          {lint.problems.length === 0 && <li>{t('campaign.lint_good')}</li>}
          {lint.problems.map((one) => (
            <li key={one.pointer + one.detail}>{problem_text(one)}</li>
          ))}
        </ul>
      </div>
      {lint.previews.map((one) => (
        <div key={one.customer}>
          <p className="soft small">
            {t('campaign.for_person', { name: one.name ?? t('audience.visitor') })}
          </p>
          <div className="phone-preview">
            {heading_of(one.message) && <b>{heading_of(one.message)}</b>}
            <span>{one.message.body}</span>
          </div>
        </div>
      ))}
    </div>
  );
}

function PolicyHints({ policy, draft }: { policy: ContactPolicy; draft: CampaignDraft }) {
  const t = useT();
  const label = useLabel();
  if (draft.exempt) return <p>{t('campaign.policy_exempt')}</p>;
  const caps = policy.caps.filter((cap) => cap.channel === 'any' || cap.channel === draft.channel);
  return (
    <ul className="stack tight">
      {caps.map((cap) => (
        <li key={`${cap.channel}${cap.per}`}>
          {t('campaign.cap', {
            channel: label('channel', cap.channel),
            per: t(`contact_policy.per.${cap.per}`),
            limit: cap.limit,
          })}
        </li>
      ))}
      {policy.quiet_hours && (
        <li>
          {t(`campaign.quiet.${policy.quiet_hours.action}`, {
            from: policy.quiet_hours.from,
            to: policy.quiet_hours.to,
          })}
        </li>
      )}
      {draft.purpose === 'marketing' && <li>{t('campaign.consent_needed')}</li>}
    </ul>
  );
}
