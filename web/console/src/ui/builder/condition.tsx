// One condition as the words of its sentence; the words that can change are chips.

import { useMemo } from 'react';
import { useLanguage, useT } from '@/i18n';
import { replace_node, toggle_negated } from '@/rule/edits';
import { names_of } from '@/rule/names';
import { tokens_of } from '@/rule/sentence';
import type { Slot, Token } from '@/rule/tokens';
import { missing_in, type ConditionNode } from '@/rule/tree';
import type { Leaf } from '@/rule/types';
import { ChipEditor } from './chip_editor';
import { ChipPopover } from './chip_popover';
import { useBuilder, useOffered } from './context';
import { NodeBar } from './node_bar';

const toggles: Slot[] = ['did', 'negated'];

export function Condition({ node }: { node: ConditionNode }) {
  const { language } = useLanguage();
  const t = useT();
  const vocabulary = useOffered();
  const { editor } = useBuilder();
  const names = useMemo(() => names_of(vocabulary, language), [vocabulary, language]);
  const tokens = tokens_of(node.leaf, node.negated, names, language);
  const incomplete = missing_in(node.leaf).length > 0;
  const add_where = () => {
    if (!('event' in node.leaf)) return;
    const where = [...(node.leaf.where ?? []), { property: '', op: 'eq' as const }];
    const leaf = { ...node.leaf, where };
    editor.edit(replace_node(editor.tree, node.id, () => ({ ...node, leaf })));
  };
  return (
    <div className={`condition ${incomplete ? 'incomplete' : ''}`} data-condition={node.id}>
      <NodeBar node={node}>
        {tokens.map((token, i) => (
          <TokenView key={i} token={token} node={node} />
        ))}
        {'event' in node.leaf && node.leaf.event !== '' && (
          <button type="button" className="chip ghost" onClick={add_where}>
            + {t('builder.add_where')}
          </button>
        )}
        {'sequence' in node.leaf && <AddStep node={node} />}
      </NodeBar>
    </div>
  );
}

function AddStep({ node }: { node: ConditionNode }) {
  const t = useT();
  const { editor, set_open } = useBuilder();
  const add = () => {
    if (!('sequence' in node.leaf)) return;
    const sequence = [...node.leaf.sequence, { event: '' }];
    const leaf = { ...node.leaf, sequence, reached: sequence.length };
    editor.edit(replace_node(editor.tree, node.id, () => ({ ...node, leaf })));
    set_open({ node: node.id, slot: 'step', index: sequence.length - 1 });
  };
  return (
    <button type="button" className="chip ghost" onClick={add}>
      + {t('builder.add_step')}
    </button>
  );
}

function TokenView({ token, node }: { token: Token; node: ConditionNode }) {
  const { editor } = useBuilder();
  if (token.kind === 'text') return <span className="word">{token.text}</span>;
  if (toggles.includes(token.slot)) {
    return (
      <button
        type="button"
        className={`chip toggle ${node.negated ? 'negated' : ''}`}
        onClick={() => editor.edit(toggle_negated(editor.tree, node.id))}
      >
        {token.text}
      </button>
    );
  }
  return <EditableChip token={token} node={node} />;
}

// After one choice the next missing one opens by itself, so that a condition is built in one go.
function next_missing(leaf: Leaf): { slot: Slot; index?: number } | null {
  if ('sequence' in leaf) {
    const index = leaf.sequence.findIndex((step) => step.event === '');
    return index < 0 ? null : { slot: 'step', index };
  }
  const slot = missing_in(leaf)[0] as Slot | undefined;
  return slot ? { slot } : null;
}

function EditableChip(props: { token: Extract<Token, { kind: 'chip' }>; node: ConditionNode }) {
  const { token, node } = props;
  const { editor, open, set_open } = useBuilder();
  const is_open = open?.node === node.id && open.slot === token.slot && open.index === token.index;
  const change = (leaf: Leaf, settled: boolean, done: () => void) => {
    const mark = settled ? undefined : `${node.id}:${token.slot}:${token.index ?? ''}`;
    editor.edit(
      replace_node(editor.tree, node.id, () => ({ ...node, leaf })),
      mark,
    );
    if (!settled) return;
    const next = next_missing(leaf);
    if (next && next.slot !== 'where') set_open({ node: node.id, ...next });
    else done();
  };
  return (
    <ChipPopover
      token={token}
      open={is_open}
      set_open={(wanted) =>
        wanted ? set_open({ node: node.id, slot: token.slot, index: token.index }) : set_open(null)
      }
    >
      {(done) => (
        <ChipEditor
          slot={token.slot}
          index={token.index}
          leaf={node.leaf}
          change={(leaf, settled) => change(leaf, settled, done)}
          done={done}
        />
      )}
    </ChipPopover>
  );
}
