// Where customers come from, how far they have come, and what each step cost.

import { Segmented, Select } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { AcquisitionAnswer, AcquisitionQuestion, Language, Vocabulary } from '@/api/types';
import { Chains } from '@/features/insight/acquisition/chains';
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
import { named, useLanguage, useT, type Translate } from '@/i18n';
import { useNames, useVocabulary } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { money_text } from '@/ui/money';
import { exact_number } from '@/ui/numbers';
import { Page, Panel } from '@/ui/page';
import { Empty, Loaded } from '@/ui/states';

const spans = ['30d', '90d', 'this_year'] as const;
type Span = (typeof spans)[number];
const usual = 'tag:origin';

function useChoice() {
  const [params, set_params] = useSearchParams();
  const within: Span = spans.find((one) => one === params.get('within')) ?? '30d';
  const by = params.get('by') ?? usual;
  const set = (part: Record<string, string>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part)) now.set(name, value);
      return now;
    });
  return { within, by, set };
}

export default function AcquisitionPage() {
  const t = useT();
  const { within, by, set } = useChoice();
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
        <Choices within={within} by={by} set={set} />
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

function Choices(props: {
  within: Span;
  by: string;
  set: (part: Record<string, string>) => void;
}) {
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const vocabulary = useVocabulary().data;
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <Segmented<Span>
        aria-label={t('acquisition.period')}
        value={props.within}
        options={spans.map((one) => ({ value: one, label: t(`acquisition.period.${one}`) }))}
        onChange={(within) => props.set({ within })}
      />
      <Select
        style={{ width: 220 }}
        aria-label={t('acquisition.by')}
        showSearch={{ optionFilterProp: 'label' }}
        value={props.by}
        options={splits_of(vocabulary, names.tag, language, t)}
        onChange={(by: string) => props.set({ by })}
      />
    </div>
  );
}

// Texts alone: tags of the customer, and properties of the first event.
function splits_of(
  vocabulary: Vocabulary | undefined,
  tag_name: (name: string) => string,
  language: Language,
  t: Translate,
) {
  const tags = new Map([['origin', t('acquisition.origin_tag')]]);
  for (const tag of vocabulary?.tags ?? [])
    if (tag.type === 'string') tags.set(tag.name, tag_name(tag.name));
  const properties = new Map<string, string>();
  for (const event of vocabulary?.events ?? [])
    if (!event.name.startsWith('$'))
      for (const one of event.properties ?? [])
        if (one.type === 'string') properties.set(one.name, named(language, one));
  return [
    ...[...tags].map(([name, label]) => ({ value: `tag:${name}`, label })),
    ...[...properties].map(([name, label]) => ({
      value: name,
      label: t('acquisition.first_event', { property: label }),
    })),
  ];
}
