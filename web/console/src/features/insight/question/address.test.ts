import { describe, expect, test } from 'vitest';
import type { Vocabulary } from '@/api/types';
import { draft_of, fragment_of } from './address';
import { is_whole, question_kinds, turned, without_end, with_pick, type Draft, type DraftOf } from './draft';
import { ready_made } from '../../../../mock/ready_made.mjs';
import { blank_draft, examples_for } from './examples';
import { tile_chart } from './tile';

const vocabulary = {
  tags: [
    { name: 'tier', name_zh: '', name_en: '', type: 'string', values: [] },
    { name: 'id_number', name_zh: '', name_en: '', type: 'sealed', values: [] },
  ],
  events: [
    {
      name: 'transfer',
      name_zh: '',
      name_en: '',
      properties: [
        { name: 'payee', type: 'sealed', values: [] },
        { name: 'bank', type: 'string', values: [] },
      ],
    },
  ],
  orgs: [],
  consents: [],
  identities: [],
  audiences: [],
} as unknown as Vocabulary;
const there_and_back = (draft: Draft) => draft_of(draft.kind, fragment_of(draft, vocabulary));

describe('a question survives the way through an address', () => {
  test.each(question_kinds)('%s', (kind) => {
    const draft = blank_draft(kind);
    expect(there_and_back(draft)).toEqual(draft);
  });

  test('with Chinese values, an audience and a second model', () => {
    const draft: Draft = {
      ...(blank_draft('attribution') as DraftOf<'attribution'>),
      second: 'shapley',
    };
    draft.ask = {
      ...draft.ask,
      audience: {
        all: [{ tag: 'tier', op: 'in', value: ['黄金', '钻石'] }, { not: { org: '33' } }],
      },
    };
    expect(there_and_back(draft)).toEqual(draft);
  });

  test('split by audiences', () => {
    const draft = blank_draft('funnel') as DraftOf<'funnel'>;
    const ask = { ...draft.ask, by: { audiences: ['aud_1', 'aud_2'] } };
    expect(there_and_back({ ...draft, ask })).toEqual({ ...draft, ask });
    expect(is_whole({ ...draft, ask: { ...ask, by: { audiences: [] } } })).toBe(false);
    const metric = blank_draft('metric') as DraftOf<'metric'>;
    const split = { ...metric, ask: { ...metric.ask, by: { audiences: ['aud_1'] } } };
    expect(there_and_back(split)).toEqual(split);
    expect(tile_chart({ ...split, ask: { ...split.ask, per: 'total' } })).toBe('bar');
  });

  test('the fragment holds only letters that need no escape', () => {
    for (const { draft } of examples_for(vocabulary, ready_made))
      expect(fragment_of(draft, vocabulary)).toMatch(/^#1\.[A-Za-z0-9_-]+$/);
  });
});

describe('nothing personal stands in an address', () => {
  const decoded = (draft: Draft) => JSON.stringify(there_and_back(draft));

  test('the value of a sealed property is left out, others stay', () => {
    const where = [
      { property: 'payee', op: 'eq' as const, value: '6222020012345678' },
      { property: 'bank', op: 'eq' as const, value: '他行' },
    ];
    const draft = with_pick(blank_draft('distribution'), 'self', { event: 'transfer', where });
    expect(decoded(draft)).not.toContain('6222020012345678');
    expect(decoded(draft)).toContain('payee');
    expect(decoded(draft)).toContain('他行');
  });

  test('also inside the audience', () => {
    const draft = blank_draft('lifecycle') as DraftOf<'lifecycle'>;
    const audience = {
      all: [
        { not: { tag: 'id_number', op: 'eq' as const, value: '330106199001011234' } },
        { event: 'transfer', where: [{ property: 'payee', op: 'eq' as const, value: '王伟' }] },
      ],
    };
    expect(decoded({ ...draft, ask: { ...draft.ask, audience } })).not.toMatch(/330106|王伟/);
  });
});

describe('what is no question is refused', () => {
  const packed = (value: unknown) => `#1.${btoa(JSON.stringify(value))}`;
  test.each([
    ['nothing', ''],
    ['an anchor', '#top'],
    ['broken text', '#1.%%%'],
    ['another version', '#2.e30'],
    ['no list', packed({})],
    ['one step', packed([{ steps: [{ event: 'a' }], window: '1d' }])],
    ['a step without event', packed([{ steps: [{ event: 'a' }, {}], window: '1d' }])],
    ['a window that is a number', packed([{ steps: [{ event: 'a' }, { event: 'b' }], window: 1 }])],
    [
      'an audience that is no rule',
      packed([{ steps: [{ event: 'a' }, { event: 'b' }], window: '1d', audience: { x: 1 } }]),
    ],
  ])('%s', (_, fragment) => expect(draft_of('funnel', fragment)).toBeNull());

  test('paths need exactly one end', () => {
    const start = { event: 'a' };
    const rest = { gap: '30m', steps: 3 };
    expect(draft_of('paths', packed([rest]))).toBeNull();
    expect(draft_of('paths', packed([{ ...rest, start, end: start }]))).toBeNull();
    expect(draft_of('paths', packed([{ ...rest, start }]))).not.toBeNull();
  });
});

describe('changes', () => {
  test('a removed step takes the exclusions behind it along', () => {
    const draft: Draft = {
      kind: 'funnel',
      ask: {
        steps: [{ event: 'a' }, { event: 'b' }, { event: 'c' }],
        window: '1d',
        within: '7d',
        exclude: [
          { event: 'x', after: 1 },
          { event: 'y', after: 2 },
        ],
      },
    };
    expect(with_pick(draft, 'steps.2', null).ask).toMatchObject({
      steps: [{ event: 'a' }, { event: 'b' }],
      exclude: [{ event: 'x', after: 1 }],
    });
  });

  test('a path always has an end', () => {
    const paths = blank_draft('paths') as DraftOf<'paths'>;
    const { gap: _gap, ...rest } = paths.ask;
    const held: Draft = { ...paths, ask: { ...rest, hold: 'session', window: '1h' } };
    const inside = without_end(held, 'hold');
    expect(inside.ask).toEqual({ ...rest, window: '1h' });
    expect(without_end(inside, 'window').ask).toEqual({ ...rest, gap: '30m' });
  });

  test('turning paths twice changes nothing', () => {
    const draft = blank_draft('paths') as DraftOf<'paths'>;
    const back = turned(draft) as DraftOf<'paths'>;
    expect(back.ask.end).toEqual(draft.ask.start);
    expect(turned(back)).toEqual(draft);
  });
});
