// The rule tree of the management API: one JSON tree that describes any group of customers.

export type Scalar = string | number | boolean;
export type TagOp =
  | 'eq'
  | 'ne'
  | 'in'
  | 'not_in'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'between'
  | 'exists'
  | 'missing'
  | 'contains';
export type CompareOp = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte' | 'between';
export type RuleValue = Scalar | Scalar[];

export type Where = { property: string; op: TagOp; value?: RuleValue };
export type PeriodFields = { within?: string; from?: string; to?: string };

export type TagRule = { tag: string; op: TagOp; value?: RuleValue };
export type EventRule = PeriodFields & {
  event: string;
  measure?: string;
  op?: CompareOp;
  value?: RuleValue;
  where?: Where[];
};
export type SequenceRule = PeriodFields & {
  sequence: { event: string; where?: Where[] }[];
  window: string;
  reached: number;
  op: CompareOp;
};
export type AudienceRule = { audience: string };
export type OrgRule = { org: string };
export type ConsentRule = { consent: string };
export type IdentityRule = { identity: string; op: 'exists' | 'missing' };
export type ScoreRule = { score: string; op: 'top' | 'lt' | 'lte' | 'gt' | 'gte'; value: number };

export type Leaf =
  | TagRule
  | EventRule
  | SequenceRule
  | AudienceRule
  | OrgRule
  | ConsentRule
  | IdentityRule
  | ScoreRule;
export type Rule = { all: Rule[] } | { any: Rule[] } | { not: Rule } | Leaf;

export type LeafKind =
  'tag' | 'event' | 'sequence' | 'audience' | 'org' | 'consent' | 'identity' | 'score';

export const leaf_kinds: LeafKind[] = [
  'tag',
  'event',
  'sequence',
  'audience',
  'org',
  'consent',
  'identity',
  'score',
];
