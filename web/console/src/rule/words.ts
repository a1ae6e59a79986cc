// The words of each language for the parts of a rule: comparisons, periods, durations.

import type { Language } from '@/api/types';
import type { PeriodFields, RuleValue, Scalar } from './types';
import { value_word } from './values';

type Words = {
  op: Record<string, string>;
  unit: Record<string, (n: string) => string>;
  calendar: Record<string, string>;
  within: (duration: string) => string;
  from_to: (from: string, to: string) => string;
  since: (from: string) => string;
  until: (to: string) => string;
  ever: string;
  list: (parts: string[]) => string;
  range: (low: string, high: string) => string;
  yes: string;
  no: string;
};

const plural = (one: string) => (n: string) => `${n} ${one}${n === '1' ? '' : 's'}`;

const zh: Words = {
  op: {
    eq: '是',
    ne: '不是',
    in: '属于',
    not_in: '不属于',
    lt: '<',
    lte: '≤',
    gt: '>',
    gte: '≥',
    between: '介于',
    exists: '有值',
    missing: '没有值',
    contains: '包含',
    top: '排名前',
  },
  unit: {
    m: (n) => `${n} 分钟`,
    h: (n) => `${n} 小时`,
    d: (n) => `${n} 天`,
    w: (n) => `${n} 周`,
  },
  calendar: {
    today: '今天',
    yesterday: '昨天',
    this_week: '本周',
    last_week: '上周',
    this_month: '本月',
    last_month: '上月',
    this_quarter: '本季度',
    this_year: '今年',
  },
  within: (duration) => `${duration}内`,
  from_to: (from, to) => `${from} 至 ${to}`,
  since: (from) => `${from} 起`,
  until: (to) => `${to} 之前`,
  ever: '任何时候',
  list: (parts) => parts.join('、'),
  range: (low, high) => `${low} 至 ${high}`,
  yes: '是',
  no: '否',
};

const en: Words = {
  op: {
    eq: 'is',
    ne: 'is not',
    in: 'is one of',
    not_in: 'is none of',
    lt: '<',
    lte: '≤',
    gt: '>',
    gte: '≥',
    between: 'is between',
    exists: 'has a value',
    missing: 'has no value',
    contains: 'contains',
    top: 'is in the top',
  },
  unit: { m: plural('minute'), h: plural('hour'), d: plural('day'), w: plural('week') },
  calendar: {
    today: 'today',
    yesterday: 'yesterday',
    this_week: 'this week',
    last_week: 'last week',
    this_month: 'this month',
    last_month: 'last month',
    this_quarter: 'this quarter',
    this_year: 'this year',
  },
  within: (duration) => `in the last ${duration}`,
  from_to: (from, to) => `from ${from} to ${to}`,
  since: (from) => `since ${from}`,
  until: (to) => `before ${to}`,
  ever: 'at any time',
  list: (parts) => parts.join(', '),
  range: (low, high) => `${low} and ${high}`,
  yes: 'yes',
  no: 'no',
};

export const words: Record<Language, Words> = { zh, en };

export const calendar_periods = Object.keys(zh.calendar);

export function split_duration(text: string): [number, string] | null {
  const match = /^(\d+)([mhdw])$/.exec(text);
  return match ? [Number(match[1]), match[2]!] : null;
}

export function duration_text(text: string, language: Language): string {
  const parts = split_duration(text);
  return parts ? words[language].unit[parts[1]]!(String(parts[0])) : text;
}

export function period_text(period: PeriodFields, language: Language): string {
  const w = words[language];
  if (period.within) {
    return w.calendar[period.within] ?? w.within(duration_text(period.within, language));
  }
  const [from, to] = [period.from?.slice(0, 10), period.to?.slice(0, 10)];
  if (from && to) return w.from_to(from, to);
  if (from) return w.since(from);
  if (to) return w.until(to);
  return w.ever;
}

export function scalar_text(value: Scalar, language: Language): string {
  if (typeof value === 'boolean') return value ? words[language].yes : words[language].no;
  if (typeof value === 'number') {
    return new Intl.NumberFormat('en', { maximumFractionDigits: 4 }).format(value);
  }
  return value_word(value, language);
}

export function value_text(value: RuleValue, op: string, language: Language): string {
  if (!Array.isArray(value)) return scalar_text(value, language);
  const parts = value.map((part) => scalar_text(part, language));
  if (op === 'between') return words[language].range(parts[0] ?? '…', parts[1] ?? '…');
  return words[language].list(parts);
}

// Chinese sets words beside each other without a space, but not beside figures, letters and signs.
export function set_beside(left: string, right: string, language: Language): string {
  const foreign = /[A-Za-z0-9<>≤≥]$/.test(left) || /^[A-Za-z0-9<>≤≥−-]/.test(right);
  return language === 'zh' && !foreign ? left + right : `${left} ${right}`;
}

// "≥ 3", "属于 金卡、钻石", "has a value"; null where the value is still missing.
export function compare_text(
  op: string,
  value: RuleValue | undefined,
  language: Language,
): string | null {
  const word = words[language].op[op] ?? op;
  if (op === 'exists' || op === 'missing') return word;
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return null;
  return set_beside(word, value_text(value, op, language), language);
}

export function percent_text(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
