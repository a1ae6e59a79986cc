// The names under which the console knows the shapes of /api/v1. The shapes themselves are made from the
// server's OpenAPI document (`./qiao dev openapi`), never typed by hand. Money is an integer in the minor unit.

import type { MetricAsked } from './question_types';
import type { components } from './schema';

type Shapes = components['schemas'];

export type Page<T> = { items: T[]; next_cursor: string | null };

// Sign-in and people

export type Permission = Shapes['Permission'];
export type Language = Shapes['Language'];
export type RoleName = Shapes['RoleName'];
export type Session = Shapes['Session'];
export type Person = Shapes['SignedInPerson'];
export type PersonRow = Shapes['Person'];
export type PersonWithLink = Shapes['PersonWithLink'];
export type Role = Shapes['Role'];
export type Colleague = Shapes['Colleague'];
export type WorkItem = Shapes['WorkItem'];
export type Notice = Shapes['Notice'];
export type Figures = Shapes['Figures'];
export type Org = Shapes['Org'];
export type Token = Shapes['Token'];
export type TokenWithSecret = Shapes['TokenWithSecret'];
export type WriteKey = Shapes['WriteKey'];
export type WriteKeyKind = Shapes['WriteKeyKind'];
export type AuditEntry = Shapes['AuditEntry'];
export type AuditVerdict = Shapes['AuditVerdict'];

// Dictionary, quarantine, imports

export type ReviewStatus = Shapes['ReviewStatus'];
export type ValueType = Shapes['ValueType'];
export type EventDefinition = Shapes['EventDefinition'];
export type PropertyDefinition = Shapes['PropertyDefinition'];
export type TagDefinition = Shapes['TagDefinition'];
export type Refresh = Shapes['Refresh'];
export type Quarantined = Shapes['Quarantined'];
export type ImportFormat = Shapes['ImportFormat'];
export type ColumnMapping = Shapes['ImportColumn'];
export type ImportMapping = Shapes['ImportMapping'];
export type ImportPreview = Shapes['ImportPreview'];
export type ImportRow = Shapes['Import'];
export type Job = Shapes['Job'];
export type Settings = Shapes['Settings'];

// Customers

export type Member = Shapes['Member'];
export type Customer = Shapes['Customer'];
export type TimelineEntry = Shapes['TimelineEntry'];
export type TimelinePage = Shapes['Timeline'];
export type ExplainedRule = Shapes['ExplainedRule'];
export type Explanation = Shapes['Explanation'];
export type TagChange = Shapes['TagChange'];

// Audiences

export type Audience = Shapes['Audience'];
export type AudiencePreview = Shapes['AudiencePreview'];
export type AudienceVersion = Shapes['AudienceVersion'];
export type CountPoint = Shapes['CountPoint'];
export type Vocabulary = Shapes['Vocabulary'];
export type VocabularyTag = Shapes['VocabularyValue'];
export type VocabularyEvent = Shapes['VocabularyEvent'];

// Campaigns and channels

export type ChannelKind = Shapes['ChannelKind'];
export type CampaignState = Shapes['CampaignState'];
export type Message = Shapes['Message'];
export type Schedule = Shapes['Schedule'];
export type Goal = Shapes['Goal'];
export type Campaign = Shapes['Campaign'];
// What the form holds: the whole draft, as the server answers it.
export type CampaignDraft = Pick<
  Campaign,
  | 'name'
  | 'description'
  | 'audience'
  | 'channel'
  | 'provider'
  | 'message'
  | 'schedule'
  | 'control_share'
  | 'goal'
  | 'priority'
  | 'purpose'
  | 'exempt'
>;
export type LintProblem = Shapes['LintProblem'];
export type CampaignLint = Shapes['CampaignLint'];
export type Arm = Shapes['Arm'];
export type Lift = Shapes['Lift'];
export type CampaignReport = Shapes['CampaignReport'];
export type Returns = Shapes['Returns'];
// Those that the report opens; the server can tell the other groups of the comparison too.
export type PeopleSet = Exclude<
  Shapes['PeopleSet'],
  'control' | 'holdout' | `control_${'converted' | 'acquired' | 'activated'}` | 'holdout_converted'
>;
export type ContactPolicy = Shapes['ContactPolicy'];
export type Channel = Shapes['Channel'];

// Insight and boards

export type Annotation = Shapes['Annotation'];
export type Alert = Omit<Shapes['Alert'], 'metric'> & { metric: MetricAsked };
export type AlertRule = Shapes['AlertRule'];
export type AlertCheck = Shapes['AlertCheck'];
export type AlertPreview = Shapes['AlertPreview'];
export type Tile = Shapes['Tile'];
export type TileChart = Tile['chart'];
export type Board = Shapes['Board'];
export type BoardMail = Shapes['BoardMail'];
export type BoardMailChange = Shapes['BoardMailChange'];
export type ReadyMadeQuestion = Shapes['ReadyMadeQuestion'];
export type Overview = Shapes['Overview'];
export type SearchHit = Shapes['SearchHit'];

// Queries in SQL

export type SqlSchema = Shapes['SqlSchema'];
export type SqlRun = Shapes['SqlRun'];
export type SqlPastRun = Shapes['SqlPastRun'];
export type SqlError = Shapes['SqlError'];
export type SqlQuery = Shapes['SqlQuery'];
// Products and leagues

export type Product = Shapes['Product'];
export type ProductDraft = Shapes['NewProduct'];
export type Step = Shapes['Step'];
export type Activity = Shapes['Activity'];
export type LeagueQuestion = Shapes['LeagueQuestion'];
export type LeagueAnswer = Shapes['LeagueAnswer'];
export type LeagueRow = Shapes['LeagueRow'];
export type LeagueMeasure = Shapes['LeagueMeasure'];
export type LeaguePart = Shapes['LeaguePart'];
export type ProductsAnswer = Shapes['ProductsAnswer'];
export type ProductResult = Shapes['ProductResult'];
export type QuestionProgress = Shapes['QuestionProgress'];
export type ComparedUnit = Shapes['ComparedUnit'];
export type ProductsQuestion = Shapes['ProductsQuestion'];
export type ActivityQuestion = Shapes['ActivityQuestion'];
export type ActivityAnswer = Shapes['ActivityAnswer'];
export type NewTarget = Shapes['NewTarget'];

// Prices, spending and acquisition

export type Price = Shapes['Price'];
export type NewPrice = Shapes['NewPrice'];
export type Spending = Shapes['Spending'];
export type SpendingDraft = Pick<Spending, 'by' | 'origin' | 'from' | 'to' | 'amount' | 'note'>;
export type AcquisitionSteps = Shapes['AcquisitionSteps'];
export type AcquisitionQuestion = Shapes['AcquisitionQuestion'];
export type AcquisitionAnswer = Shapes['AcquisitionAnswer'];
export type AcquisitionCounts = Shapes['AcquisitionCounts'];
export type ReturnsQuestion = Shapes['ReturnsQuestion'];
export type ReturnsAnswer = Shapes['ReturnsAnswer'];
export type CampaignReturn = Shapes['CampaignReturn'];

export type PeopleQuestion = Shapes['PeopleQuestion'];
// Screens and entries

export type ScreenQuestion = Shapes['ScreenQuestion'];
export type ScreenAnswer = Shapes['ScreenAnswer'];
export type ClickedElement = Shapes['ClickedElement'];
export type EffortQuestion = Shapes['EffortQuestion'];
export type EffortAnswer = Shapes['EffortAnswer'];
export type FunctionEffort = Shapes['FunctionEffort'];
export type ScreenDepth = Shapes['ScreenDepth'];
export type TapSpread = Shapes['TapSpread'];
export type EntriesQuestion = Shapes['EntriesQuestion'];
export type EntriesAnswer = Shapes['EntriesAnswer'];
export type EntryRow = Shapes['EntryRow'];

// Stage models

export type StageModel = Shapes['StageModel'];
export type StageModelKind = Shapes['StageModelKind'];
export type Stage = Shapes['Stage'];
export type NewStage = Shapes['NewStage'];
export type NewStageModel = Shapes['NewStageModel'];
export type InStage = Shapes['InStage'];
export type StageQuestion = Shapes['StageQuestion'];
export type StageAnswer = Shapes['StageAnswer'];
