// A campaign in steps on one page: who, what, how, when, and against what it is measured.

import { App, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { Campaign, CampaignDraft, Channel, LintProblem, Vocabulary } from '@/api/types';
import { named, useLabel, useLanguage, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { drop_draft, kept_draft, useDraft } from '@/ui/draft';
import { Field, Page, Panel } from '@/ui/page';
import { Num } from '@/ui/show';
import { useProblemText } from '@/ui/states';
import { useCampaignLint } from '../api/lint';
import { useSaveCampaign } from '../api/save';
import { EditorAside } from './editor_aside';
import { MeasureFields, ScheduleFields } from './editor_fields';
import { MessageFields } from './message_fields';
import './engage.css';

export type AudienceChoice = { id: string; name: string; count: number | null };
type Props = {
  campaign?: Campaign;
  first: CampaignDraft;
  audiences: AudienceChoice[];
  channels: Channel[];
  vocabulary: Vocabulary;
  after_save: (campaign: Campaign) => void;
};

function blocked_by(draft: CampaignDraft): 'name' | 'audience' | 'body' | 'goal' | null {
  if (!draft.name.trim()) return 'name';
  if ('id' in draft.audience && !draft.audience.id) return 'audience';
  if (!draft.message.body.trim()) return 'body';
  return draft.goal && !draft.goal.event ? 'goal' : null;
}

export function CampaignEditor(props: Props) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const draft_name = `campaign.${props.campaign?.id ?? 'new'}`;
  const [draft, set_draft] = useState(
    () => kept_draft<CampaignDraft>(draft_name)?.value ?? props.first,
  );
  const set = (part: Partial<CampaignDraft>) => set_draft((now) => ({ ...now, ...part }));
  const kept = useDraft(draft_name, draft, props.first);
  const has_audience = !('id' in draft.audience) || draft.audience.id !== '';
  const lint = useCampaignLint(
    { message: draft.message, audience: draft.audience, channel: draft.channel },
    has_audience && draft.message.body !== '',
  );
  const save = useSaveCampaign();
  const missing = blocked_by(draft);
  const on_save = () =>
    save.mutate(
      { draft, id: props.campaign?.id, version: props.campaign?.version },
      {
        onSuccess: (saved) => {
          drop_draft(draft_name);
          void message.success(t('ui.saved'));
          props.after_save(saved);
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  const resets = props.campaign && ['in_approval', 'approved'].includes(props.campaign.state);
  return (
    <Page
      title={t(props.campaign ? 'campaign.edit' : 'campaign.new')}
      lead={kept ? t('audience.draft_kept') : undefined}
      actions={
        <Act
          may="edit_campaigns"
          type="primary"
          blocked={missing && t(`campaign.missing.${missing}`)}
          loading={save.isPending}
          onClick={on_save}
        >
          {t('ui.save')}
        </Act>
      }
    >
      {resets && (
        <div className="notice warn" style={{ marginBottom: 16 }}>
          {t('campaign.edit_resets')}
        </div>
      )}
      <div className="columns two">
        <div className="steps">
          <Who draft={draft} set={set} audiences={props.audiences} />
          <What
            draft={draft}
            set={set}
            lint={lint.data?.problems ?? []}
            channels={props.channels}
            vocabulary={props.vocabulary}
          />
          <Panel title={t('campaign.step.when')}>
            <ScheduleFields draft={draft} set={set} />
          </Panel>
          <Panel title={t('campaign.step.measure')}>
            <MeasureFields draft={draft} set={set} vocabulary={props.vocabulary} />
          </Panel>
        </div>
        <EditorAside draft={draft} lint={lint.data} error={lint.error} busy={lint.isFetching} />
      </div>
    </Page>
  );
}

type Part = { draft: CampaignDraft; set: (part: Partial<CampaignDraft>) => void };

function Who({ draft, set, audiences }: Part & { audiences: AudienceChoice[] }) {
  const t = useT();
  const chosen = 'id' in draft.audience ? draft.audience.id : '';
  const audience = audiences.find((one) => one.id === chosen);
  return (
    <Panel title={t('campaign.step.who')}>
      <div className="fields">
        <div className="fields two">
          <Field id="campaign-name" label={t('campaign.name')}>
            <Input
              id="campaign-name"
              maxLength={80}
              value={draft.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
          <Field
            id="campaign-audience"
            label={t('campaign.audience')}
            hint={
              audience && (
                <>
                  <Num value={audience.count} /> {t('audience.unit')}
                </>
              )
            }
          >
            <Select
              id="campaign-audience"
              showSearch={{ optionFilterProp: 'label' }}
              placeholder={t('campaign.choose_audience')}
              value={chosen || undefined}
              options={audiences.map((one) => ({ value: one.id, label: one.name }))}
              onChange={(id: string) => set({ audience: { id } })}
            />
          </Field>
        </div>
        <Field id="campaign-description" label={t('ui.description')}>
          <Input
            id="campaign-description"
            maxLength={300}
            value={draft.description}
            onChange={(event) => set({ description: event.target.value })}
          />
        </Field>
      </div>
    </Panel>
  );
}

function What(
  props: Part & {
    lint: LintProblem[];
    channels: Channel[];
    vocabulary: Vocabulary;
  },
) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const { draft, set, channels } = props;
  const variables = useMemo(
    () => [
      { name: 'name', label: t('customer.name') },
      ...props.vocabulary.tags.map((tag) => ({ name: tag.name, label: named(language, tag) })),
    ],
    [props.vocabulary, language, t],
  );
  const usable = channels.filter((one) => one.active);
  const providers = usable.filter((one) => one.kind === draft.channel);
  const kinds = [...new Set([...usable.map((one) => one.kind), draft.channel])];
  return (
    <Panel title={t('campaign.step.what')}>
      <div className="fields">
        <div className="fields two">
          <Field id="campaign-channel" label={t('campaign.channel')}>
            <Select
              id="campaign-channel"
              value={draft.channel}
              options={kinds.map((one) => ({ value: one, label: label('channel', one) }))}
              onChange={(channel) => set({ channel, provider: '' })}
            />
          </Field>
          {providers.length > 1 && (
            <Field id="campaign-provider" label={t('campaign.provider')}>
              <Select
                id="campaign-provider"
                allowClear
                placeholder={t('campaign.any_provider')}
                value={draft.provider || undefined}
                options={providers.map((one) => ({ value: one.id, label: one.name }))}
                onChange={(provider?: string) => set({ provider: provider ?? '' })}
              />
            </Field>
          )}
        </div>
        <MessageFields
          draft={draft}
          change={(message) => set({ message })}
          variables={variables}
          problems={props.lint}
        />
      </div>
    </Panel>
  );
}
