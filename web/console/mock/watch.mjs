// What the mock watches: annotations, alerts, work items and notices.

import { at, day_ms, now } from './bank.mjs';
import { day_of, metric } from './metric.mjs';

const day = (ago) => day_of(now - ago * day_ms);

export const annotations = [
  [12, 'release', '手机银行 6.2 上线'],
  [5, 'campaign', '秋季理财节'],
  [20, 'holiday', '国庆节'],
].map(([ago, kind, text], i) => ({
  id: `ann_${i + 1}`,
  day: day(ago),
  kind,
  text,
  author: '孙伟',
  version: 1,
  created_at: at(ago),
  created_by: 'usr_5',
  updated_at: at(ago),
  updated_by: 'usr_5',
}));

const alert = (id, name, ask, rule, more) => ({
  id,
  name,
  metric: { per: 'day', within: '30d', ...ask },
  rule,
  at: '08:00',
  recipients: ['usr_1', 'usr_5'],
  assignee: 'usr_2',
  opens_item: true,
  active: true,
  state: 'ok',
  since: null,
  acknowledged_by: '',
  checked_at: at(0.2),
  problem: '',
  owner: '孙伟',
  version: 1,
  created_at: at(60),
  created_by: 'usr_5',
  updated_at: at(60),
  updated_by: 'usr_5',
  ...more,
});

const transfers = { event: 'transfer_done', measure: 'count' };
export const alerts = [
  alert(
    'alr_1',
    '每日转账笔数',
    transfers,
    { kind: 'season', seasons: 4, spread: 'percent', tolerance: 30, side: 'both' },
    { state: 'firing', since: at(0.2) },
  ),
  alert('alr_2', '日活客户', { event: '$any', measure: 'unique' }, { kind: 'below', threshold: 10 }),
];

const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

function judged(rule, value, earlier) {
  if (rule.kind === 'above')
    return { low: null, high: rule.threshold, known: true, out: value > rule.threshold };
  if (rule.kind === 'below')
    return { low: rule.threshold, high: null, known: true, out: value < rule.threshold };
  if (earlier.length < 3) return { low: null, high: null, known: false, out: false };
  const middle = median(earlier);
  const room =
    rule.spread === 'deviations'
      ? median(earlier.map((one) => Math.abs(one - middle))) * rule.tolerance
      : (Math.abs(middle) * rule.tolerance) / 100;
  const low = rule.side === 'above' ? null : middle - room;
  const high = rule.side === 'below' ? null : middle + room;
  const out = (low !== null && value < low) || (high !== null && value > high);
  return { low, high, known: true, out };
}

export function preview({ metric: asked, rule }) {
  const shown = { day: 90, week: 52, month: 24 }[asked.per];
  const { points } = metric({ ...asked, within: `${asked.per === 'day' ? 118 : 400}d` }).series[0];
  const step = asked.per === 'day' ? 7 : 1;
  const checks = points.map((point, i) => ({
    at: point.at,
    value: point.value,
    ...judged(
      rule,
      point.value ?? 0,
      Array.from({ length: rule.seasons ?? 4 }, (_, k) => points[i - (k + 1) * step]?.value)
        .filter((value) => value !== undefined && value !== null),
    ),
  }));
  const last = checks.slice(-shown);
  const episodes = last.filter((one, i) => one.out && !last[i - 1]?.out).length;
  return { checks: last, episodes };
}

const figures = { at: day(1), per: 'day', value: 96, low: 128.8, high: 239.2 };
export const work_items = [
  ['wrk_2', 'alert', '每日转账笔数', '', figures, '/insights/alerts/alr_1', 'open', ''],
  ['wrk_1', 'manual', '核对理财节名单', '上周投诉有两位', {}, '/audiences', 'done', '名单已更正'],
].map(([id, kind, title, why, seen, link, item_state, note]) => ({
  id,
  kind,
  title,
  why,
  figures: seen,
  link,
  subject: kind === 'alert' ? 'alr_1' : '',
  assignee: 'usr_2',
  assignee_name: '周敏',
  state: item_state,
  note,
  author: kind === 'alert' ? 'Qiao' : '孙伟',
  version: 1,
  created_at: at(0.2),
  created_by: 'system',
  updated_at: at(0.2),
  updated_by: 'system',
}));

export const notices = [
  {
    id: 'ntc_1',
    kind: 'alert',
    title: '每日转账笔数',
    figures,
    link: '/insights/alerts/alr_1',
    at: at(0.2),
    read: false,
  },
];
