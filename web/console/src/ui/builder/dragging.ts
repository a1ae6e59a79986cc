// Where a dragged condition would go: the gap nearest to the pointer.

import type { CollisionDetection } from '@dnd-kit/core';
import type { Place } from '@/rule/edits';

export const gap_id = (group: string, index: number) => `gap:${group}:${index}`;

export function place_of_gap(id: string): Place | null {
  const [kind, group, index] = id.split(':');
  return kind === 'gap' && group ? { group, index: Number(index) } : null;
}

// Distance to the gap's line; of equally near ones the narrower wins, which is the deeper group.
export const nearest_gap: CollisionDetection = ({
  pointerCoordinates,
  droppableRects,
  droppableContainers,
}) => {
  if (!pointerCoordinates) return [];
  const { x, y } = pointerCoordinates;
  const found = droppableContainers.flatMap((container) => {
    const rect = droppableRects.get(container.id);
    if (!rect) return [];
    const dx = Math.max(rect.left - x, 0, x - rect.right);
    const dy = Math.abs(y - (rect.top + rect.height / 2));
    return [
      {
        id: container.id,
        data: { droppableContainer: container, value: Math.hypot(dx, dy) + rect.width / 1e4 },
      },
    ];
  });
  return found.sort((a, b) => a.data.value - b.data.value).slice(0, 1);
};
