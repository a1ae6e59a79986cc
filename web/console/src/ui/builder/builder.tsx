// The audience builder: a tree of conditions that reads as a sentence and is built by clicking chips,
// by dragging, or by the keyboard alone (Alt and arrows move, Ctrl-Z undoes).

import { RedoOutlined, UndoOutlined } from '@ant-design/icons';
import { DndContext, DragOverlay, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import type { DragEndEvent } from '@dnd-kit/core';
import { Button, Tooltip } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLanguage, useT } from '@/i18n';
import type { Vocabulary } from '@/api/types';
import { add_condition, insert_node, move_node } from '@/rule/edits';
import { names_of } from '@/rule/names';
import { sentence_of } from '@/rule/sentence';
import { blank_condition, find_node, rule_of, empty_group } from '@/rule/tree';
import type { LeafKind } from '@/rule/types';
import { Building, Offered } from './context';
import { nearest_gap, place_of_gap } from './dragging';
import type { OpenChip, RuleEditor } from './editor';
import { Group } from './group';
import { Palette } from './palette';
import './builder.css';

type Props = { editor: RuleEditor; vocabulary: Vocabulary; removes: Map<string, number> };

export function RuleBuilder({ editor, vocabulary, removes }: Props) {
  const { language } = useLanguage();
  const t = useT();
  const [open, set_open] = useState<OpenChip>(null);
  const [said, announce] = useState('');
  const [dragged, set_dragged] = useState<string | null>(null);
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const context = useMemo(
    () => ({ editor, removes, open, set_open, announce }),
    [editor, removes, open],
  );
  const names = useMemo(() => names_of(vocabulary, language), [vocabulary, language]);
  const sentence = sentence_of(editor.built.rule, names, language);

  const add = (kind: LeafKind) => {
    const [next, id] = add_condition(editor.tree, editor.tree.id, kind);
    editor.edit(next);
    open_first(id, kind, set_open);
  };
  const drop = (event: DragEndEvent) => {
    set_dragged(null);
    const place = event.over && place_of_gap(String(event.over.id));
    if (!place) return;
    const what = String(event.active.id);
    if (!what.startsWith('new:')) return editor.edit(move_node(editor.tree, what, place));
    const kind = what.slice(4) as LeafKind;
    const node = blank_condition(kind);
    editor.edit(insert_node(editor.tree, place.group, place.index, node));
    open_first(node.id, kind, set_open);
  };
  return (
    <Offered value={vocabulary}>
      <Building value={context}>
        <DndContext
          sensors={sensors}
          collisionDetection={nearest_gap}
          onDragStart={(event) => {
            set_open(null);
            set_dragged(String(event.active.id));
          }}
          onDragEnd={drop}
          onDragCancel={() => set_dragged(null)}
          autoScroll
        >
          <div className={`builder ${dragged ? 'dragging' : ''}`} onKeyDown={undo_keys(editor)}>
            <div className="builder-bar">
              <Palette add={add} />
              <span className="row">
                <UndoButtons editor={editor} />
              </span>
            </div>
            <Group node={editor.tree} depth={0} />
            <p className="sentence" aria-live="polite">
              <b>{t('builder.reads')}</b> {sentence}
            </p>
            <Announcer text={said} />
          </div>
          <DragOverlay dropAnimation={null}>
            {dragged && <Dragged id={dragged} editor={editor} vocabulary={vocabulary} />}
          </DragOverlay>
        </DndContext>
      </Building>
    </Offered>
  );
}

function open_first(node: string, kind: LeafKind, set_open: (open: OpenChip) => void): void {
  const slot = kind === 'sequence' ? 'step' : kind;
  set_open({ node, slot, ...(kind === 'sequence' ? { index: 0 } : {}) });
}

function undo_keys(editor: RuleEditor) {
  return (event: React.KeyboardEvent) => {
    const in_field = event.target instanceof HTMLInputElement;
    if (in_field || !(event.ctrlKey || event.metaKey)) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) editor.undo();
    else if (key === 'y' || (key === 'z' && event.shiftKey)) editor.redo();
    else return;
    event.preventDefault();
  };
}

function UndoButtons({ editor }: { editor: RuleEditor }) {
  const t = useT();
  return (
    <>
      <Tooltip title={`${t('builder.undo')} Ctrl Z`}>
        <Button
          type="text"
          icon={<UndoOutlined />}
          aria-label={t('builder.undo')}
          disabled={!editor.can_undo}
          onClick={editor.undo}
        />
      </Tooltip>
      <Tooltip title={`${t('builder.redo')} Ctrl Shift Z`}>
        <Button
          type="text"
          icon={<RedoOutlined />}
          aria-label={t('builder.redo')}
          disabled={!editor.can_redo}
          onClick={editor.redo}
        />
      </Tooltip>
    </>
  );
}

function Dragged(props: { id: string; editor: RuleEditor; vocabulary: Vocabulary }) {
  const { language } = useLanguage();
  const t = useT();
  const names = names_of(props.vocabulary, language);
  if (props.id.startsWith('new:')) {
    return <div className="dragged">{t(`builder.kind.${props.id.slice(4) as LeafKind}`)}</div>;
  }
  const node = find_node(props.editor.tree, props.id);
  if (!node) return null;
  const { rule, incomplete } = rule_of({ ...empty_group(), children: [node] });
  const text = incomplete.includes(node.id)
    ? t('builder.incomplete')
    : sentence_of(rule, names, language);
  return <div className="dragged">{text}</div>;
}

// Tells screen readers where a moved condition went; cleared so that the same sentence is said again.
function Announcer({ text }: { text: string }) {
  const [shown, set_shown] = useState('');
  const turn = useRef(0);
  useEffect(() => {
    turn.current += 1;
    set_shown(text + '\u00a0'.repeat(turn.current % 2));
  }, [text]);
  return (
    <span className="visually-hidden" role="status">
      {shown}
    </span>
  );
}
