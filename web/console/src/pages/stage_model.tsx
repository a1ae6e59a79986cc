// One stage model: who stands where now, how they moved, and what each stage means.

import { App } from 'antd';
import { Link, useNavigate, useParams } from 'react-router';
import type { StageModel } from '@/api/types';
import { useRemoveStageModel, useStageModel } from '@/features/audience/api/stage_models';
import { StageFlowPanel } from '@/features/insight/stages/flow_panel';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { sentence_of } from '@/rule/sentence';
import { useNames } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { MoreMenu } from '@/ui/more_menu';
import { Page, Panel } from '@/ui/page';
import { Bars, Num, Pill } from '@/ui/show';
import { Loaded, useProblemText } from '@/ui/states';

export default function StageModelPage() {
  const { id } = useParams();
  const model = useStageModel(id);
  return <Loaded of={model}>{(one) => <ShownModel model={one} />}</Loaded>;
}

function ShownModel({ model }: { model: StageModel }) {
  const t = useT();
  const own = useOwnText();
  const navigate = useNavigate();
  const name = own(model.name);
  return (
    <Page
      title={name}
      crumb={<Link to="/stages">{t('stage.title')}</Link>}
      state={<Pill>{t(`stage.kind.${model.kind}`)}</Pill>}
      actions={
        <>
          <More model={model} name={name} />
          <Act may="edit_audiences" onClick={() => void navigate(`/stages/${model.id}/edit`)}>
            {t('ui.edit')}
          </Act>
        </>
      }
    >
      <div className="columns two">
        <div className="stack">
          <StageFlowPanel model={model} />
        </div>
        <Stages model={model} />
      </div>
    </Page>
  );
}

// The highest first, as people read a ladder.
function Stages({ model }: { model: StageModel }) {
  const t = useT();
  const own = useOwnText();
  const { language } = useLanguage();
  const names = useNames();
  const stages = model.stages.map((stage, place) => ({ stage, place })).reverse();
  const is_counted = model.stages.every((one) => one.count !== null);
  return (
    <Panel title={t('stage.now')}>
      <div className="stack">
        {is_counted && (
          <Bars
            rows={stages.map(({ stage, place }) => ({
              key: stage.key,
              label: own(stage.name),
              value: stage.count ?? 0,
              tail: <Num value={stage.count} />,
              color: `var(--c${(place % 8) + 1})`,
            }))}
          />
        )}
        <dl className="stack tight">
          {stages.map(({ stage }) => (
            <div key={stage.key}>
              <dt>
                <b>{own(stage.name)}</b>
              </dt>
              <dd className="soft small">{sentence_of(stage.rule, names, language)}</dd>
            </div>
          ))}
        </dl>
        <p className="soft small">{t('stage.order_text')}</p>
      </div>
    </Panel>
  );
}

function More({ model, name }: { model: StageModel; name: string }) {
  const t = useT();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemoveStageModel();
  const ask = () =>
    modal.confirm({
      title: t('stage.remove', { name }),
      content: t('stage.remove_text'),
      okText: t('ui.remove'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync(model.id)
          .then(() => void navigate('/stages'))
          .catch((error) => void message.error(problem_text(error))),
    });
  return (
    <MoreMenu
      items={[{ label: t('ui.remove'), may: 'edit_audiences', danger: true, act: () => void ask() }]}
    />
  );
}
