// The making of a computed tag: the drawer of the dictionary with the builders of the audiences.

import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { AudiencePreview, Vocabulary } from '@/api/types';
import { useAudiencePreview } from '@/features/audience/api/preview';
import { RuleBuilder } from '@/ui/builder/builder';
import { useRuleEditor } from '@/ui/builder/editor';
import { FormulaBuilder } from '@/ui/builder/formula_builder';
import type { Entry } from '@/features/dictionary/api/dictionary';
import { TagDrawer, type MadeBy } from '@/features/dictionary/components/tag_drawer';
import { useLanguage, useT } from '@/i18n';
import { blank_formula, formula_of, is_complete, people_of } from '@/rule/formula';
import type { Rule } from '@/rule/types';
import { Num, Share } from '@/ui/show';

type Props = { tag?: Entry; vocabulary: Vocabulary; close: () => void };

function rule_in(definition: unknown): Rule {
  if (typeof definition !== 'object' || definition === null || formula_of(definition))
    return { all: [] };
  return 'rule' in definition ? (definition.rule as Rule) : (definition as Rule);
}

export function TagMaker({ tag, vocabulary, close }: Props) {
  const t = useT();
  const [made_by, set_made_by] = useState<MadeBy>(tag?.kind === 'formula' ? 'formula' : 'rule');
  const [formula, set_formula] = useState(formula_of(tag?.definition) ?? blank_formula);
  const editor = useRuleEditor(rule_in(tag?.definition));
  const nothing = useMemo(() => new Map<string, number>(), []);
  const is_rule = made_by === 'rule';
  const whole = is_rule || is_complete(formula);
  const asked = is_rule ? editor.built.rule : whole ? people_of(formula) : null;
  const preview = useAudiencePreview(asked ?? { any: [] });
  const count = editor.built.incomplete.length;
  const missing = is_rule
    ? count > 0 && t('audience.save_blocked', { count })
    : !whole && t('dictionary.formula_incomplete');
  return (
    <TagDrawer
      tag={tag}
      made_by={made_by}
      set_made_by={set_made_by}
      definition={is_rule ? editor.built.rule : formula}
      incomplete={missing}
      close={close}
      builder={
        <div className="stack tight">
          {is_rule ? (
            <RuleBuilder editor={editor} vocabulary={vocabulary} removes={nothing} />
          ) : (
            <FormulaBuilder formula={formula} change={set_formula} vocabulary={vocabulary} />
          )}
          {whole && preview.data && (
            <People
              label={t(is_rule ? 'audience.live' : 'dictionary.formula_people')}
              preview={preview.data}
            />
          )}
        </div>
      }
    />
  );
}

function People({ label, preview }: { label: string; preview: AudiencePreview }) {
  const t = useT();
  const { language } = useLanguage();
  return (
    <p className="soft" data-testid="tag-people">
      {label} <Num value={preview.count} /> {t('audience.unit')} ·{' '}
      <Share part={preview.count} of={preview.total} />
      {preview.sample.length > 0 && ` · ${t('dictionary.for_example')} `}
      {preview.sample.map((person, i) => (
        <span key={person.customer}>
          {i > 0 && (language === 'zh' ? '、' : ', ')}
          <Link to={`/customers/${person.customer}`} target="_blank">
            {person.name ?? t('audience.visitor')}
          </Link>
        </span>
      ))}
    </p>
  );
}
