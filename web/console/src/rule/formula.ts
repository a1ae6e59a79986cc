// A formula over what a customer did: the value of a tag, as a sentence with chips like a rule's.

import type { components } from '@/api/schema';
import type { Language } from '@/api/types';
import type { Names } from './names';
import { event_words, where_tokens } from './sentence_events';
import { join_tokens } from './sentence';
import { chip, pick, text, type Token } from './tokens';
import { has_sound_wheres } from './tree';
import type { EventRule } from './types';
import { period_text } from './words';

export type Formula = components['schemas']['TagFormula'];

// What can be taken from the matching events. Those of `of_numbers` and `of_any` read a property.
export const plain_kinds = [
  'count',
  'days',
  'days_since_last',
  'days_since_first',
  'last_time',
  'first_time',
] as const;
export const of_numbers = ['sum', 'avg', 'max', 'min'] as const;
export const of_any = ['most_frequent', 'last_value', 'first_value', 'distinct'] as const;
export const formula_kinds = [...plain_kinds, ...of_numbers, ...of_any];
export type FormulaKind = (typeof formula_kinds)[number];

export const blank_formula: Formula = { event: '', within: '30d', measure: 'count' };

export const reads_property = (kind: FormulaKind): boolean =>
  (of_numbers as readonly string[]).includes(kind) || (of_any as readonly string[]).includes(kind);

// The API says "last" for a time and "last:p" for a value.
export function split_measure(measure: string): { kind: FormulaKind; property: string } {
  const [word = 'count', property = ''] = measure.split(':');
  if (word === 'first' || word === 'last') {
    const kind = measure.includes(':') ? `${word}_value` : `${word}_time`;
    return { kind: kind as FormulaKind, property };
  }
  return { kind: word as FormulaKind, property };
}

export function join_measure(kind: FormulaKind, property: string): string {
  const word = kind.replace(/_(value|time)$/, '');
  return reads_property(kind) ? `${word}:${property}` : word;
}

export function is_complete(formula: Formula): boolean {
  const { kind, property } = split_measure(formula.measure);
  const has_property = !reads_property(kind) || property !== '';
  return formula.event !== '' && has_property && has_sound_wheres(formula.where);
}

// The formula of a tag's definition, or null where the definition is a rule.
export function formula_of(definition: unknown): Formula | null {
  if (typeof definition !== 'object' || definition === null) return null;
  const given = 'formula' in definition ? definition.formula : definition;
  const is_formula =
    typeof given === 'object' && given !== null && 'measure' in given && !('op' in given);
  return is_formula ? (given as Formula) : null;
}

// The customers who get a value: those with a matching event.
export function people_of(formula: Formula): EventRule {
  const { measure: _measure, ...rest } = formula;
  return rest;
}

const zh_kinds: Record<FormulaKind, (of: string) => string> = {
  count: () => '次数',
  days: () => '有几天做过',
  days_since_last: () => '最近一次距今几天',
  days_since_first: () => '第一次距今几天',
  last_time: () => '最近一次的时间',
  first_time: () => '第一次的时间',
  sum: (of) => `${of}合计`,
  avg: (of) => `平均${of}`,
  max: (of) => `最大${of}`,
  min: (of) => `最小${of}`,
  most_frequent: (of) => `最常见的${of}`,
  last_value: (of) => `最近一次的${of}`,
  first_value: (of) => `第一次的${of}`,
  distinct: (of) => `不同${of}的个数`,
};

const en_kinds: Record<FormulaKind, (of: string) => string> = {
  count: () => 'the number',
  days: () => 'the number of days',
  days_since_last: () => 'the days since the last',
  days_since_first: () => 'the days since the first',
  last_time: () => 'the time of the last',
  first_time: () => 'the time of the first',
  sum: (of) => `the total ${of}`,
  avg: (of) => `the average ${of}`,
  max: (of) => `the highest ${of}`,
  min: (of) => `the lowest ${of}`,
  most_frequent: (of) => `the most frequent ${of}`,
  last_value: (of) => `the last ${of}`,
  first_value: (of) => `the first ${of}`,
  distinct: (of) => `how many different ${of}`,
};

function measure_token(formula: Formula, names: Names, language: Language): Token {
  const { kind, property } = split_measure(formula.measure);
  const words = language === 'zh' ? zh_kinds : en_kinds;
  const missing = reads_property(kind) && property === '';
  const ask = language === 'zh' ? '某个属性' : 'property…';
  const of = missing ? ask : property && names.property(formula.event, property);
  return chip('measure', words[kind](of), { missing });
}

export function formula_tokens(formula: Formula, names: Names, language: Language): Token[] {
  const shown = event_words(formula.event, names, language);
  const event = pick('event', formula.event, shown, language);
  const wheres = where_tokens(formula.where, formula.event, names, language);
  const period = chip('period', period_text(formula, language));
  const measure = measure_token(formula, names, language);
  return language === 'zh'
    ? [period, event, ...wheres, text('的'), measure]
    : [measure, text('of'), event, ...wheres, period];
}

export function formula_sentence(formula: Formula, names: Names, language: Language): string {
  return join_tokens(formula_tokens(formula, names, language), language);
}
