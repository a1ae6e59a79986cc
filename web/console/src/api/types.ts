// The shapes of /api/v1 as docs/api.md states them, in one file, so that the file generated from the
// server's OpenAPI document can take its place. Money is an integer in the minor unit.

import type { Formula } from '@/rule/formula';
import type { Rule } from '@/rule/types';

export type Permission =
  | 'view'
  | 'view_customers'
  | 'view_personal'
  | 'edit_customers'
  | 'edit_dictionary'
  | 'import_data'
  | 'edit_audiences'
  | 'edit_campaigns'
  | 'approve_campaigns'
  | 'edit_boards'
  | 'manage_settings'
  | 'manage_people'
  | 'erase_customers'
  | 'view_audit';

export type Page<T> = { items: T[]; next_cursor: string | null };
export type Language = 'zh' | 'en';
export type Stored = {
  id: string;
  version?: number;
  created_at?: string;
  updated_at?: string;
  created_by?: string;
};

// Sign-in and people

export type Person = {
  id: string;
  login: string;
  name: string;
  role: string;
  org: string;
  org_name: string;
  permissions: Permission[];
  language: Language | null;
};
export type Session = {
  person: Person;
  csrf_token: string | null;
  password_needed?: boolean; // came by a one-time link, or has no password yet
  institution: { name: string; time_zone: string };
};
export type PersonRow = Stored & {
  login: string;
  name: string;
  role: string;
  org: string;
  org_name?: string;
  active: boolean;
  last_sign_in_at?: string | null;
};
export type Role = { role: string; name: string; permissions: Permission[] };
export type Org = Stored & {
  code: string;
  name: string;
  parent: string | null;
  kind: 'head' | 'branch' | 'outlet';
};
export type Token = Stored & {
  name: string;
  role: string;
  expires_at: string | null;
  last_used_at?: string | null;
};
export type WriteKeyKind = 'segment' | 'sensors' | 'native';
export type WriteKey = Stored & { name: string; kind: WriteKeyKind; active: boolean };
export type AuditEntry = {
  seq: number;
  at: string;
  who: string;
  action: string;
  object: string;
  summary: string;
  why: string | null;
  hash: string;
};
export type AuditVerdict = { ok: boolean; entries: number; head: string; broken_at?: number };

// Dictionary, quarantine, imports

export type ReviewStatus = 'reviewed' | 'unreviewed' | 'blocked';
export type ValueType = 'string' | 'number' | 'boolean' | 'time' | 'string_set' | 'sealed';
export type Described = {
  name: string;
  name_zh: string;
  name_en: string;
  meaning: string;
  owner: string;
  source: string;
  update_frequency: string;
  remarks: string;
  example: string;
  status: ReviewStatus;
  class?: 'C1' | 'C2' | 'C3' | null;
  first_seen_at: string | null;
  last_seen_at: string | null;
  volume_7d: number[];
  volume_total: number;
  version?: number;
};
export type EventDefinition = Described;
export type PropertyDefinition = Described & {
  type: ValueType;
  unit: string;
  events: string[];
  null_rate: number | null;
  values: { value: string; count: number }[];
};
export type Refresh = 'realtime' | 'hourly' | 'daily' | 'manual';
export type TagDefinition = PropertyDefinition & {
  kind: 'imported' | 'staff' | 'rule' | 'formula' | 'system';
  // A rule tree, or a formula over events (src/rule/formula.ts).
  definition?: Rule | Formula | { rule: Rule } | { formula: Formula } | null;
  refresh?: Refresh;
  distribution?: { value: string; count: number }[];
};
export type Quarantined = {
  id: string;
  at: string;
  source: string;
  reason: string;
  detail: string;
  pointer: string;
  record: unknown;
  status: 'open' | 'replayed' | 'dropped';
};
export type ImportFormat = 'csv' | 'ndjson' | 'parquet';
export type ColumnMapping = { to: string; type: ValueType } | { skip: true };
export type ImportMapping = {
  kind: 'tags' | 'events';
  id: { column: string } | { row_prefix: string };
  columns: Record<string, ColumnMapping>;
  event?: { name: string } | { column: string };
  time?: { column: string; format: string };
};
export type ImportPreview = {
  format: ImportFormat;
  encoding: string;
  delimiter: string;
  columns: { name: string; type: ValueType; samples: string[] }[];
  mapping: ImportMapping;
};
export type ImportRow = {
  id: string;
  name: string;
  kind: 'tags' | 'events';
  at: string;
  by: string;
  status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  rows: number;
  accepted: number;
  rejected: number;
  job_id: string;
};
export type Job = {
  id: string;
  kind: string;
  status: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: number;
  done: number;
  total: number;
  message: string | null;
  result?: unknown;
  started_at: string | null;
  finished_at: string | null;
};
export type Settings = {
  unknown_events: 'accept' | 'refuse';
  institution_name: string;
  time_zone: string;
  holdout_share: number;
  history_months: number;
  index_months: number;
  version?: number;
};

// Customers

export type Identities = Record<string, string[]>;
export type Member = {
  customer: string;
  name: string | null;
  identities: Identities;
  tags?: Record<string, unknown>;
};
export type Customer = {
  customer: string;
  name?: string | null;
  created_at: string;
  identities: { kind: string; value: string; at: string; source: string }[];
  tags: {
    name: string;
    value: unknown;
    source: string;
    at: string;
    by?: string | null;
    why?: string | null;
  }[];
  consents: { purpose: string; channel: string; granted: boolean; source: string; at: string }[];
  audiences: { id: string; name: string }[];
  contacts: { day: number; week: number; month: number };
  merges: { at: string; from: string; reason: string; undone?: boolean }[];
  org: string;
  org_name: string;
  first_seen_at: string;
  last_seen_at: string;
  event_count: number;
};
export type TimelineEntry = {
  at: string;
  event: string;
  name_zh?: string | null;
  name_en?: string | null;
  source: string;
  properties: Record<string, unknown>;
  offset: string | number;
};
export type ExplainedRule = Rule & { holds: boolean; because?: string };
export type Explanation = { member: boolean; rule: ExplainedRule };
export type TagChange = {
  at: string;
  value: unknown;
  source: string;
  by?: string | null;
  why?: string | null;
};

// Audiences

export type Audience = Stored & {
  name: string;
  description: string;
  rule: Rule;
  refresh: Refresh;
  state: 'active' | 'archived';
  count: number | null;
  share: number | null;
  computed_at: string | null;
  used_by: { kind: string; id: string; name: string }[];
};
export type AudiencePreview = {
  count: number;
  total: number;
  share: number;
  reachable: Record<string, number>;
  sample: Member[];
  parts?: { pointer: string; count: number; removes: number }[];
  elapsed_ms: number;
  data_version: string | number;
};
export type AudienceVersion = {
  version: number;
  at: string;
  by: string;
  by_name?: string;
  rule: Rule;
  name: string;
};
export type CountPoint = { at: string; count: number };
export type VocabularyTag = {
  name: string;
  name_zh: string;
  name_en: string;
  type: ValueType;
  values: (string | number)[];
};
export type VocabularyEvent = {
  name: string;
  name_zh: string;
  name_en: string;
  properties: {
    name: string;
    name_zh?: string;
    name_en?: string;
    type: ValueType;
    values: (string | number)[];
  }[];
};
export type Vocabulary = {
  tags: VocabularyTag[];
  events: VocabularyEvent[];
  orgs: { code: string; name: string; parent?: string | null }[];
  consents: { name: string; name_zh?: string; name_en?: string }[];
  identities: { name: string; name_zh?: string; name_en?: string }[];
  audiences: { id: string; name: string }[];
  scores?: { name: string; name_zh?: string; name_en?: string }[];
};

// Campaigns and channels

export type ChannelKind = 'inbox' | 'email' | 'sms' | 'webhook';
export type CampaignState =
  | 'draft'
  | 'in_approval'
  | 'approved'
  | 'scheduled'
  | 'running'
  | 'paused'
  | 'completed'
  | 'stopped'
  | 'rejected';
export type Message = {
  subject?: string;
  title?: string;
  body: string;
  link?: string;
  language?: Language;
};
export type Schedule = {
  kind: 'now' | 'at' | 'daily';
  at?: string;
  time?: string;
  until?: string;
};
export type Goal = { event: string; where?: unknown[]; window: string };
export type CampaignDraft = {
  name: string;
  description: string;
  audience: { id: string } | { rule: Rule };
  channel: ChannelKind;
  provider?: string;
  message: Message;
  schedule: Schedule;
  control_share: number;
  goal: Goal | null;
  priority: number;
  purpose: 'marketing' | 'service';
  exempt: boolean;
};
export type Campaign = Stored &
  CampaignDraft & {
    state: CampaignState;
    progress: { planned: number; sent: number; suppressed: number; failed: number };
    submitted_by?: string | null;
    approved_by?: string | null;
    reject_reason?: string | null;
    will_enter?: number;
  };
export type LintProblem = { pointer: string; code?: string; detail: string };
export type CampaignLint = {
  problems: LintProblem[];
  previews: { customer: string; name: string | null; message: Message }[];
};
export type Arm = { people: number; converted: number; rate: number };
export type Lift = {
  treated: Arm;
  control: Arm;
  difference: number;
  interval: [number, number];
  p_value: number;
  enough_data: boolean;
  sentence: { zh: string; en: string };
};
export type CampaignReport = {
  eligible: number;
  held_out: number;
  treated: number;
  suppressed: { reason: string; count: number }[];
  sent: number;
  delivered: number;
  failed: number;
  unknown: number;
  opened: number;
  clicked: number;
  complained: number;
  converted: number;
  by_day: { at: string; sent: number; delivered: number; opened: number; converted: number }[];
  lift: Lift | null;
  holdout?: Arm; // of the institution's own holdout
};
export type PeopleSet =
  | 'eligible'
  | 'treated'
  | 'held_out'
  | 'suppressed'
  | 'sent'
  | 'delivered'
  | 'opened'
  | 'clicked'
  | 'complained'
  | 'converted'
  | 'failed'
  | 'unknown';
export type ContactPolicy = {
  caps: { channel: ChannelKind | 'any'; per: 'day' | 'week' | 'month'; limit: number }[];
  quiet_hours: { from: string; to: string; action: 'defer' | 'drop' } | null;
  holdout_share: number;
  version?: number;
};
export type Channel = Stored & {
  kind: ChannelKind;
  name: string;
  settings: Record<string, string | number | boolean | null>;
  rate_per_s: number;
  active: boolean;
  health?: {
    state: 'closed' | 'open' | 'half_open';
    sent_1h: number;
    failed_1h: number;
    last_error: string | null;
  };
};

// Insight and boards

export type Period = { within?: string; from?: string; to?: string; as_of?: string };
export type MetricQuestion = Period & {
  event: string;
  where?: unknown[];
  measure: string;
  per: 'day' | 'week' | 'month' | 'total';
  by?: string[];
  audience?: Rule;
  compare?: boolean; // also ask the period before
};
export type MetricSeries = {
  group: (string | null)[];
  points: { at: string; value: number | null }[];
};
export type MetricAnswer = {
  series: MetricSeries[];
  previous?: { series: MetricSeries[] };
  elapsed_ms: number;
  data_version: string | number;
};
export type TileChart = 'number' | 'line' | 'bar' | 'table';
export type Tile = {
  id: string;
  title: string;
  title_zh: string;
  question: { kind: 'metric'; metric: MetricQuestion };
  chart: TileChart;
  x: number;
  y: number;
  w: number;
  h: number;
};
export type Board = Stored & { name: string; tiles: Tile[]; shared_with: string[] };
export type Overview = {
  needs_me: { kind: string; title: string; link: string; count: number }[];
  running: Campaign[];
  numbers: {
    key: 'mau' | 'dau' | 'new_customers' | 'contacts';
    value: number;
    previous: number;
    series: number[];
  }[];
  health: Record<string, unknown>;
};
export type SearchHit = {
  kind: 'audience' | 'campaign' | 'event' | 'tag' | 'board' | 'page' | 'customer';
  id: string;
  name: string;
  link: string;
};
