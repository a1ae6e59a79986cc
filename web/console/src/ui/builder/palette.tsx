// The kinds of condition: click one to add it at the end, or drag it to its place.

import { PlusOutlined } from '@ant-design/icons';
import { useDraggable } from '@dnd-kit/core';
import { useT } from '@/i18n';
import { scores_of } from '@/rule/names';
import { leaf_kinds, type LeafKind } from '@/rule/types';
import { useOffered } from './context';

export function Palette(props: { add: (kind: LeafKind) => void }) {
  const t = useT();
  const vocabulary = useOffered();
  const offered = leaf_kinds.filter((kind) => kind !== 'score' || scores_of(vocabulary).length > 0);
  return (
    <div className="palette" role="toolbar" aria-label={t('builder.palette')}>
      {offered.map((kind) => (
        <PaletteItem key={kind} kind={kind} add={props.add} />
      ))}
    </div>
  );
}

function PaletteItem({ kind, add }: { kind: LeafKind; add: (kind: LeafKind) => void }) {
  const t = useT();
  const { setNodeRef, listeners } = useDraggable({ id: `new:${kind}` });
  return (
    <button
      ref={setNodeRef}
      type="button"
      className="palette-item"
      title={t(`builder.kind_hint.${kind}`)}
      onClick={() => add(kind)}
      {...listeners}
    >
      <PlusOutlined aria-hidden /> {t(`builder.kind.${kind}`)}
    </button>
  );
}
