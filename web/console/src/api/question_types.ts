// The questions of /api/v1/insights and their answers, from the server's document: the console says no
// null, and always the members that a sentence shows.

import type { components } from './schema';

type Shapes = components['schemas'];
type Plain<T> = { [Name in keyof T]: Exclude<T[Name], null> };
type Asked<Name extends keyof Shapes, Said extends keyof Shapes[Name] = never> = Plain<
  Omit<Shapes[Name], Said | 'kind' | 'fresh'> & Required<Pick<Shapes[Name], Said>>
>;

export type EventPick = Shapes['Step'];
export type Group = Shapes['GroupKey'][];

export type MetricPart = Asked<'MetricPart', 'measure'>;
// One event with its measure, or several parts with a formula over them.
export type MetricAsked = Omit<Asked<'MetricQuestion', 'per'>, 'parts'> & { parts?: MetricPart[] };
export type Comparison = Exclude<MetricAsked['compare'], boolean | undefined>;
export type MetricAnswered = Shapes['MetricAnswer'];
export type AskedRow = Shapes['MetricRow'];
export type AskedSeries = Shapes['MetricSeries'];

export type AudienceSplit = Shapes['AudienceSplit'];
// What a question is split by: properties and tags, or audiences.
export type Split = string[] | AudienceSplit;

export type FunnelQuestion = Asked<'FunnelQuestion', 'window'>;
export type FunnelAnswer = Shapes['FunnelAnswer'];
export type FunnelStep = Shapes['StepCount'] & Partial<Shapes['FunnelStep']>;

export type RetentionQuestion = Asked<'RetentionQuestion', 'unit' | 'periods'>;
export type RetentionAnswer = Shapes['RetentionAnswer'];
export type Returned = Shapes['RetentionTotal'];
export type Cohort = Shapes['Cohort'];

export type LifecycleQuestion = Asked<'LifecycleQuestion', 'unit'>;
export type LifecyclePoint = Shapes['LifecyclePoint'];
export type LifecycleStage = Exclude<keyof LifecyclePoint, 'at'>;
export type LifecycleAnswer = Shapes['LifecycleAnswer'];

export type PathsQuestion = Asked<'PathsQuestion', 'steps'>;
export type PathLink = Shapes['PathLink'];
export type PathsAnswer = Shapes['PathsAnswer'];

export type DistributionQuestion = Asked<'DistributionQuestion', 'measure'>;
export type DistributionBucket = Shapes['DistributionBucket'];
export type DistributionAnswer = Shapes['DistributionAnswer'];

export type IntervalQuestion = Asked<'IntervalQuestion', 'window'>;
export type IntervalAnswer = Shapes['IntervalAnswer'];

export type AttributionQuestion = Asked<
  'AttributionQuestion',
  'by' | 'window' | 'model'
>;
export type AttributionModel = AttributionQuestion['model'];
export type AttributionAnswer = Shapes['AttributionAnswer'];

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

// Those that have a page of their own, and stand on boards too.
export type PageQuestions = {
  league: Shapes['LeagueQuestion'];
  entries: Shapes['EntriesQuestion'];
  stages: Shapes['StageQuestion'];
  acquisition: Shapes['AcquisitionQuestion'];
  returns: Shapes['ReturnsQuestion'];
  products: Shapes['ProductsQuestion'];
  activity: Shapes['ActivityQuestion'];
};
export type PageAnswers = {
  league: Shapes['LeagueAnswer'];
  entries: Shapes['EntriesAnswer'];
  stages: Shapes['StageAnswer'];
  acquisition: Shapes['AcquisitionAnswer'];
  returns: Shapes['ReturnsAnswer'];
  products: Shapes['ProductsAnswer'];
  activity: Shapes['ActivityAnswer'];
};
export type PageKind = keyof PageQuestions;
export type AnyKind = QuestionKind | PageKind;

// Who stands behind a part of an answer; which members count depends on the kind.
export type PeopleSelector = Omit<Shapes['PeopleQuestion'], QuestionKind | keyof Ignored | 'limit' | 'cursor'>;
type Ignored = Pick<
  Shapes['PeopleQuestion'],
  Extract<keyof Shapes['PeopleQuestion'], 'id' | 'version' | `${string}_at` | 'created_by'>
>;
