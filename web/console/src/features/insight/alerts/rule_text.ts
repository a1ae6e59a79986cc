// The rule of an alert while it is typed, and in words.

import type { AlertRule } from '@/api/types';
import type { Language } from '@/api/types';
import type { Translate } from '@/i18n';
import { exact_number } from '@/ui/numbers';

export type RuleDraft = {
  kind: AlertRule['kind'];
  threshold: number | null;
  seasons: number;
  spread: 'percent' | 'deviations';
  tolerance: number | null;
  side: 'both' | 'above' | 'below';
};

export const fresh_rule: RuleDraft = {
  kind: 'season',
  threshold: null,
  seasons: 4,
  spread: 'percent',
  tolerance: 30,
  side: 'both',
};

export function draft_of_rule(rule: AlertRule): RuleDraft {
  if (rule.kind !== 'season') return { ...fresh_rule, kind: rule.kind, threshold: rule.threshold };
  const { seasons = 4, spread = 'percent', tolerance, side = 'both' } = rule;
  return { ...fresh_rule, kind: 'season', seasons, spread, tolerance, side };
}

// Null while a number is missing.
export function rule_of_draft(draft: RuleDraft): AlertRule | null {
  if (draft.kind !== 'season')
    return draft.threshold === null ? null : { kind: draft.kind, threshold: draft.threshold };
  const { kind, seasons, spread, tolerance, side } = draft;
  return tolerance === null || tolerance <= 0 ? null : { kind, seasons, spread, tolerance, side };
}

export function rule_text(rule: AlertRule, t: Translate, language: Language): string {
  if (rule.kind !== 'season')
    return t(`alert.reads.${rule.kind}`, { threshold: exact_number(rule.threshold, language) });
  return t(`alert.reads.${rule.spread ?? 'percent'}`, {
    side: t(`alert.side.${rule.side ?? 'both'}`),
    seasons: rule.seasons ?? 4,
    tolerance: exact_number(rule.tolerance, language),
  });
}
