// The board that one click puts together: who is active, who is new, where, and doing what.

import type { MetricAsked } from '@/api/question_types';
import type { Tile, TileChart, Vocabulary } from '@/api/types';

type Ready = [string, string, string, MetricAsked, TileChart, number, number, number, number];

const metric = (
  event: string,
  measure: string,
  per: MetricAsked['per'],
  within: string,
  by?: string,
) => ({ event, measure, per, within, ...(by ? { by: [by] } : {}) }) satisfies MetricAsked;

const always: Ready[] = [
  [
    'mau',
    'Monthly active customers',
    '月活客户',
    metric('$any', 'unique', 'total', '30d'),
    'number',
    0,
    0,
    3,
    2,
  ],
  [
    'dau',
    'Active today',
    '今日活跃客户',
    metric('$any', 'unique', 'total', 'today'),
    'number',
    3,
    0,
    3,
    2,
  ],
  [
    'wau',
    'Active in 7 days',
    '近 7 日活跃客户',
    metric('$any', 'unique', 'total', '7d'),
    'number',
    6,
    0,
    3,
    2,
  ],
  [
    'depth',
    'Events per customer',
    '人均事件数',
    metric('$any', 'per_person', 'total', '7d'),
    'number',
    9,
    0,
    3,
    2,
  ],
  [
    'daily',
    'Daily active customers',
    '每日活跃客户',
    metric('$any', 'unique', 'day', '30d'),
    'line',
    0,
    2,
    8,
    4,
  ],
];
const by_channel: Ready = [
  'channel',
  'Active by channel',
  '各渠道活跃客户',
  metric('$any', 'unique', 'total', '30d', 'channel'),
  'bar',
  8,
  2,
  4,
  4,
];

// Only questions that this bank's data can answer.
export function ready_made_tiles(vocabulary: Vocabulary | undefined): Tile[] {
  const has_channel = vocabulary?.events.some((event) =>
    event.properties.some((property) => property.name === 'channel'),
  );
  return [...always, ...(has_channel ? [by_channel] : [])].map(
    ([id, title, title_zh, question, chart, x, y, w, h]) => ({
      id,
      title,
      title_zh,
      question: { kind: 'metric', metric: { ...question, compare: chart === 'number' } },
      chart,
      x,
      y,
      w,
      h,
    }),
  );
}
