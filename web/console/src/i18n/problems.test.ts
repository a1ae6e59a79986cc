/// <reference types="node" />

// Every refusal that the server can answer is said in the person's language. The codes are read from
// the server's sources, so that a new one without a message fails here.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { en } from './en';
import { zh } from './zh';

const sources = new URL('../../../../src', import.meta.url).pathname;
// What only the command line and the start of the server say, before there is a console to read it.
const not_answered = ['app', 'backup', 'control', 'history', 'journal', 'shard', 'sql'];
const refusal =
  /(?:ErrorCode::\w+,|\brefuse\(|\bproblem\(|\bRefusal\{)\s*"([a-z_]+)\.([a-z_0-9]+)"/g;

// Why a record came into the quarantine: the adapters of the SDKs answer {"module.reason", …}.
const refused_record = /\{\s*"(collect|segment|sensors|native|posthog)\.([a-z_0-9]+)"/g;

function files_of(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files_of(path);
    return /\.[ch]pp$/.test(name) && !/_(test|bench|fuzz)\.cpp$/.test(name) ? [path] : [];
  });
}

function codes_of_server(): string[] {
  const codes = new Set<string>();
  for (const file of files_of(sources)) {
    const text = readFileSync(file, 'utf8');
    for (const [, module, reason] of [...text.matchAll(refusal), ...text.matchAll(refused_record)])
      if (!not_answered.includes(module!)) codes.add(`${module}.${reason}`);
  }
  return [...codes].sort();
}

test('every code of the server has a message in both languages', () => {
  const codes = codes_of_server();
  expect(codes.length).toBeGreaterThan(200);
  // A code that the source completes at run time ("dictionary.unknown_" and a kind) ends in "_".
  const is_said = (keys: string[], code: string) =>
    keys.some((key) => (code.endsWith('_') ? key.startsWith(code) : key === code));
  const lacking = (messages: Record<string, string>) => {
    const keys = Object.keys(messages).map((key) => key.replace(/^problem\./, ''));
    return codes.filter((code) => !is_said(keys, code));
  };
  expect(lacking(zh)).toEqual([]);
  expect(lacking(en)).toEqual([]);
});

test('a Chinese message does not lean on the English sentence alone', () => {
  const bare = Object.entries(zh).filter(
    ([key, text]) => key.startsWith('problem.') && text.startsWith('{'),
  );
  expect(bare).toEqual([]);
});
