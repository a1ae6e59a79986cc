// Name, refresh, the rule and its live numbers. The draft keeps itself on this device.

import { App, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useLanguage, useT } from '@/i18n';
import type { Audience, Refresh, Vocabulary } from '@/api/types';
import { Act } from '@/ui/act';
import { drop_draft, kept_draft, useDraft } from '@/ui/draft';
import { Field, Page, Panel } from '@/ui/page';
import { useProblemText } from '@/ui/states';
import { ago } from '@/ui/times';
import { useAudiencePreview } from '../api/preview';
import { useSaveAudience, type AudienceDraft } from '../api/save';
import { RuleBuilder } from '@/ui/builder/builder';
import { useRuleEditor } from '@/ui/builder/editor';
import { PreviewPanel } from './preview_panel';

const refreshes: Refresh[] = ['realtime', 'hourly', 'daily', 'manual'];

type Props = {
  audience?: Audience;
  first: AudienceDraft;
  vocabulary: Vocabulary;
  after_save: (audience: Audience) => void;
};

export function AudienceEditor({ audience, first, vocabulary, after_save }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const draft_name = `audience.${audience?.id ?? 'new'}`;
  const [found] = useState(() => kept_draft<AudienceDraft>(draft_name));
  const start = found?.value ?? first;
  const [named, set_named] = useState({ name: start.name, description: start.description });
  const [refresh, set_refresh] = useState(start.refresh);
  const editor = useRuleEditor(start.rule);
  const { rule, incomplete } = editor.built;
  const draft: AudienceDraft = { ...named, rule, refresh };
  const kept = useDraft(draft_name, draft, first);
  const preview = useAudiencePreview(rule);
  const removes = useRemoves(preview.data?.parts, editor.built.nodes);
  const save = useSaveAudience();
  const blocked = !named.name.trim()
    ? t('audience.name_needed')
    : incomplete.length > 0 && t('audience.save_blocked', { count: incomplete.length });
  const on_save = () =>
    save.mutate(
      { draft, id: audience?.id, version: audience?.version },
      {
        onSuccess: (saved) => {
          drop_draft(draft_name);
          void message.success(t('audience.saved'));
          after_save(saved);
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  const discard = () => {
    drop_draft(draft_name);
    set_named({ name: first.name, description: first.description });
    set_refresh(first.refresh);
    editor.reset(first.rule);
  };
  return (
    <Page
      title={audience ? t('audience.edit_audience') : t('audience.new')}
      lead={kept ? t('audience.draft_kept') : undefined}
      actions={
        <Act
          may="edit_audiences"
          type="primary"
          blocked={blocked}
          loading={save.isPending}
          onClick={on_save}
        >
          {t('ui.save')}
        </Act>
      }
    >
      <div className="columns two">
        <div className="stack">
          {found && <DraftNotice at={found.at} discard={discard} />}
          <Panel>
            <div className="fields">
              <div className="fields two">
                <Field id="audience-name" label={t('audience.name')}>
                  <Input
                    id="audience-name"
                    value={named.name}
                    maxLength={80}
                    placeholder={t('audience.new_name')}
                    onChange={(event) => set_named({ ...named, name: event.target.value })}
                  />
                </Field>
                <Field
                  id="audience-refresh"
                  label={t('audience.refresh')}
                  hint={t(`audience.refresh_hint.${refresh}`)}
                >
                  <Select
                    id="audience-refresh"
                    value={refresh}
                    options={refreshes.map((one) => ({
                      value: one,
                      label: t(`audience.refresh.${one}`),
                    }))}
                    onChange={set_refresh}
                  />
                </Field>
              </div>
              <Field id="audience-description" label={t('ui.description')}>
                <Input
                  id="audience-description"
                  value={named.description}
                  maxLength={300}
                  onChange={(event) => set_named({ ...named, description: event.target.value })}
                />
              </Field>
            </div>
          </Panel>
          <Panel title={t('audience.rule')}>
            <RuleBuilder editor={editor} vocabulary={vocabulary} removes={removes} />
          </Panel>
        </div>
        <PreviewPanel
          rule={rule}
          preview={preview.data}
          error={preview.error}
          busy={preview.isFetching}
          retry={() => void preview.refetch()}
        />
      </div>
    </Page>
  );
}

function useRemoves(
  parts: { pointer: string; removes: number }[] | undefined,
  nodes: Map<string, string>,
): Map<string, number> {
  return useMemo(() => {
    const removes = new Map<string, number>();
    for (const part of parts ?? []) {
      const node = nodes.get(part.pointer);
      if (node && !removes.has(node)) removes.set(node, part.removes);
    }
    return removes;
  }, [parts, nodes]);
}

function DraftNotice(props: { at: string; discard: () => void }) {
  const t = useT();
  const { language } = useLanguage();
  const [shown, set_shown] = useState(true);
  if (!shown) return null;
  return (
    <div className="notice info" role="status">
      <span className="grow">{t('audience.draft_found', { when: ago(props.at, language) })}</span>
      <button
        type="button"
        className="link-button"
        onClick={() => {
          props.discard();
          set_shown(false);
        }}
      >
        {t('audience.draft_drop')}
      </button>
    </div>
  );
}
