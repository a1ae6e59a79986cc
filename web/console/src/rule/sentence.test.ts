import { describe, expect, test } from 'vitest';
import type { ValueType, Vocabulary } from '@/api/types';
import { names_of } from './names';
import { sentence_of } from './sentence';
import type { Rule } from './types';

const word = (name: string, name_zh: string, name_en: string) => ({ name, name_zh, name_en });
const thing = (...names: [string, string, string]) => ({ ...word(...names), meaning: '' });
const valued = (type: ValueType, ...names: [string, string, string]) => ({
  ...thing(...names),
  type,
  unit: '',
  values: [],
});
const vocabulary: Vocabulary = {
  tags: [
    valued('string', 'level', '客户等级', 'Tier'),
    valued('number', 'age', '年龄', 'Age'),
    valued('number', 'score:churn_30d', '流失倾向', 'churn risk'),
  ],
  events: [
    {
      ...thing('fund_detail_view', '浏览基金详情', 'View fund detail'),
      properties: [valued('string', 'channel', '渠道', 'Channel')],
    },
    { ...thing('fund_purchase', '购买基金', 'Buy fund'), properties: [] },
    {
      ...thing('payment', '支付', 'Payment'),
      properties: [valued('number', 'amount', '金额', 'Amount')],
    },
  ],
  orgs: [{ code: '3301', name: '滨江分行', parent: null, kind: 'branch' }],
  consents: [word('marketing.sms', '营销短信', 'marketing by SMS')],
  identities: [word('phone', '手机号', 'phone')],
  audiences: [{ id: 'aud_1', name: '代发客户' }],
};
const zh = (rule: Rule) => sentence_of(rule, names_of(vocabulary, 'zh'), 'zh');
const en = (rule: Rule) => sentence_of(rule, names_of(vocabulary, 'en'), 'en');

const cases: [string, Rule, string, string][] = [
  ['everyone', { all: [] }, '所有人', 'everyone'],
  ['no one', { any: [] }, '没有人', 'no one'],
  [
    'people who were kept',
    { tag: '$fixed_audiences', op: 'contains', value: 'aud_1' },
    '在固定人群「代发客户」',
    'is in the fixed audience “代发客户”',
  ],
  [
    'a tag in a list',
    { tag: 'level', op: 'in', value: ['黄金', '钻石'] },
    '客户等级属于黄金、钻石',
    'Tier is one of 黄金, 钻石',
  ],
  [
    'a tag between',
    { tag: 'age', op: 'between', value: [25, 40] },
    '年龄介于 25 至 40',
    'Age is between 25 and 40',
  ],
  ['a tag without a value', { tag: 'age', op: 'missing' }, '年龄没有值', 'Age has no value'],
  [
    'an event some times with a property',
    {
      event: 'fund_detail_view',
      within: '30d',
      op: 'gte',
      value: 3,
      where: [{ property: 'channel', op: 'eq', value: 'app' }],
    },
    '30 天内有过「浏览基金详情」（渠道是手机银行）≥ 3 次',
    'did “View fund detail” where Channel is app, ≥ 3 times in the last 30 days',
  ],
  [
    'an event that did not happen',
    { not: { event: 'fund_purchase', within: '7d' } },
    '7 天内没有「购买基金」',
    'did not “Buy fund” in the last 7 days',
  ],
  [
    'a sum in a calendar month',
    { event: 'payment', within: 'this_month', measure: 'sum:amount', op: 'gte', value: 100000 },
    '本月有过「支付」金额合计 ≥ 100,000',
    'did “Payment” with total Amount ≥ 100,000 this month',
  ],
  [
    'the age of the last time',
    { event: 'payment', within: '90d', measure: 'last', op: 'gte', value: '14d' },
    '90 天内有过「支付」最近一次距今 ≥ 14 天',
    'did “Payment” last time ≥ 14 days ago in the last 90 days',
  ],
  [
    'a sequence that stopped',
    {
      sequence: [{ event: 'fund_detail_view' }, { event: 'fund_purchase' }],
      within: '30d',
      window: '1h',
      reached: 1,
      op: 'eq',
    },
    '30 天内依次「浏览基金详情」→「购买基金」在 1 小时内恰好走到第 1 步',
    'in order “View fund detail” then “Buy fund”, inside 1 hour, stopped after step 1 in the last 30 days',
  ],
  [
    'an audience left out',
    { not: { audience: 'aud_1' } },
    '不在人群「代发客户」',
    'is not in audience “代发客户”',
  ],
  ['a unit', { org: '3301' }, '属于滨江分行及下辖机构', 'belongs to 滨江分行 or a unit below'],
  ['a consent', { consent: 'marketing.sms' }, '已同意营销短信', 'has agreed to marketing by SMS'],
  ['an identity, as a rule may shorten it', { identity: 'phone' }, '有手机号', 'has a phone'],
  [
    'a sequence of which only the steps are given',
    { sequence: [{ event: 'fund_detail_view' }, { event: 'fund_purchase' }] },
    '任何时候依次「浏览基金详情」→「购买基金」不限时长全部走完',
    'in order “View fund detail” then “Buy fund”, in any time, completed at any time',
  ],
  [
    'an event since a day',
    { event: 'payment', from: '2026-09-01' },
    '2026-09-01 起有过「支付」',
    'did “Payment” since 2026-09-01',
  ],
  ['an identity that lacks', { identity: 'phone', op: 'missing' }, '没有手机号', 'has no phone'],
  [
    'the top of a score',
    { score: 'churn_30d', op: 'top', value: 0.1 },
    '流失倾向排名前 10%',
    'churn risk is in the top 10%',
  ],
  [
    'groups in groups',
    {
      all: [
        { tag: 'age', op: 'gte', value: 60 },
        { any: [{ org: '3301' }, { not: { tag: 'level', op: 'eq', value: '普通' } }] },
      ],
    },
    '年龄 ≥ 60，且（属于滨江分行及下辖机构，或不满足客户等级是普通）',
    'Age ≥ 60, and (belongs to 滨江分行 or a unit below, or not true that Tier is 普通)',
  ],
];

describe('a rule reads as a sentence', () => {
  test.each(cases)('%s', (_, rule, in_zh, in_en) => {
    expect(zh(rule)).toBe(in_zh);
    expect(en(rule)).toBe(in_en);
  });

  test('names that the vocabulary lacks are shown as they are', () => {
    expect(zh({ tag: 'unheard_of', op: 'exists' })).toContain('unheard_of');
  });
});
