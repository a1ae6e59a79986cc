import { expect, test } from 'vitest';
import type { Rule } from '@/rule/types';
import { people_question } from '../api/people';
import { cut, request_of, ways_of, type OpenedPeople } from './kept';

const rule: Rule = { event: 'login', within: '7d' };
const cell: OpenedPeople = {
  of: people_question(
    'retention',
    { first: { event: 'open' }, then: { event: 'login' }, unit: 'day', periods: 7 },
    { at: '2026-10-01', period: 3, outcome: 'lost' },
  ),
  title: 'Day 3',
};

test('people are offered as they are now, and by their rule where one says who they are', () => {
  expect(ways_of(cell)).toEqual(['fixed']);
  expect(ways_of({ ...cell, rule: null })).toEqual(['fixed']);
  expect(ways_of({ ...cell, rule })).toEqual(['fixed', 'living']);
});

test('fixed people are named by the question and what selects of its answer', () => {
  expect(request_of({ opened: cell, way: 'fixed', name: ' Day 3 ', description: 'why' })).toEqual({
    path: '/audiences/fixed',
    body: {
      name: 'Day 3',
      description: 'why',
      people: {
        retention: {
          first: { event: 'open' },
          then: { event: 'login' },
          unit: 'day',
          periods: 7,
        },
        at: '2026-10-01',
        period: 3,
        outcome: 'lost',
      },
    },
  });
});

test('the living way keeps the rule alone, and is fixed where there is none', () => {
  const kept = { way: 'living', name: 'n', description: '' } as const;
  expect(request_of({ opened: { ...cell, rule }, ...kept })).toEqual({
    path: '/audiences',
    body: { name: 'n', description: '', rule, refresh: 'daily' },
  });
  expect(request_of({ opened: cell, ...kept }).path).toBe('/audiences/fixed');
});

test('a long name is cut between letters', () => {
  expect(cut('流失'.repeat(40), 60)).toHaveLength(60);
  expect(cut('🙂🙂🙂', 2)).toBe('🙂🙂');
});
