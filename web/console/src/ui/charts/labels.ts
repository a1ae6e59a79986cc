// Which words fit into a drawing, reckoned before it is drawn: a Chinese letter is as wide as it is
// high, others are a little more than half of that.

const wide = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]/u;

export const text_px = (text: string, font_px = 12): number =>
  [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 1 : 0.58) * font_px, 0);

// The beginning of a text that is too long.
export function fitted(text: string, room_px: number, font_px = 12): string {
  if (text_px(text, font_px) <= room_px) return text;
  let [shown, used] = ['', text_px('…', font_px)];
  for (const letter of text) {
    used += text_px(letter, font_px);
    if (used > room_px) break;
    shown += letter;
  }
  return `${shown.trimEnd()}…`;
}

// How many lines a legend takes of which each entry has a sign before its name.
export function legend_lines(names: string[], width_px: number): number {
  const [sign_px, gap_px] = [17, 10];
  let [lines, used_px] = [1, 0];
  for (const name of names) {
    const entry_px = sign_px + text_px(name) + gap_px;
    if (used_px > 0 && used_px + entry_px > width_px) [lines, used_px] = [lines + 1, 0];
    used_px += entry_px;
  }
  return lines;
}

// Of notes above a chart those that have room beside each other, by the middle of each.
export function with_room(notes: { middle_px: number; text: string }[], width_px: number): boolean[] {
  const gap_px = 10;
  const shown = notes.map(() => false);
  const order = notes.map((_, i) => i).sort((a, b) => notes[a]!.middle_px - notes[b]!.middle_px);
  let taken_px = 0;
  for (const i of order) {
    const { middle_px, text } = notes[i]!;
    const half_px = text_px(text, 11) / 2;
    if (middle_px - half_px < taken_px || middle_px + half_px > width_px) continue;
    shown[i] = true;
    taken_px = middle_px + half_px + gap_px;
  }
  return shown;
}
