// A group of conditions joined by "and" or "or". The word between two lines is the switch.

import { useDroppable } from '@dnd-kit/core';
import { Fragment } from 'react';
import { useT } from '@/i18n';
import { toggle_joiner } from '@/rule/edits';
import type { GroupNode, RuleNode } from '@/rule/tree';
import { Condition } from './condition';
import { useBuilder } from './context';
import { gap_id } from './dragging';
import { NodeBar } from './node_bar';

export function Group({ node, depth }: { node: GroupNode; depth: number }) {
  const t = useT();
  const { editor } = useBuilder();
  const is_root = depth === 0;
  const label = t(node.op === 'all' ? 'builder.all_of' : 'builder.any_of');
  return (
    <div
      className={`rule-group ${is_root ? 'root' : ''} ${node.op} ${node.negated ? 'negated' : ''}`}
      role="group"
      aria-label={node.negated ? `${t('builder.not')} ${label}` : label}
    >
      {!is_root && (
        <div className="group-head">
          <NodeBar node={node}>
            <button
              type="button"
              className="chip joint"
              onClick={() => editor.edit(toggle_joiner(editor.tree, node.id))}
              title={t('builder.switch_joiner')}
            >
              {node.negated ? `${t('builder.not')} ` : ''}
              {label}
            </button>
          </NodeBar>
        </div>
      )}
      <div className="group-body">
        <Gap group={node.id} index={0} />
        {node.children.map((child, index) => (
          <Fragment key={child.id}>
            {index > 0 && <Joiner group={node} />}
            <Child node={child} depth={depth + 1} />
            <Gap group={node.id} index={index + 1} />
          </Fragment>
        ))}
        {node.children.length === 0 && (
          <p className="soft group-empty">
            {t(is_root ? 'builder.empty_root' : 'builder.empty_group')}
          </p>
        )}
      </div>
    </div>
  );
}

function Child({ node, depth }: { node: RuleNode; depth: number }) {
  return node.kind === 'group' ? <Group node={node} depth={depth} /> : <Condition node={node} />;
}

function Joiner({ group }: { group: GroupNode }) {
  const t = useT();
  const { editor } = useBuilder();
  return (
    <button
      type="button"
      className="joiner"
      onClick={() => editor.edit(toggle_joiner(editor.tree, group.id))}
      title={t('builder.switch_joiner')}
    >
      {t(group.op === 'all' ? 'builder.and' : 'builder.or')}
    </button>
  );
}

function Gap(props: { group: string; index: number }) {
  const t = useT();
  const { setNodeRef, isOver } = useDroppable({ id: gap_id(props.group, props.index) });
  return (
    <div ref={setNodeRef} className={`gap ${isOver ? 'over' : ''}`} data-gap={props.index}>
      {isOver && <span>{t('ui.drop_here')}</span>}
    </div>
  );
}
