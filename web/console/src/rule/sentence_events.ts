// Sentences about what a customer did: single events and sequences of events.

import type { Language } from '@/api/types';
import type { Names } from './names';
import { chip, pick, text, type Token } from './tokens';
import type { EventRule, SequenceRule, Where } from './types';
import { compare_text, duration_text, period_text, value_text, set_beside } from './words';

// Without a comparison an event condition means "at least once".
function is_plain(leaf: EventRule): boolean {
  const measure = leaf.measure ?? 'count';
  return measure === 'count' && (leaf.op === undefined || (leaf.op === 'gte' && leaf.value === 1));
}

export function event_words(event: string, names: Names, language: Language): string {
  return language === 'zh' ? `「${names.event(event)}」` : `“${names.event(event)}”`;
}

export function event_tokens(
  leaf: EventRule,
  negated: boolean,
  names: Names,
  language: Language,
): Token[] {
  const plain = is_plain(leaf);
  const event = pick('event', leaf.event, event_words(leaf.event, names, language), language);
  const period = chip('period', period_text(leaf, language));
  const wheres = where_tokens(leaf.where, leaf.event, names, language);
  const measure = measure_chip(leaf, names, language);
  if (language === 'zh') {
    const did = chip('did', plain ? (negated ? '没有' : '有过') : negated ? '不满足' : '有过');
    return [period, did, event, ...wheres, measure];
  }
  const did = chip(
    'did',
    plain ? (negated ? 'did not' : 'did') : negated ? 'not true: did' : 'did',
  );
  return [did, event, ...wheres, measure, period];
}

function measure_chip(leaf: EventRule, names: Names, language: Language): Token {
  const quiet = is_plain(leaf);
  const op = leaf.op ?? 'gte';
  const value = leaf.op === undefined ? 1 : leaf.value;
  const [measure, property] = (leaf.measure ?? 'count').split(':');
  const compared =
    measure === 'first' || measure === 'last'
      ? age_text(op, value, language)
      : compare_text(op, value, language);
  if (compared === null) {
    const ask = language === 'zh' ? '请填写条件' : 'set a condition…';
    return chip('compare', ask, { missing: true });
  }
  const of = property ? names.property(leaf.event, property) : '';
  const shown =
    language === 'zh' ? measure_zh(measure!, of, compared) : measure_en(measure!, of, compared);
  return chip('compare', shown, { quiet });
}

function age_text(op: string, value: EventRule['value'], language: Language): string | null {
  if (typeof value !== 'string') return compare_text(op, value, language);
  return compare_text(op, duration_text(value, language), language);
}

const zh_measures: Record<string, (of: string, compared: string) => string> = {
  count: (_, compared) => `${compared} 次`,
  days: (_, compared) => `${compared} 天`,
  sum: (of, compared) => `${of}合计 ${compared}`,
  min: (of, compared) => `最小${of} ${compared}`,
  max: (of, compared) => `最大${of} ${compared}`,
  avg: (of, compared) => `平均${of} ${compared}`,
  distinct: (of, compared) => `不同${of} ${compared} 个`,
  first: (_, compared) => `首次距今 ${compared}`,
  last: (_, compared) => `最近一次距今 ${compared}`,
};

const en_measures: Record<string, (of: string, compared: string) => string> = {
  count: (_, compared) => `${compared} times`,
  days: (_, compared) => `on ${compared} days`,
  sum: (of, compared) => `with total ${of} ${compared}`,
  min: (of, compared) => `with lowest ${of} ${compared}`,
  max: (of, compared) => `with highest ${of} ${compared}`,
  avg: (of, compared) => `with average ${of} ${compared}`,
  distinct: (of, compared) => `with ${compared} different ${of}`,
  first: (_, compared) => `first time ${compared} ago`,
  last: (_, compared) => `last time ${compared} ago`,
};

function measure_zh(measure: string, of: string, compared: string): string {
  return zh_measures[measure]?.(of, compared) ?? `${measure} ${compared}`;
}

function measure_en(measure: string, of: string, compared: string): string {
  return en_measures[measure]?.(of, compared) ?? `${measure} ${compared}`;
}

export function where_text(
  where: Where,
  event: string,
  names: Names,
  language: Language,
): string | null {
  if (!where.property) return null;
  const compared = compare_text(where.op, where.value, language);
  return compared && set_beside(names.property(event, where.property), compared, language);
}

export function where_tokens(
  wheres: Where[] | undefined,
  event: string,
  names: Names,
  language: Language,
): Token[] {
  if (!wheres?.length) return [];
  const ask = language === 'zh' ? '请填写条件' : 'set a condition…';
  const chips = wheres.flatMap((where, index) => {
    const shown = where_text(where, event, names, language);
    const one = chip('where', shown ?? ask, { index, missing: shown === null });
    return index === 0 ? [one] : [text(language === 'zh' ? '且' : 'and'), one];
  });
  return language === 'zh'
    ? [text('（'), ...chips, text('）')]
    : [text('where'), ...chips, text(',')];
}

export function sequence_tokens(
  leaf: SequenceRule,
  negated: boolean,
  names: Names,
  language: Language,
): Token[] {
  const zh = language === 'zh';
  const steps = leaf.sequence.flatMap((step, index) => {
    const name = event_words(step.event, names, language);
    const one = { ...pick('step', step.event, name, language), index } as Token;
    return index === 0 ? [one] : [text(zh ? '→' : 'then'), one];
  });
  const period = chip('period', period_text(leaf, language));
  const window = chip('window', window_text(leaf.window, language));
  const reached = chip('reached', reached_text(leaf, language));
  return zh
    ? [period, chip('did', negated ? '不满足：依次' : '依次'), ...steps, window, reached]
    : [
        chip('did', negated ? 'not true: in order' : 'in order'),
        ...steps,
        text(','),
        window,
        text(','),
        reached,
        period,
      ];
}

function window_text(window: string | undefined, language: Language): string {
  const zh = language === 'zh';
  if (window === undefined) return zh ? '不限时长' : 'in any time';
  const span = duration_text(window, language);
  return zh ? `在 ${span}内` : `inside ${span}`;
}

function reached_text(leaf: SequenceRule, language: Language): string {
  const all = leaf.sequence.length;
  const step = value_text(leaf.reached, leaf.op, language);
  const zh = language === 'zh';
  if (leaf.op === 'gte' && leaf.reached === all) return zh ? '全部走完' : 'completed';
  if (leaf.op === 'eq' && leaf.reached === all) return zh ? '全部走完' : 'completed';
  if (leaf.op === 'eq') return zh ? `恰好走到第 ${step} 步` : `stopped after step ${step}`;
  if (leaf.op === 'gte') return zh ? `至少走到第 ${step} 步` : `reached at least step ${step}`;
  if (leaf.op === 'lt') return zh ? `没有走到第 ${step} 步` : `did not reach step ${step}`;
  return zh
    ? `走到的步数 ${compare_text(leaf.op, leaf.reached, language)}`
    : `steps reached ${compare_text(leaf.op, leaf.reached, language)}`;
}
