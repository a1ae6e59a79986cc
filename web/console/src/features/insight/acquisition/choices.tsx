// What acquisition asks, as fields: on its page, and where its tile is changed.

import { Select } from 'antd';
import type { AcquisitionQuestion, Language, Vocabulary } from '@/api/types';
import { named, useLanguage, useT, type Translate } from '@/i18n';
import { useNames, useVocabulary } from '@/rule/vocabulary';
import { SpanChoice, span_of, type Span } from './span';

const usual = 'tag:origin';

export type AcquisitionChoice = { within: Span; by: string };
type Asked = { within?: string | null; by?: string[] | null };

export const acquisition_choice = (asked: Asked): AcquisitionChoice => ({
  within: span_of(asked.within, '30d'),
  by: asked.by?.[0] ?? usual,
});

export function AcquisitionChoices(props: {
  choice: AcquisitionChoice;
  change: (part: Partial<AcquisitionQuestion>) => void;
}) {
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const vocabulary = useVocabulary().data;
  const { choice, change } = props;
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <SpanChoice
        label={t('acquisition.period')}
        value={choice.within}
        change={(within) => change({ within })}
      />
      <Select
        style={{ width: 220 }}
        aria-label={t('acquisition.by')}
        showSearch={{ optionFilterProp: 'label' }}
        value={choice.by}
        options={splits_of(vocabulary, names.tag, language, t)}
        onChange={(by: string) => change({ by: [by] })}
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
