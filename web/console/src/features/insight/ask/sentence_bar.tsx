// The question as a sentence whose chips open what can be changed.

import { useState } from 'react';
import type { Vocabulary } from '@/api/types';
import { useT } from '@/i18n';
import { ChipPopover } from '@/ui/builder/chip_popover';
import { with_ask, turned, type Draft } from '../question/draft';
import { offers_of } from '../question/offered';
import { parts_of, type Part, type Words } from '../question/sentence';
import { glued } from '../question/sentence_parts';
import { AudienceDrawer } from './audience_picker';
import { accept_offer } from './offers';
import { SlotEditor } from './slot_editor';
import type { EditQuestion } from './editor';
import '@/ui/builder/builder.css';

type Props = { draft: Draft; edit: EditQuestion; vocabulary: Vocabulary; words: Words };

export function SentenceBar(props: Props) {
  const t = useT();
  const { draft, edit, words, vocabulary } = props;
  const [open, set_open] = useState<string | null>(null);
  const add = (slot: string) => {
    const { next, opens } = accept_offer(draft, slot, vocabulary);
    edit(next);
    if (opens) set_open(opens);
  };
  return (
    <div className="question-sentence" role="group" aria-label={t('question.ask')}>
      {glued(parts_of(draft, words)).map(({ part, tail }, i) => (
        <span key={i} className="glued">
          <PartView part={part} open={open} set_open={set_open} {...props} />
          {tail && <span className="word">{tail}</span>}
        </span>
      ))}
      <span className="offers">
        {offers_of(draft, words).map((offer) => (
          <button
            key={offer.slot}
            type="button"
            className="chip ghost"
            onClick={() => add(offer.slot)}
            data-offer={offer.slot}
          >
            + {offer.text}
          </button>
        ))}
      </span>
      {open === 'audience.own' && (
        <AudienceDrawer
          audience={draft.ask.audience}
          vocabulary={vocabulary}
          keep={(audience) => edit(with_ask(draft, { audience }))}
          close={() => set_open(null)}
        />
      )}
    </div>
  );
}

// Chips with two states change with a click.
function toggled(draft: Draft, slot: string): Draft | null {
  if (slot === 'direction' && draft.kind === 'paths') return turned(draft);
  if (slot === 'mode' && draft.kind === 'retention')
    return with_ask(draft, { mode: draft.ask.mode === 'unbounded' ? undefined : 'unbounded' });
  if (slot === 'first_ever' && draft.kind === 'retention')
    return with_ask(draft, { first_ever: draft.ask.first_ever ? undefined : true });
  return null;
}

type PartProps = Props & {
  part: Part;
  open: string | null;
  set_open: (slot: string | null) => void;
};

function PartView(props: PartProps) {
  const { part, open, set_open, draft, edit } = props;
  if (part.kind === 'text') return <span className="word">{part.text}</span>;
  const { slot } = part;
  if (part.toggle) {
    const next = toggled(draft, slot);
    return (
      <button
        type="button"
        className="chip toggle"
        data-slot={slot}
        onClick={() => next && edit(next)}
      >
        {part.text}
      </button>
    );
  }
  return (
    <ChipPopover
      token={part}
      open={open === slot}
      set_open={(wanted) => set_open(wanted ? slot : null)}
    >
      {(done) => <SlotEditor {...props} slot={slot} done={done} open_slot={set_open} />}
    </ChipPopover>
  );
}
