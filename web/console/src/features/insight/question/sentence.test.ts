import { createIntl } from 'react-intl';
import { describe, expect, test } from 'vitest';
import type { Split } from '@/api/question_types';
import type { Language, Vocabulary, VocabularyTag } from '@/api/types';
import type { Translate } from '@/i18n';
import { en } from '@/i18n/en';
import { zh } from '@/i18n/zh';
import { names_of } from '@/rule/names';
import type { Draft } from './draft';
import { ready_made } from '../../../../mock/ready_made.mjs';
import { examples_for } from './examples';
import { offers_of } from './offered';
import { parts_of, read_out, type Words } from './sentence';
import { chip, glued, text as words } from './sentence_parts';

const text = (name: string, zh_name: string, en_name: string): VocabularyTag => ({
  name,
  name_zh: zh_name,
  name_en: en_name,
  type: 'string',
  meaning: '',
  unit: '',
  values: [],
});
const vocabulary: Vocabulary = {
  tags: [text('tier', '等级', 'Tier')],
  events: [
    {
      name: 'view',
      name_zh: '浏览',
      name_en: 'View',
      meaning: '', properties: [text('channel', '渠道', 'Channel')],
    },
    { name: 'buy', name_zh: '购买', name_en: 'Buy', meaning: '', properties: [] },
  ],
  orgs: [],
  consents: [],
  identities: [],
  audiences: [{ id: 'aud_1', name: '代发客户' }],
};

function words_in(language: Language): Words {
  const intl = createIntl({ locale: language, messages: language === 'zh' ? zh : en });
  const t: Translate = (key, values) => intl.formatMessage({ id: key }, values) as string;
  return { t, language, names: names_of(vocabulary, language) };
}
const reads = (draft: Draft, language: Language) =>
  read_out(parts_of(draft, words_in(language)), language);

const funnel: Draft = {
  kind: 'funnel',
  ask: {
    steps: [
      { event: 'view', where: [{ property: 'channel', op: 'eq', value: 'app' }] },
      { event: 'buy' },
    ],
    window: '7d',
    within: '30d',
    by: ['tag:tier'],
    audience: { audience: 'aud_1' },
  },
};

const cases: [string, Draft, string, string][] = [
  [
    'a funnel',
    funnel,
    '人群「代发客户」在 30 天内依次「浏览」（渠道是手机银行）→「购买」，从头到尾不超过 7 天，按等级拆分',
    'Of audience “代发客户”, who did “View” where Channel is app, → “Buy” in the last 30 days, all inside 7 days, by Tier',
  ],
  [
    'retention',
    {
      kind: 'retention',
      ask: {
        first: { event: '$new_customer' },
        then: { event: '$any' },
        unit: 'week',
        periods: 8,
        within: '90d',
      },
    },
    '所有客户在 90 天内从成为新客户起，每周有多少人再有任意行为，看 8 周，当期来过算回来',
    'Of all customers who first did becoming a customer in the last 90 days, how many come back to anything each week, for 8 weeks, counting those in that unit',
  ],
  [
    'a funnel by audiences',
    {
      kind: 'funnel',
      ask: {
        steps: [{ event: 'view' }, { event: 'buy' }],
        window: '7d',
        within: '30d',
        by: { audiences: ['aud_1'] },
      },
    },
    '所有客户在 30 天内依次「浏览」→「购买」，从头到尾不超过 7 天，按是否在人群代发客户中拆分',
    'Of all customers, who did “View” → “Buy” in the last 30 days, all inside 7 days, by audience 代发客户',
  ],
  [
    'retention from the first purchase ever',
    {
      kind: 'retention',
      ask: {
        first: { event: 'buy' },
        first_ever: true,
        then: { event: '$any' },
        unit: 'week',
        periods: 8,
        within: '90d',
      },
    },
    '所有客户在 90 天内从「购买」（有史以来第一次）起，每周有多少人再有任意行为，看 8 周，当期来过算回来',
    'Of all customers who first did “Buy” (first ever) in the last 90 days, how many come back to anything each week, for 8 weeks, counting those in that unit',
  ],
  [
    'paths inside a window',
    { kind: 'paths', ask: { start: { event: 'view' }, window: '1h', steps: 3, within: '7d' } },
    '所有客户在 7 天内「浏览」之后的 3 步，前后不超过 1 小时',
    'Of all customers, the 3 steps after “View” in the last 7 days, all inside 1 hour',
  ],
  [
    'paths backwards',
    {
      kind: 'paths',
      ask: { end: { event: 'buy' }, gap: '30m', steps: 3, within: '7d', leave_out: ['view'] },
    },
    '所有客户在 7 天内「购买」之前的 3 步，停顿超过 30 分钟就算走完，不看「浏览」',
    'Of all customers, the 3 steps before “Buy” in the last 7 days, ended by a pause over 30 minutes, without “View”',
  ],
];

describe('a question reads as a sentence', () => {
  test.each(cases)('%s', (_, draft, in_zh, in_en) => {
    expect(reads(draft, 'zh')).toBe(in_zh);
    expect(reads(draft, 'en')).toBe(in_en);
  });

  test('what is missing asks to be chosen', () => {
    const parts = parts_of(
      {
        kind: 'interval',
        ask: { first: { event: 'view' }, then: { event: '' }, window: '7d', within: '30d' },
      },
      words_in('zh'),
    );
    const missing = parts.filter((part) => part.kind === 'chip' && part.missing);
    expect(missing).toEqual([expect.objectContaining({ slot: 'then' })]);
  });

  test('every chip of a where names its place', () => {
    const slots = parts_of(funnel, words_in('zh')).flatMap((part) =>
      part.kind === 'chip' ? [part.slot] : [],
    );
    expect(slots).toEqual([
      'audience',
      'period',
      'steps.0',
      'steps.0.where.0',
      'steps.1',
      'window',
      'by.0',
    ]);
  });
});

test('what the question already has is not offered again', () => {
  const offered = offers_of(funnel, words_in('en')).map((one) => one.slot);
  expect(offered).toEqual(['steps', 'per', 'hold', 'exclude']); // neither split again
});

test('a metric is split by audiences, or by properties and tags, of which the largest are shown', () => {
  const ask = { event: 'view', measure: 'count', per: 'day', within: '7d' } as const;
  const offered = (by: Split | undefined) =>
    offers_of({ kind: 'metric', ask: { ...ask, by } }, words_in('en')).map((one) => one.slot);
  expect(offered(undefined)).toEqual(['parts', 'by', 'audiences', 'average', 'compare']);
  expect(offered(['channel'])).toEqual(['parts', 'by', 'top', 'average', 'compare']);
  expect(offered({ audiences: ['aud_1'] })).toEqual(['parts', 'average', 'compare']);
  const split: Draft = { kind: 'metric', ask: { ...ask, by: { audiences: ['aud_1'] } } };
  expect(reads(split, 'zh')).toContain('代发客户');
  expect(reads(split, 'en')).toContain('代发客户');
});

test('only questions that the data can answer are ready-made', () => {
  const has = (event: string, properties: Vocabulary['events'][0]['properties'] = []) => ({
    name: event,
    name_zh: '',
    name_en: '',
    meaning: '',
    properties,
  });
  const ids = (events: Vocabulary['events']) =>
    examples_for({ ...vocabulary, events }, ready_made).map((one) => one.id);
  expect(ids([has('view')])).not.toContain('after_login');
  expect(ids([has('login')])).toContain('after_login');
  expect(ids([has('error_shown')])).not.toContain('errors_by_code');
  expect(ids([has('error_shown', [text('code', '', '')])])).toContain('errors_by_code');
});

test('punctuation stays with what it follows, so that no line begins with it', () => {
  const parts = [chip('a', '登录'), words('，从头到尾不超过 '), chip('b', '1 天'), words('，'), chip('c', '每周')];
  expect(glued(parts)).toEqual([
    { part: chip('a', '登录'), tail: '，' },
    { part: words('从头到尾不超过'), tail: '' },
    { part: chip('b', '1 天'), tail: '，' },
    { part: chip('c', '每周'), tail: '' },
  ]);
  expect(glued([words('，从'), chip('a', '登录')])[0]).toEqual({ part: words('，从'), tail: '' });
});
