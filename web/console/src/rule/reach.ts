// How far back a rule looks, where it can matter that old behaviour is not kept.

import type { Rule } from './types';

// Whether a condition on behaviour has no period. The rule of another audience is not known here.
export function reaches_back(rule: Rule): boolean {
  if ('all' in rule) return rule.all.some(reaches_back);
  if ('any' in rule) return rule.any.some(reaches_back);
  if ('not' in rule) return reaches_back(rule.not);
  if ('audience' in rule) return true;
  if ('event' in rule || 'sequence' in rule) return !rule.within && !rule.from && !rule.to;
  return false;
}
