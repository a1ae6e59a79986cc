// The answer in one sentence, for the title of its chart; null where there is none to give.

import type {
  Answers,
  DistributionAnswer,
  DistributionBucket,
  Group,
  LifecyclePoint,
  MetricAnswered,
  MetricAsked,
  PathsAnswer,
  Split,
} from '@/api/question_types';
import { scalar_text } from '@/rule/words';
import { change_of, exact_number, percent, short_number } from '@/ui/numbers';
import { whole_answer } from './whole';
import type { Draft, DraftOf } from './draft';
import { backward, split_audiences } from './draft';
import {
  funnel_rows,
  largest,
  least_people,
  retention_curve,
  retention_trend,
  steepest,
} from './figures';
import { comparison_of, event_name, metric_text, type Words } from './sentence';
import { about_share, span_text } from './share_words';

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function headline(draft: Draft, answer: unknown, words: Words): string | null {
  const said = said_of(draft, answer, words);
  return said && capital(said);
}

function said_of(draft: Draft, answer: unknown, words: Words): string | null {
  switch (draft.kind) {
    case 'funnel':
      return funnel(draft, answer as Answers['funnel'], words);
    case 'metric':
      return metric(draft, answer as Answers['metric'], words);
    case 'retention':
      return retention(draft, answer as Answers['retention'], words);
    case 'lifecycle':
      return lifecycle(draft, answer as Answers['lifecycle'], words);
    case 'paths':
      return paths(draft, answer as Answers['paths'], words);
    case 'distribution':
      return distribution(draft, answer as Answers['distribution'], words);
    case 'interval':
      return interval(draft, answer as Answers['interval'], words);
    case 'attribution':
      return attribution(draft, answer as Answers['attribution'], words);
  }
}

export function group_text(group: Group, by: Split, words: Words): string {
  if (group.length === 0) return words.t('question.everybody');
  if (!Array.isArray(by)) {
    const [id] = group;
    if (id === null) return words.t('question.in_none');
    return words.t('question.in_audience', { name: words.names.audience(String(id)) });
  }
  return group
    .map((one, i) => {
      if (one === null) return words.t('question.no_group');
      return by[i] === '$event' ? event_name(String(one), words) : scalar_text(one, words.language);
    })
    .join(' · ');
}

function funnel({ ask }: DraftOf<'funnel'>, answer: Answers['funnel'], words: Words) {
  const rows = funnel_rows(answer.steps);
  const at = steepest(rows);
  if (at === null) {
    const all_done = (rows[0]?.count ?? 0) >= least_people;
    return all_done ? words.t('question.said.funnel_done') : null;
  }
  return words.t('question.said.funnel', {
    share: about_share(rows[at]!.dropped_share, words.language),
    step: at + 1,
    event: event_name(ask.steps[at]?.event ?? '', words),
  });
}

export function metric_total(answer: MetricAnswered): number | null {
  const [only, ...rest] = answer.series;
  return only && rest.length === 0 && only.points.length === 1 ? only.points[0]!.value : null;
}

// Only sums and counts may be added over time; people may be the same from day to day.
const adds_up = (measure: string) => measure === 'count' || measure.startsWith('sum:');
const sum = (points: { value: number | null }[]) =>
  points.reduce((total, point) => total + (point.value ?? 0), 0);
const mean = (points: { value: number | null }[]) =>
  points.length ? sum(points) / points.length : 0;

// Figures behind the point say nothing about hundreds.
const rounded = (value: number) => (Math.abs(value) >= 100 ? Math.round(value) : value);

function metric({ ask }: DraftOf<'metric'>, whole: MetricAnswered, words: Words) {
  if (ask.parts) return formula(ask, whole, words);
  const answer = whole_answer(ask, whole);
  const { t, language } = words;
  const [first] = answer.series;
  const { measure = 'count' } = ask;
  if (!first) return null;
  if ((answer.series.length > 1 || answer.rest) && adds_up(measure)) {
    const totals = answer.series.map((one) => sum(one.points));
    const at = largest(totals, (total) => total);
    const rest = answer.rest ? sum(answer.rest.points) : 0;
    // Groups of a split by audiences may have people in common.
    const all =
      split_audiences(ask.by) && answer.everyone
        ? sum(answer.everyone.points)
        : sum(totals.map((value) => ({ value }))) + rest;
    if (at === null || all < least_people) return null;
    return t('question.said.group', {
      group: group_text(answer.series[at]!.group, ask.by ?? [], words),
      share: percent(totals[at]! / all, language, 0),
    });
  }
  const before = answer.previous?.series[0];
  if (!before || answer.series.length > 1 || answer.rest) return null;
  const size = adds_up(measure) ? sum : mean;
  const change = change_of(size(first.points), size(before.points));
  if (change === null) return null;
  const moved = percent(Math.abs(change), language, 1);
  const key = Math.abs(change) < 0.0005 ? 'same' : change > 0 ? 'up' : 'down';
  const what = metric_text(ask, words);
  const key_of = () =>
    adds_up(measure) || ask.per === 'total'
      ? 'question.said.metric'
      : (`question.said.metric_mean.${ask.per}` as const);
  return t(key_of(), {
    measure: what,
    value: short_number(rounded(size(first.points)), language),
    against: t(`question.before.${comparison_of(ask)}`),
    change: t(`question.said.${key}`, { percent: moved }),
  });
}

// Totals of a formula are the server's: they are made of the parts' totals and cannot be added up.
function formula(ask: MetricAsked, answer: MetricAnswered, words: Words) {
  const { t, language } = words;
  const [first, ...more] = answer.series;
  if (!first || more.length > 0 || answer.rest || first.total == null) return null;
  const value = exact_number(first.total, language);
  const before = answer.previous?.series[0]?.total;
  if (before == null) return t('question.said.formula', { formula: ask.formula ?? '', value });
  return t('question.said.formula_before', {
    formula: ask.formula ?? '',
    value,
    against: t(`question.before.${comparison_of(ask)}`),
    before: exact_number(before, language),
  });
}

function retention({ ask }: DraftOf<'retention'>, answer: Answers['retention'], words: Words) {
  const { t, language } = words;
  const curve = retention_curve(answer.total);
  const known = curve.map((share, k) => (share === null ? -1 : k)).filter((k) => k > 0);
  const k = known[Math.floor(known.length / 2)];
  if (k === undefined || answer.total.size < least_people) return null;
  const unit = t(`question.unit.${ask.unit}`);
  const share = percent(curve[k]!, language);
  const trend = retention_trend(answer, k);
  const points = trend?.change == null ? 0 : Math.round(trend.change * 1000) / 10;
  if (!trend || points === 0) return t('question.said.retention', { k, unit, share });
  return t(points > 0 ? 'question.said.retention_up' : 'question.said.retention_down', {
    k,
    unit,
    share: percent(trend.share, language),
    points: Math.abs(points),
  });
}

const came = (point: LifecyclePoint) => point.new + point.resurrected;

function lifecycle({ ask }: DraftOf<'lifecycle'>, answer: Answers['lifecycle'], words: Words) {
  // The last unit is mostly not over yet, so the one before it is spoken of.
  const point = answer.points.at(-2);
  if (!point || came(point) + point.current < least_people) return null;
  const more = came(point) - point.dormant;
  const key = more > 0 ? 'more' : more < 0 ? 'less' : 'even';
  return words.t(`question.said.lifecycle_${key}`, {
    unit: words.t(`question.unit.${ask.unit}`),
    count: short_number(Math.abs(more), words.language),
  });
}

function paths(draft: DraftOf<'paths'>, answer: PathsAnswer, words: Words) {
  const { t, language } = words;
  const first = answer.links.filter((link) => link.depth === 0 && link.to !== '$other');
  const at = largest(first, (link) => link.count);
  if (at === null || answer.starts < least_people) return null;
  const { to, from, count } = first[at]!;
  const back = backward(draft);
  const ended = back ? 'question.said.paths_began' : 'question.said.paths_ended';
  const key = to === null ? ended : back ? 'question.said.paths_back' : 'question.said.paths';
  return t(key, {
    share: percent(count / answer.starts, language, 0),
    event: event_name(from, words),
    next: to === null ? '' : event_name(to, words),
  });
}

export function bucket_text(bucket: DistributionBucket, measure: string, words: Words): string {
  const { t, language } = words;
  const [what] = measure.split(':');
  if (what === 'hour') return t('question.hour', { from: bucket.from ?? 0 });
  const below = short_number(bucket.to ?? 0, language);
  const unit = t(
    `question.bucket_unit.${what === 'sum' ? 'sum' : what === 'days' ? 'days' : 'count'}`,
  );
  if (bucket.from === null) return t('question.bucket.first', { to: below, unit });
  const from = short_number(bucket.from, language);
  if (bucket.to === null) return t('question.bucket.last', { from, unit });
  const whole = what !== 'sum';
  if (whole && bucket.to - bucket.from === 1) return t('question.bucket.one', { from, unit });
  const to = short_number(whole ? bucket.to - 1 : bucket.to, language);
  return t('question.bucket.range', { from, to, unit });
}

function distribution({ ask }: DraftOf<'distribution'>, answer: DistributionAnswer, words: Words) {
  const { t, language } = words;
  const by_hour = ask.measure === 'hour';
  const size = (one: DistributionBucket) => (by_hour ? one.rows : one.people);
  const at = largest(answer.buckets, size);
  if (at === null || answer.people < least_people) return null;
  const all = answer.buckets.reduce((total, one) => total + size(one), 0);
  const bucket = answer.buckets[at]!;
  if (by_hour)
    return t('question.said.hour', {
      from: bucket.from,
      to: (bucket.from ?? 0) + 1,
      share: percent(size(bucket) / all, language, 0),
    });
  return t('question.said.distribution', {
    share: about_share(size(bucket) / all, language),
    bucket: bucket_text(bucket, ask.measure, words),
  });
}

function interval({ ask }: DraftOf<'interval'>, answer: Answers['interval'], words: Words) {
  if (answer.median_ms === null || answer.people < least_people) return null;
  return words.t('question.said.interval', {
    span: span_text(answer.median_ms, words.language),
    event: event_name(ask.then.event, words),
  });
}

function attribution(
  { ask }: DraftOf<'attribution'>,
  answer: Answers['attribution'],
  words: Words,
) {
  const at = largest(answer.rows, (row) => row.conversions);
  const all = answer.rows.reduce((total, row) => total + row.conversions, 0);
  if (at === null || all < least_people) return null;
  return words.t('question.said.attribution', {
    group: group_text(answer.rows[at]!.group, [ask.by], words),
    share: percent(answer.rows[at]!.conversions / all, words.language, 0),
  });
}
