// A stage model is built: its stages in order, each with its rule. The draft keeps itself on this
// device, and every step can be undone.

import { RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { App, Button, Tooltip } from 'antd';
import { useState } from 'react';
import type { NewStageModel, StageModel, StageModelKind, Vocabulary } from '@/api/types';
import { useT } from '@/i18n';
import { change, redo, start_history, undo } from '@/rule/undo';
import { Act } from '@/ui/act';
import { drop_draft, kept_draft, useDraft } from '@/ui/draft';
import { ChoiceField, TextField } from '@/ui/fields';
import { Page, Panel } from '@/ui/page';
import { Empty, useProblemText } from '@/ui/states';
import { useSaveStageModel } from '../api/stage_models';
import { changed_stage, most_stages, moved_stage, with_stage, without_stage } from './draft';
import { StageEditor } from './stage_editor';

const kinds: StageModelKind[] = ['lifecycle', 'tier', 'star'];

type Props = {
  model?: StageModel;
  first: NewStageModel;
  vocabulary: Vocabulary;
  after_save: (model: StageModel) => void;
};

// A jump by undo and redo gives every builder a fresh start.
function useModelHistory(first: NewStageModel) {
  const [history, set_history] = useState(() => start_history(first));
  const [jumps, set_jumps] = useState(0);
  const jump = (by: typeof undo) => {
    set_history((now) => by(now));
    set_jumps((now) => now + 1);
  };
  return {
    draft: history.present,
    jumps,
    edit: (make: (now: NewStageModel) => NewStageModel, mark: string | null = null) =>
      set_history((now) => change(now, make(now.present), mark)),
    undo: history.past.length > 0 ? () => jump(undo) : null,
    redo: history.future.length > 0 ? () => jump(redo) : null,
  };
}

export function StageModelEditor({ model, first, vocabulary, after_save }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const draft_name = `stage_model.${model?.id ?? 'new'}`;
  const [found] = useState(() => kept_draft<NewStageModel>(draft_name));
  const history = useModelHistory(found?.value ?? first);
  const { draft, edit } = history;
  const kept = useDraft(draft_name, draft, first);
  const [opened, set_opened] = useState<string | null>(null);
  const [incomplete, set_incomplete] = useState(0);
  const save = useSaveStageModel();
  const add = () => {
    edit((now) => {
      const next = with_stage(now);
      set_opened(next.stages.at(-1)!.key);
      return next;
    });
  };
  const keep = () =>
    save.mutate(
      { draft, id: model?.id, version: model?.version },
      {
        onSuccess: (saved) => {
          drop_draft(draft_name);
          void message.success(t('stage.saved'));
          after_save(saved);
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Page
      title={t(model ? 'stage.edit' : 'stage.new')}
      lead={kept ? t('audience.draft_kept') : t('stage.order_text')}
      actions={
        <>
          <UndoButtons history={history} />
          <Act
            may="edit_audiences"
            type="primary"
            blocked={blocked_by(draft, incomplete, t)}
            loading={save.isPending}
            onClick={keep}
          >
            {t('ui.save')}
          </Act>
        </>
      }
    >
      <div className="stack">
        <Panel>
          <div className="fields two">
            <TextField
              id="stage-model-name"
              label={t('ui.name')}
              value={draft.name}
              change={(name) => edit((now) => ({ ...now, name }), 'name')}
            />
            <ChoiceField<StageModelKind>
              id="stage-model-kind"
              label={t('stage.kind')}
              value={draft.kind}
              options={kinds.map((one) => ({ value: one, label: t(`stage.kind.${one}`) }))}
              change={(kind) => edit((now) => ({ ...now, kind }))}
            />
          </div>
        </Panel>
        <Panel
          title={t('stage.stages')}
          extra={
            <Act size="small" blocked={draft.stages.length >= most_stages && t('stage.full')} onClick={add}>
              {t('stage.add')}
            </Act>
          }
        >
          {draft.stages.length === 0 && <Empty title={t('stage.no_stages')} text={t('stage.order_text')} />}
          <ol className="stages">
            {draft.stages.map((stage, at) => (
              <StageEditor
                key={`${stage.key} ${history.jumps}`}
                stage={stage}
                place={at + 1}
                is_open={opened === stage.key}
                is_lowest={at === 0}
                is_highest={at === draft.stages.length - 1}
                vocabulary={vocabulary}
                open={() => set_opened(stage.key)}
                change={(part, mark) => edit((now) => changed_stage(now, at, part), mark)}
                move={(by) => edit((now) => moved_stage(now, at, by))}
                remove={() => edit((now) => without_stage(now, at))}
                report={set_incomplete}
              />
            ))}
          </ol>
        </Panel>
      </div>
    </Page>
  );
}

function blocked_by(draft: NewStageModel, incomplete: number, t: ReturnType<typeof useT>) {
  if (!draft.name.trim() || draft.stages.length === 0) return t('ui.required');
  if (draft.stages.some((one) => !one.name.trim())) return t('stage.name_needed');
  return incomplete > 0 && t('audience.save_blocked', { count: incomplete });
}

function UndoButtons({ history }: { history: ReturnType<typeof useModelHistory> }) {
  const t = useT();
  return (
    <>
      <Tooltip title={t('builder.undo')}>
        <Button
          icon={<UndoOutlined />}
          aria-label={t('stage.undo')}
          disabled={!history.undo}
          onClick={() => history.undo?.()}
        />
      </Tooltip>
      <Tooltip title={t('builder.redo')}>
        <Button
          icon={<RedoOutlined />}
          aria-label={t('stage.redo')}
          disabled={!history.redo}
          onClick={() => history.redo?.()}
        />
      </Tooltip>
    </>
  );
}
