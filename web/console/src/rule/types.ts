// The rule tree of the management API: one JSON tree that describes any group of customers.

import type { components } from '@/api/schema';

type Shapes = components['schemas'];

export type Scalar = Shapes['Scalar'];
export type TagOp = Shapes['TagOp'];
export type CompareOp = Shapes['CompareOp'];
export type RuleValue = Shapes['RuleValue'];

export type Where = Shapes['Where'];
export type PeriodFields = Pick<EventRule, 'within' | 'from' | 'to'>;

export type TagRule = Shapes['TagRule'];
export type EventRule = Shapes['EventRule'];
export type AudienceRule = Shapes['AudienceRule'];
export type OrgRule = Shapes['OrgRule'];
export type ConsentRule = Shapes['ConsentRule'];
export type ScoreRule = Shapes['ScoreRule'];
// As the builder holds them: with what a rule may leave out and the server takes for granted.
export type SequenceRule = Shapes['SequenceRule'] & { op: CompareOp; reached: RuleValue };
export type IdentityRule = Required<Shapes['IdentityRule']>;

export type Leaf =
  | TagRule
  | EventRule
  | SequenceRule
  | AudienceRule
  | OrgRule
  | ConsentRule
  | IdentityRule
  | ScoreRule;
export type Rule = Shapes['Rule'];

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
