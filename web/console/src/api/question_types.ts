// The questions of /api/v1/insights and their answers, as docs/api.md states them.

import type { components } from './schema';

type Rule = components['schemas']['Rule'];
type Where = components['schemas']['Where'];
export type EventPick = { event: string; where?: Where[] };
export type Unit = 'day' | 'week' | 'month';
export type Group = (string | number | boolean | null)[];
type Asked = {
  within?: string;
  from?: string;
  to?: string;
  as_of?: string;
  audience?: Rule;
};
type Answered = { elapsed_ms: number; data_version: string | number };

export type Comparison = 'period' | 'week' | 'year';
export type MetricPart = EventPick & { measure: string };
// One event with its measure, or several parts with a formula over them.
export type MetricAsked = Asked &
  Partial<MetricPart> & {
    parts?: MetricPart[];
    formula?: string;
    per: Unit | 'total';
    by?: string[];
    top?: number; // the others are the rest
    average?: number; // units that a moving average looks at
    compare?: Comparison | boolean; // true: the period of the same length before
  };
export type AskedPoint = { at: string; value: number | null; average?: number | null };
export type AskedRow = { points: AskedPoint[]; total?: number | null };
export type AskedSeries = AskedRow & { group: Group };
export type MetricAnswered = Answered & {
  series: AskedSeries[];
  rest?: AskedRow;
  everyone?: AskedRow;
  previous?: { series: AskedSeries[]; rest?: AskedRow; everyone?: AskedRow };
  left_out?: number;
};

export type FunnelQuestion = Asked & {
  steps: EventPick[];
  window: string;
  hold?: string;
  exclude?: (EventPick & { after: number })[];
  by?: string[];
  per?: Unit;
};
export type FunnelStep = { count: number; median_ms?: number | null };
export type FunnelAnswer = Answered & {
  total: number;
  steps: FunnelStep[];
  groups?: { group: Group; steps: FunnelStep[] }[];
  series?: { at: string; steps: FunnelStep[] }[];
  times?: { until_ms: number; count: number }[];
  rules?: Rule[] | null; // [k]: who reached exactly k + 1 steps; null where no rule says the same
  left_out?: number;
};

export type RetentionQuestion = Asked & {
  first: EventPick;
  then: EventPick;
  unit: Unit;
  periods: number;
  mode?: 'nth' | 'unbounded';
  by?: string[];
};
export type Returned = { size: number; returned: number[]; base?: number[] };
export type Cohort = Returned & { start: string; incomplete_from?: number | null };
export type RetentionAnswer = Answered & {
  cohorts: Cohort[];
  total: Returned;
  groups?: (Returned & { group: Group })[];
  left_out?: number;
};

export type LifecycleQuestion = Asked & EventPick & { unit: Unit };
export type LifecycleStage = 'new' | 'current' | 'resurrected' | 'dormant';
export type LifecyclePoint = { at: string } & Record<LifecycleStage, number>;
export type LifecycleAnswer = Answered & { points: LifecyclePoint[] };

export type PathsQuestion = Asked & {
  start?: EventPick;
  end?: EventPick;
  gap: string;
  steps: number;
  limit?: number;
  only?: string[];
  leave_out?: string[];
};
export type PathLink = { depth: number; from: string; to: string | null; count: number };
export type PathsAnswer = Answered & {
  paths: { events: string[]; count: number }[];
  links: PathLink[];
  starts: number;
  people: number;
  left_out: number;
};

export type DistributionQuestion = Asked & EventPick & { measure: string; buckets?: number[] };
export type DistributionBucket = {
  from: number | null; // null: below the first border
  to: number | null;
  people: number;
  rows: number;
};
export type DistributionAnswer = Answered & {
  buckets: DistributionBucket[];
  people: number;
  mean: number | null;
  median: number | null;
  p90: number | null;
};

export type IntervalQuestion = Asked & { first: EventPick; then: EventPick; window: string };
export type IntervalAnswer = Answered & {
  buckets: { until_ms: number; count: number }[];
  pairs: number;
  people: number;
  median_ms: number | null;
  p90_ms: number | null;
};

export type AttributionModel = 'first' | 'last' | 'linear' | 'position' | 'decay' | 'shapley';
export type AttributionQuestion = Asked & {
  goal: EventPick & { value?: string };
  touches: EventPick[];
  by: string;
  window: string;
  model: AttributionModel;
  half_life?: string;
};
export type AttributionRow = {
  group: Group;
  conversions: number;
  value: number | null;
  touches: number;
  people: number;
};
export type AttributionAnswer = Answered & {
  rows: AttributionRow[];
  conversions: number;
  unattributed: number;
  value: number | null;
};

export type Questions = {
  metric: MetricAsked;
  funnel: FunnelQuestion;
  retention: RetentionQuestion;
  lifecycle: LifecycleQuestion;
  paths: PathsQuestion;
  distribution: DistributionQuestion;
  interval: IntervalQuestion;
  attribution: AttributionQuestion;
};
export type Answers = {
  metric: MetricAnswered;
  funnel: FunnelAnswer;
  retention: RetentionAnswer;
  lifecycle: LifecycleAnswer;
  paths: PathsAnswer;
  distribution: DistributionAnswer;
  interval: IntervalAnswer;
  attribution: AttributionAnswer;
};
export type QuestionKind = keyof Questions;
// Who stands behind a part of an answer; which members count depends on the kind.
export type PeopleSelector = {
  at?: string;
  group?: Group;
  step?: number;
  outcome?: 'reached' | 'dropped' | 'returned' | 'lost';
  period?: number;
  stage?: LifecycleStage;
  events?: string[];
  bucket?: number;
};
