// The formula of a tag as a sentence whose words are chips, like a rule's.

import { useMemo, useState } from 'react';
import type { Vocabulary } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import {
  formula_sentence,
  formula_tokens,
  join_measure,
  people_of,
  reads_property,
  split_measure,
  type Formula,
} from '@/rule/formula';
import { names_of } from '@/rule/names';
import type { Slot, Token } from '@/rule/tokens';
import type { Leaf } from '@/rule/types';
import { ChipEditor } from './chip_editor';
import { ChipPopover } from './chip_popover';
import { Offered } from './context';
import { FormulaMeasure } from './formula_measure';
import './builder.css';

type Props = {
  formula: Formula;
  change: (formula: Formula) => void;
  vocabulary: Vocabulary;
};
type Open = { slot: Slot; index?: number } | null;

export function FormulaBuilder({ formula, change, vocabulary }: Props) {
  const { language } = useLanguage();
  const t = useT();
  const [open, set_open] = useState<Open>(formula.event ? null : { slot: 'event' });
  const names = useMemo(() => names_of(vocabulary, language), [vocabulary, language]);
  const add_where = () => {
    const where = [...(formula.where ?? []), { property: '', op: 'eq' as const }];
    change({ ...formula, where });
    set_open({ slot: 'where', index: where.length - 1 });
  };
  const take = (leaf: Leaf) => {
    if ('event' in leaf) change(with_event(formula, leaf));
  };
  const editor = (token: Extract<Token, { kind: 'chip' }>, done: () => void) =>
    token.slot === 'measure' ? (
      <FormulaMeasure
        measure={formula.measure}
        properties={vocabulary.events.find((one) => one.name === formula.event)?.properties ?? []}
        change={(measure) => change({ ...formula, measure })}
        done={done}
      />
    ) : (
      <ChipEditor
        slot={token.slot}
        index={token.index}
        leaf={people_of(formula)}
        change={(leaf, settled) => {
          take(leaf);
          if (settled) done();
          if (settled && token.slot === 'event') set_open({ slot: 'measure' });
        }}
        done={done}
      />
    );
  return (
    <Offered value={vocabulary}>
      <div className="builder">
        <div className="node-content">
          {formula_tokens(formula, names, language).map((token, i) =>
            token.kind === 'text' ? (
              <span key={i} className="word">
                {token.text}
              </span>
            ) : (
              <ChipPopover
                key={i}
                token={token}
                open={open?.slot === token.slot && open.index === token.index}
                set_open={(wanted) =>
                  set_open(wanted ? { slot: token.slot, index: token.index } : null)
                }
              >
                {(done) => editor(token, done)}
              </ChipPopover>
            ),
          )}
          {formula.event !== '' && (
            <button type="button" className="chip ghost" onClick={add_where}>
              + {t('builder.add_where')}
            </button>
          )}
        </div>
        <p className="sentence" aria-live="polite">
          <b>{t('builder.reads')}</b> {formula_sentence(formula, names, language)}
        </p>
      </div>
    </Offered>
  );
}

// Another event has other properties, so a measure that reads one goes with the old event.
function with_event(formula: Formula, leaf: Extract<Leaf, { event: string }>): Formula {
  const { event, where, within, from, to } = leaf;
  const { kind } = split_measure(formula.measure);
  const is_kept = event === formula.event || !reads_property(kind);
  const measure = is_kept ? formula.measure : join_measure('count', '');
  return { event, where, within, from, to, measure };
}
