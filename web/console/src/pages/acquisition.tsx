// Where customers come from, how far they have come, and what each step cost.

import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { AcquisitionAnswer, AcquisitionQuestion } from '@/api/types';
import { Chains } from '@/features/insight/acquisition/chains';
import { acquisition_choice, AcquisitionChoices } from '@/features/insight/acquisition/choices';
import { cheapest } from '@/features/insight/acquisition/figures';
import { useOriginName } from '@/features/insight/acquisition/origin_name';
import { OriginTable } from '@/features/insight/acquisition/origin_table';
import { SpendingPanel } from '@/features/insight/acquisition/spending_panel';
import { StepsDrawer } from '@/features/insight/acquisition/steps_drawer';
import {
  useAcquisition,
  useAcquisitionSteps,
  type AcquisitionPeople,
} from '@/features/insight/api/acquisition';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { PeopleDrawer } from '@/features/insight/people/people_drawer';
import { useLanguage, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { money_text } from '@/ui/money';
import { exact_number } from '@/ui/numbers';
import { KeptFrom } from '@/ui/kept_from';
import { Page, Panel } from '@/ui/page';
import { Empty, Loaded } from '@/ui/states';

function useChoice() {
  const [params, set_params] = useSearchParams();
  const set = (part: Partial<AcquisitionQuestion>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part)) now.set(name, String(value));
      return now;
    });
  const by = params.get('by');
  return {
    choice: acquisition_choice({ within: params.get('within'), by: by ? [by] : null }),
    set,
  };
}

export default function AcquisitionPage() {
  const t = useT();
  const { choice, set } = useChoice();
  const { within, by } = choice;
  const question: AcquisitionQuestion = { within, by: [by] };
  const answer = useAcquisition(question);
  const steps = useAcquisitionSteps();
  const [opened, set_opened] = useState<{ which: AcquisitionPeople; title: string } | null>(null);
  const [is_editing, set_editing] = useState(false);
  const origin_name = useOriginName();
  return (
    <Page
      title={t('acquisition.title')}
      lead={t('acquisition.lead')}
      actions={
        <Act may="edit_dictionary" onClick={() => set_editing(true)}>
          {t('acquisition.steps')}
        </Act>
      }
    >
      <div className="stack">
        <AcquisitionChoices choice={choice} change={set} />
        <Panel
          title={t('acquisition.chain')}
          extra={
            <PutOnBoard
              page={{ kind: 'acquisition', ask: question }}
              title={t('acquisition.chain')}
            />
          }
        >
          <Loaded of={answer} height={320}>
            {(data) =>
              (data.total.people[0] ?? 0) === 0 ? (
                <Empty title={t('acquisition.empty')} text={t('acquisition.empty_text')} />
              ) : (
                <>
                  <Headline answer={data} origin_name={origin_name} />
                  <Chains
                    answer={data}
                    origin_name={origin_name}
                    open={(which, title) => set_opened({ which, title })}
                  />
                </>
              )
            }
          </Loaded>
        </Panel>
        <Panel flush title={t('acquisition.table')}>
          <Loaded of={answer} height={200}>
            {(data) => (
              <>
                <OriginTable answer={data} origin_name={origin_name} />
                <p className="soft small" style={{ padding: '8px 16px 12px' }}>
                  {t(data.has_spending ? 'acquisition.cost_text' : 'acquisition.cost_part_text')}
                </p>
                <div style={{ padding: '0 16px 12px' }}>
                  <KeptFrom from={data.kept_from} changes="firsts" />
                </div>
              </>
            )}
          </Loaded>
        </Panel>
        <SpendingPanel by={by} origin_name={origin_name} />
      </div>
      {opened && (
        <PeopleDrawer
          opened={{ of: { acquisition: question, ...opened.which }, title: opened.title }}
          about={t('acquisition.title')}
          close={() => set_opened(null)}
        />
      )}
      {is_editing && steps.data && (
        <StepsDrawer known={steps.data} close={() => set_editing(false)} />
      )}
    </Page>
  );
}

// What the picture says: how many became customers at what price, and where it was cheapest.
function Headline(props: {
  answer: AcquisitionAnswer;
  origin_name: (value: string | number | boolean | null) => string;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { total } = props.answer;
  const best = cheapest(props.answer, 'customer');
  const money = (value: number | null | undefined) => money_text(value ?? 0, language);
  return (
    <>
      <p style={{ fontSize: 16, lineHeight: '26px' }}>
        {t((total.people[2] ?? 0) > 0 ? 'acquisition.headline' : 'acquisition.headline_none', {
          visitors: exact_number(total.people[0] ?? 0, language),
          customers: exact_number(total.people[2] ?? 0, language),
          cost: money(total.cost_per[2]),
        })}
        {best && language === 'en' && ' '}
        {best &&
          t('acquisition.headline_best', {
            origin: props.origin_name(best.group[0] ?? null),
            cost: money(best.cost_per[2]),
          })}
      </p>
      <p className="soft small" style={{ marginBottom: 16 }}>
        {t('acquisition.legend')}
      </p>
    </>
  );
}
