// What becomes of people who are kept as an audience: fixed are these people as they are now, living
// is the rule that found them, which others fit later.

import type { PeopleQuestion } from '@/api/types';
import type { Rule } from '@/rule/types';

export type Way = 'fixed' | 'living';

export type OpenedPeople = {
  of: PeopleQuestion;
  title: string;
  name?: string; // where the title says more than a name should
  rule?: Rule | null; // who they are as a rule, where there is one
};

export const name_of = (opened: OpenedPeople): string => opened.name ?? opened.title;

export type KeptPeople = {
  opened: OpenedPeople;
  way: Way;
  name: string;
  description: string;
};

export const most_letters = { name: 60, description: 1000 };

export const ways_of = (opened: OpenedPeople): Way[] =>
  opened.rule ? ['fixed', 'living'] : ['fixed'];

// Letters beyond the basic plane count as one, so that none is cut in two.
export const cut = (text: string, letters: number): string =>
  Array.from(text.trim()).slice(0, letters).join('');

export function request_of({ opened, way, name, description }: KeptPeople): {
  path: string;
  body: Record<string, unknown>;
} {
  const told = {
    name: cut(name, most_letters.name),
    description: cut(description, most_letters.description),
  };
  return way === 'living' && opened.rule
    ? { path: '/audiences', body: { ...told, rule: opened.rule, refresh: 'daily' } }
    : { path: '/audiences/fixed', body: { ...told, people: opened.of } };
}
