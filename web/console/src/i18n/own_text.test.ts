import { expect, test } from 'vitest';
import { own_text } from '.';

test('each language shows its half of a text that says both', () => {
  expect(own_text('桥城银行 / Bank of Qiaocheng', 'zh')).toBe('桥城银行');
  expect(own_text('桥城银行 / Bank of Qiaocheng', 'en')).toBe('Bank of Qiaocheng');
});

test('any other text stays whole', () => {
  for (const text of ['', '基金/存款', 'income / expense', '工资 / 奖金', '元', 'a / b / c'])
    expect(own_text(text, 'zh')).toBe(text);
});
