import { expect, test } from 'vitest';
import { fitted, legend_lines, text_px, with_room } from './labels';

test('a text that is too long keeps its beginning', () => {
  expect(fitted('转账成功', 48)).toBe('转账成功');
  expect(fitted('浏览基金列表', 48)).toBe('浏览基…');
  expect(fitted('Fund list viewed', 60)).toBe('Fund li…');
  for (const room of [20, 40, 60, 80])
    expect(text_px(fitted('Left the app', room))).toBeLessThanOrEqual(room);
});

test('a legend takes more lines where its names do not stand beside each other', () => {
  const names = ['获客', '激活', '留存', '变现', '推荐'];
  expect([300, 200, 40].map((width) => legend_lines(names, width))).toEqual([1, 2, 5]);
  expect(legend_lines([], 300)).toBe(1);
});

test('notes that would run into each other or over the edge are not written', () => {
  const note = (middle_px: number, text: string) => ({ middle_px, text });
  expect(with_room([note(100, '国庆节'), note(300, '改版上线')], 400)).toEqual([true, true]);
  expect(with_room([note(100, '国庆节'), note(120, '改版上线')], 400)).toEqual([true, false]);
  expect(with_room([note(395, '国庆节'), note(200, '改版上线')], 400)).toEqual([false, true]);
  expect(with_room([note(4, '国庆节')], 400)).toEqual([false]);
});
