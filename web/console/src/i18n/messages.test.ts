import { parse, type MessageFormatElement } from '@formatjs/icu-messageformat-parser';
import { expect, test } from 'vitest';
import { en } from './en';
import { zh } from './zh';

const messages: [string, Record<string, string>][] = [
  ['zh', zh],
  ['en', en],
];

function names_in(parts: MessageFormatElement[]): string[] {
  return parts.flatMap((part) => {
    const own =
      'value' in part && part.type !== 0 && typeof part.value === 'string' ? [part.value] : [];
    const inner =
      'options' in part ? Object.values(part.options).flatMap((one) => names_in(one.value)) : [];
    return [...own, ...inner];
  });
}

test('both languages have the same keys', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
});

test.each(messages)('every message in %s can be read and is not empty', (_, language) => {
  for (const [key, text] of Object.entries(language)) {
    expect(text.trim(), key).not.toBe('');
    expect(() => parse(text), key).not.toThrow();
  }
});

test('no English message holds Chinese', () => {
  const chinese = Object.entries(en).filter(([, text]) => /[\u4e00-\u9fff]/.test(text));
  expect(chinese).toEqual([]);
});

test('Chinese uses no value that English does not know', () => {
  for (const [key, text] of Object.entries(zh)) {
    const known = new Set(names_in(parse((en as Record<string, string>)[key]!)));
    const extra = names_in(parse(text)).filter((name) => !known.has(name));
    expect(extra, key).toEqual([]);
  }
});
