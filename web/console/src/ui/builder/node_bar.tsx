// The line of a condition or group: handle, content, how many it removes, and its menu.

import { CloseOutlined, HolderOutlined, MoreOutlined } from '@ant-design/icons';
import { useDraggable } from '@dnd-kit/core';
import { Button, Dropdown, Tooltip, type MenuProps } from 'antd';
import type { KeyboardEvent, ReactNode } from 'react';
import { useLanguage, useT } from '@/i18n';
import * as edits from '@/rule/edits';
import type { GroupNode, RuleNode } from '@/rule/tree';
import { exact_number, short_number } from '@/ui/numbers';
import { useBuilder } from './context';

export function NodeBar({ node, children }: { node: RuleNode; children: ReactNode }) {
  const { attributes, listeners, setNodeRef, isDragging } = useDraggable({ id: node.id });
  const t = useT();
  const { editor } = useBuilder();
  const move = useMoveByKey(node);
  return (
    <div ref={setNodeRef} className={`node-bar ${isDragging ? 'moving' : ''}`}>
      <button
        type="button"
        className="handle"
        {...attributes}
        {...listeners}
        role="button"
        aria-roledescription={undefined}
        aria-label={t('builder.handle')}
        title={t('builder.handle_hint')}
        onKeyDown={move}
        data-handle={node.id}
      >
        <HolderOutlined aria-hidden />
      </button>
      <div className="node-content">{children}</div>
      <Removes node={node} />
      <NodeMenu node={node} />
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={t('ui.remove')}
        onClick={() => editor.edit(edits.remove_node(editor.tree, node.id))}
      />
    </div>
  );
}

// Alt and an arrow moves the condition whose handle has the focus, and keeps the focus on it.
function useMoveByKey(node: RuleNode) {
  const t = useT();
  const { editor, announce } = useBuilder();
  return (event: KeyboardEvent) => {
    const direction = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!direction || !event.altKey) return;
    event.preventDefault();
    const next = edits.step_node(editor.tree, node.id, direction);
    if (next === editor.tree) return announce(t('builder.cannot_move'));
    editor.edit(next);
    const place = edits.place_of(next, node.id);
    announce(t('builder.moved', { position: (place?.index ?? 0) + 1 }));
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-handle="${node.id}"]`)?.focus(),
    );
  };
}

function Removes({ node }: { node: RuleNode }) {
  const t = useT();
  const { language } = useLanguage();
  const { removes } = useBuilder();
  const count = removes.get(node.id);
  if (count === undefined || count === 0) return null;
  const exact = exact_number(count, language);
  return (
    <Tooltip title={t('builder.removes', { count: exact })}>
      <span className="removes num" tabIndex={0}>
        −{short_number(count, language)}
      </span>
    </Tooltip>
  );
}

function NodeMenu({ node }: { node: RuleNode }) {
  const t = useT();
  const { editor } = useBuilder();
  const { tree, edit } = editor;
  const actions: Record<string, () => GroupNode> = {
    negate: () => edits.toggle_negated(tree, node.id),
    duplicate: () => edits.duplicate_node(tree, node.id),
    up: () => edits.step_node(tree, node.id, -1),
    down: () => edits.step_node(tree, node.id, 1),
    wrap: () => edits.wrap_node(tree, node.id),
    unwrap: () => edits.unwrap_group(tree, node.id),
  };
  const keys = ['negate', 'duplicate', 'up', 'down', node.kind === 'group' ? 'unwrap' : 'wrap'];
  const items: MenuProps['items'] = keys.map((key) => ({
    key,
    label: t(`builder.menu.${key as 'negate' | 'duplicate' | 'up' | 'down' | 'wrap' | 'unwrap'}`),
  }));
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items, onClick: ({ key }) => edit(actions[key]!()) }}
      placement="bottomRight"
    >
      <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('builder.menu')} />
    </Dropdown>
  );
}
