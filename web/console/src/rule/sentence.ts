// A rule as a sentence in the person's language. The builder shows the same tokens as chips, so what
// is clicked and what is read never differ.

import type { Language } from '@/api/types';
import type { Names } from './names';
import { event_tokens, sequence_tokens } from './sentence_events';
import type { RuleNode } from './tree';
import { tree_of } from './tree';
import { chip, pick, text, type Token } from './tokens';
import type { Leaf, Rule, RuleValue } from './types';
import { compare_text, percent_text } from './words';

export function tokens_of(leaf: Leaf, negated: boolean, names: Names, language: Language): Token[] {
  if ('event' in leaf) return event_tokens(leaf, negated, names, language);
  if ('sequence' in leaf) return sequence_tokens(leaf, negated, names, language);
  return language === 'zh' ? simple_zh(leaf, negated, names) : simple_en(leaf, negated, names);
}

type Simple = Exclude<Leaf, { event: string } | { sequence: unknown[] }>;

// The audience whose people a question found once: the one tag whose values are audiences.
const kept_in = (leaf: Simple): string | null =>
  'tag' in leaf && leaf.tag === '$fixed_audiences' && leaf.op === 'contains'
    ? String(leaf.value)
    : null;

function compared(
  op: string,
  value: Parameters<typeof compare_text>[1],
  language: Language,
): Token {
  const shown = compare_text(op, value, language);
  const missing = language === 'zh' ? '请填写条件' : 'set a condition…';
  return chip('compare', shown ?? missing, { missing: shown === null });
}

function simple_zh(leaf: Simple, negated: boolean, names: Names): Token[] {
  const kept = kept_in(leaf);
  if (kept !== null) {
    const did = chip('negated', negated ? '不在固定人群' : '在固定人群');
    return [did, text(`「${names.audience(kept)}」`)];
  }
  if ('tag' in leaf) {
    const parts = [
      pick('tag', leaf.tag, names.tag(leaf.tag), 'zh'),
      compared(leaf.op, leaf.value, 'zh'),
    ];
    return negated ? [chip('negated', '不满足'), ...parts] : parts;
  }
  if ('audience' in leaf) {
    const did = chip('negated', negated ? '不在人群' : '在人群');
    return [did, pick('audience', leaf.audience, `「${names.audience(leaf.audience)}」`, 'zh')];
  }
  if ('org' in leaf) {
    const did = chip('negated', negated ? '不属于' : '属于');
    return [did, pick('org', leaf.org, names.org(leaf.org), 'zh'), text('及下辖机构')];
  }
  if ('consent' in leaf) {
    const did = chip('negated', negated ? '未同意' : '已同意');
    return [did, pick('consent', leaf.consent, names.consent(leaf.consent), 'zh')];
  }
  if ('identity' in leaf) {
    const has = (leaf.op === 'exists') !== negated;
    return [
      chip('negated', has ? '有' : '没有'),
      pick('identity', leaf.identity, names.identity(leaf.identity), 'zh'),
    ];
  }
  const parts = [
    pick('score', leaf.score, names.score(leaf.score), 'zh'),
    score_chip(leaf.op, leaf.value, 'zh'),
  ];
  return negated ? [chip('negated', '不满足'), ...parts] : parts;
}

function simple_en(leaf: Simple, negated: boolean, names: Names): Token[] {
  const kept = kept_in(leaf);
  if (kept !== null) {
    const did = chip(
      'negated',
      negated ? 'is not in the fixed audience' : 'is in the fixed audience',
    );
    return [did, text(`“${names.audience(kept)}”`)];
  }
  if ('tag' in leaf) {
    const parts = [
      pick('tag', leaf.tag, names.tag(leaf.tag), 'en'),
      compared(leaf.op, leaf.value, 'en'),
    ];
    return negated ? [chip('negated', 'not true that'), ...parts] : parts;
  }
  if ('audience' in leaf) {
    const did = chip('negated', negated ? 'is not in audience' : 'is in audience');
    return [did, pick('audience', leaf.audience, `“${names.audience(leaf.audience)}”`, 'en')];
  }
  if ('org' in leaf) {
    const did = chip('negated', negated ? 'does not belong to' : 'belongs to');
    return [did, pick('org', leaf.org, names.org(leaf.org), 'en'), text('or a unit below')];
  }
  if ('consent' in leaf) {
    const did = chip('negated', negated ? 'has not agreed to' : 'has agreed to');
    return [did, pick('consent', leaf.consent, names.consent(leaf.consent), 'en')];
  }
  if ('identity' in leaf) {
    const has = (leaf.op === 'exists') !== negated;
    return [
      chip('negated', has ? 'has a' : 'has no'),
      pick('identity', leaf.identity, names.identity(leaf.identity), 'en'),
    ];
  }
  const parts = [
    pick('score', leaf.score, names.score(leaf.score), 'en'),
    score_chip(leaf.op, leaf.value, 'en'),
  ];
  return negated ? [chip('negated', 'not true that'), ...parts] : parts;
}

function score_chip(op: string, value: RuleValue | undefined, language: Language): Token {
  if (op !== 'top' || typeof value !== 'number') return compared(op, value, language);
  const share = percent_text(value);
  return chip('compare', language === 'zh' ? `排名前 ${share}` : `is in the top ${share}`);
}

// Joins tokens as the language writes: Chinese without spaces between words.
export function join_tokens(tokens: Token[], language: Language): string {
  const shown = tokens.filter((token) => !(token.kind === 'chip' && token.quiet));
  const words = shown.map((token) => token.text);
  if (language === 'en')
    return words
      .join(' ')
      .replace(/ ([,.)])/g, '$1')
      .replace(/\( /g, '(');
  return words.reduce((line, word) => {
    const spaced = /[A-Za-z0-9≥≤<>]$/.test(line) !== /^[A-Za-z0-9≥≤<>]/.test(word);
    const tight = line === '' || /[「（，」）]$/.test(line) || /^[」），「（]/.test(word);
    const sign = /^[≥≤<>]/.test(word) && !/[」）]$/.test(line);
    const gap = line !== '' && (sign || (spaced && !tight));
    return line + (gap ? ' ' : '') + word;
  }, '');
}

function node_sentence(
  node: RuleNode,
  names: Names,
  language: Language,
  outermost: boolean,
): string {
  if (node.kind === 'condition') {
    return join_tokens(tokens_of(node.leaf, node.negated, names, language), language);
  }
  const parts = node.children.map((child) => node_sentence(child, names, language, false));
  const body = parts.length ? join_parts(parts, node.op, language) : empty_text(node.op, language);
  const wrapped = parts.length > 1 && (!outermost || node.negated);
  if (language === 'zh') {
    return `${node.negated ? '不满足' : ''}${wrapped || node.negated ? `（${body}）` : body}`;
  }
  return `${node.negated ? 'not ' : ''}${wrapped || node.negated ? `(${body})` : body}`;
}

function join_parts(parts: string[], op: 'all' | 'any', language: Language): string {
  if (language === 'en') return parts.join(op === 'all' ? ', and ' : ', or ');
  const word = op === 'all' ? '，且' : '，或';
  return parts.reduce((line, part) => line + word + (/^[A-Za-z0-9]/.test(part) ? ' ' : '') + part);
}

function empty_text(op: 'all' | 'any', language: Language): string {
  if (language === 'zh') return op === 'all' ? '所有人' : '没有人';
  return op === 'all' ? 'everyone' : 'no one';
}

export function sentence_of(rule: Rule, names: Names, language: Language): string {
  return node_sentence(tree_of(rule), names, language, true);
}
