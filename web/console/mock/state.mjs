// What the mock bank has configured: audiences, campaigns, channels, people, dictionary, boards.

import {
  at,
  between,
  consents,
  customers,
  events,
  identities,
  orgs,
  pick,
  random,
  tags,
  weight,
} from './bank.mjs';
import { members } from './evaluate.mjs';

export const all_permissions = [
  'view',
  'view_customers',
  'view_personal',
  'edit_customers',
  'edit_dictionary',
  'import_data',
  'edit_audiences',
  'edit_campaigns',
  'approve_campaigns',
  'edit_boards',
  'manage_settings',
  'manage_people',
  'erase_customers',
  ...['view_audit', 'run_sql'],
];

const plus = (...more) => ['view', ...more];
export const roles = [
  { role: 'administrator', name: '管理员', permissions: all_permissions },
  {
    role: 'operator',
    name: '运营',
    permissions: plus(
      'view_customers',
      'edit_customers',
      'edit_dictionary',
      'import_data',
      'edit_audiences',
      'edit_campaigns',
      'edit_boards',
    ),
  },
  { role: 'approver', name: '审批人', permissions: plus('view_customers', 'approve_campaigns') },
  { role: 'branch', name: '分支机构', permissions: plus('view_customers', 'edit_customers') },
  {
    role: 'analyst',
    name: '分析师',
    permissions: plus('view_customers', 'edit_audiences', 'edit_boards', 'run_sql'),
  },
  { role: 'viewer', name: '只读', permissions: plus() },
];

export const people = [
  ['usr_1', 'admin', '林晓燕', 'administrator', '33'],
  ['usr_2', 'zhoumin', '周敏', 'operator', '33'],
  ['usr_3', 'chenhao', '陈浩', 'approver', '33'],
  ['usr_4', 'hejing', '何静', 'branch', '330101'],
  ['usr_5', 'sunwei', '孙伟', 'analyst', '33'],
  ['usr_6', 'viewer', '高洁', 'viewer', '3302'],
].map(([id, login, name, role, org], i) => ({
  id,
  login,
  name,
  role,
  org,
  org_name: orgs.find((one) => one.code === org).name,
  active: i !== 5 || true,
  created_at: at(120 - i * 9),
  last_sign_in_at: at(i * 0.7, 12),
  version: 1,
  language: 'zh',
}));

const audience = (n, name, description, rule, refresh, used_by = []) => ({
  id: `aud_0${n}`,
  name,
  description,
  rule,
  refresh,
  state: 'active',
  used_by,
  version: 3,
  created_at: at(60 - n * 4),
  updated_at: at(n * 2.3),
  computed_at: at(0, 3 + n * 7),
  created_by: pick(people).name,
});

export const audiences = [
  audience(
    1,
    '看基金没买的客户',
    '近 30 天看过基金详情至少 3 次，7 天内没有购买，适合发申购费优惠',
    {
      all: [
        {
          event: 'fund_detail_view',
          within: '30d',
          op: 'gte',
          value: 3,
          where: [{ property: 'channel', op: 'eq', value: '手机银行' }],
        },
        { not: { event: 'fund_purchase', within: '7d' } },
        {
          any: [
            { tag: 'risk_level', op: 'in', value: ['平衡型', '成长型', '进取型'] },
            { tag: 'level', op: 'in', value: ['白金', '钻石'] },
          ],
        },
      ],
    },
    'realtime',
    [{ kind: 'campaign', id: 'cmp_1', name: '基金申购费一折' }],
  ),
  audience(
    2,
    '代发客户未开理财',
    '有代发工资、资产 5 万元以上、未持有理财',
    {
      all: [
        { tag: 'payroll', op: 'eq', value: true },
        { tag: 'aum', op: 'gte', value: 50000 },
        { not: { tag: 'products', op: 'contains', value: '理财' } },
      ],
    },
    'daily',
    [{ kind: 'campaign', id: 'cmp_2', name: '发薪日理财提醒' }],
  ),
  audience(
    3,
    '摇摆与流失预警客户',
    '',
    {
      all: [
        { tag: 'life_stage', op: 'in', value: ['摇摆', '流失预警'] },
        { tag: 'level', op: 'ne', value: '普通' },
      ],
    },
    'daily',
  ),
  audience(
    4,
    '转账中途放弃',
    '发起转账后一小时内没有成功',
    {
      all: [
        {
          sequence: [{ event: 'transfer_start' }, { event: 'transfer_done' }],
          within: '30d',
          window: '1h',
          reached: 1,
          op: 'eq',
        },
      ],
    },
    'hourly',
  ),
  audience(
    5,
    '滨江分行退休客户',
    '',
    { all: [{ org: '3301' }, { tag: 'age', op: 'gte', value: 60 }] },
    'daily',
    [{ kind: 'board', id: 'brd_1', name: '每日经营' }],
  ),
  audience(
    6,
    '可短信触达的活跃客户',
    '',
    { all: [{ event: 'app_open', within: '7d' }, { consent: 'marketing.sms' }] },
    'realtime',
  ),
];
const total = customers.length * weight;
for (const one of audiences) {
  one.count = members(one.rule, audiences).length * weight;
  one.share = one.count / total;
}

const campaign = (n, name, state, audience_id, channel, message, progress, more = {}) => ({
  id: `cmp_${n}`,
  name,
  description: '',
  state,
  audience: { id: audience_id },
  channel,
  message,
  control_share: 0.1,
  schedule: { kind: 'daily', time: '10:00', until: at(-20) },
  goal: { event: 'fund_purchase', window: '7d', value: 'amount', income_share: 0.006 },
  priority: 5,
  purpose: 'marketing',
  exempt: false,
  progress,
  version: 2,
  created_at: at(30 - n),
  updated_at: at(n),
  created_by: '周敏',
  ...more,
});
const idle = { planned: 0, sent: 0, suppressed: 0, failed: 0 };
export const campaigns = [
  campaign(
    1,
    '基金申购费一折',
    'running',
    'aud_01',
    'inbox',
    {
      title: '{{ name | default: "您" }}关注的基金，申购费一折',
      body: '您近期看过的产品，本周申购费低至一折。基金有风险，投资需谨慎。',
      link: 'qiao://fund',
    },
    { planned: 1840, sent: 1312, suppressed: 96, failed: 4 },
    { submitted_by: '周敏', approved_by: '陈浩' },
  ),
  campaign(
    2,
    '发薪日理财提醒',
    'in_approval',
    'aud_02',
    'sms',
    {
      body: '尊敬的{{ name | default: "客户" }}，工资到账后可在手机银行选购稳健理财，随取随用。拒收请回复 R',
    },
    idle,
    { submitted_by: '周敏', goal: { event: 'wealth_purchase', window: '14d' } },
  ),
  campaign(
    3,
    '流失预警关怀',
    'draft',
    'aud_03',
    'inbox',
    {
      title: '为您留了一份专属权益',
      body: '好久不见，完成一次登录即可领取缴费立减券。',
      link: 'qiao://benefit',
    },
    idle,
    { goal: { event: 'login', window: '7d' } },
  ),
  campaign(
    4,
    '重阳敬老存款专享',
    'completed',
    'aud_05',
    'sms',
    { body: '重阳安康！60 岁以上客户专享三年期大额存单额度，详询网点或手机银行。拒收请回复 R' },
    { planned: 1460, sent: 1388, suppressed: 66, failed: 6 },
    { submitted_by: '周敏', approved_by: '陈浩', goal: { event: 'deposit_open', window: '14d' } },
  ),
  campaign(
    5,
    '转账失败引导',
    'paused',
    'aud_04',
    'inbox',
    { title: '转账没有完成？', body: '可能是限额原因，点这里一步调整。', link: 'qiao://limit' },
    { planned: 620, sent: 201, suppressed: 18, failed: 0 },
    { submitted_by: '周敏', approved_by: '陈浩', goal: { event: 'transfer_done', window: '3d' } },
  ),
  campaign(
    6,
    '周末商超满减',
    'rejected',
    'aud_06',
    'email',
    {
      subject: '周末逛超市，满 50 减 10',
      body: '本周末在合作商超使用手机银行支付，满 50 元减 10 元。',
    },
    idle,
    {
      submitted_by: '周敏',
      reject_reason: '请补充活动预算与合作商户清单',
      goal: { event: 'coupon_use', window: '7d' },
    },
  ),
];

export const channels = [
  {
    id: 'chn_1',
    kind: 'inbox',
    name: '手机银行站内信',
    settings: {},
    rate_per_s: 2000,
    active: true,
    health: { state: 'closed', sent_1h: 842, failed_1h: 0, last_error: null },
  },
  {
    id: 'chn_2',
    kind: 'sms',
    name: '移动短信网关',
    settings: { host: 'smpp.example.com', port: 2775, system_id: 'jcbank', secret: null },
    rate_per_s: 100,
    active: true,
    health: {
      state: 'half_open',
      sent_1h: 310,
      failed_1h: 41,
      last_error: '网关在 5 秒内没有应答',
    },
  },
  {
    id: 'chn_3',
    kind: 'email',
    name: '企业邮件',
    settings: { host: 'smtp.example.com', port: 587, from: 'service@example.com', secret: null },
    rate_per_s: 20,
    active: true,
    health: { state: 'closed', sent_1h: 12, failed_1h: 0, last_error: null },
  },
  {
    id: 'chn_4',
    kind: 'webhook',
    name: '外呼中心',
    settings: { url: 'https://call.example.com/hook', secret: null },
    rate_per_s: 10,
    active: false,
    health: { state: 'closed', sent_1h: 0, failed_1h: 0, last_error: null },
  },
].map((one) => ({ ...one, version: 1, created_at: at(80) }));

const described = ({ name, name_zh, name_en, type, rate }, i, source) => ({
  ...{ name, name_zh, name_en, type },
  meaning: `${name_zh}，以服务端确认为准`,
  owner: pick(['数字金融部', '零售业务部', '科技部']),
  source,
  update_frequency: pick(['实时', '每日']),
  remarks: '',
  example: '',
  status: i % 6 === 4 ? 'unreviewed' : 'reviewed',
  first_seen_at: at(90),
  last_seen_at: at(0, i * 5),
  version: 1,
  volume_7d: Array.from({ length: 7 }, () =>
    Math.round((rate ?? 0.5) * 9000 * (0.7 + 0.6 * random())),
  ),
  volume_total: Math.round((rate ?? 0.5) * 812_000),
});
const counted = (values) =>
  values
    .map((value) => ({ value: String(value), count: between(300, 9000) }))
    .sort((a, b) => b.count - a.count);
export const dictionary = {
  events: events.map((event, i) => described(event, i, '手机银行 SDK')),
  properties: [
    ...new Map(
      events.flatMap((event) => event.properties).map((prop) => [prop.name, prop]),
    ).values(),
  ].map((prop, i) => ({
    ...described(prop, i, '手机银行 SDK'),
    unit: prop.unit,
    class: 'C1',
    null_rate: i * 0.013,
    events: events.filter((event) => event.properties.includes(prop)).map((event) => event.name),
    values: counted(prop.values),
  })),
  tags: tags.map((tag, i) => ({
    ...described(tag, i, '数据仓库日批'),
    unit: tag.unit,
    class: tag.name === 'aum' ? 'C2' : 'C1',
    values: counted(tag.values),
    kind: ['life_stage'].includes(tag.name)
      ? 'rule'
      : tag.name === 'last_branch_visit_days'
        ? 'formula'
        : 'imported',
    refresh: 'daily',
  })),
};

const reasons = [
  ['dictionary.type_conflict', '金额应为数字，收到的是文字', '/properties/amount'],
  ['segment.no_user_anon_id', '没有任何可以识别客户的编号', ''],
  ['sensors.time_window', '事件时间比收到时间晚 3 天', '/timestamp'],
];
export const quarantine = Array.from({ length: 23 }, (_, i) => {
  const [reason, detail, pointer] = reasons[i % 3];
  return {
    id: `qrt_${i}`,
    at: at(i * 0.21),
    source: pick(['手机银行 SDK', '核心系统', '微信小程序']),
    reason,
    detail,
    pointer,
    status: i > 17 ? 'replayed' : 'open',
    record: {
      type: 'track',
      event: 'payment',
      messageId: `m-${1000 + i}`,
      userId: reason === 'segment.no_user_anon_id' ? undefined : `u-${between(1, 900)}`,
      timestamp: at(i * 0.21),
      properties: { amount: reason === 'dictionary.type_conflict' ? '壹佰元' : 100, merchant_kind: '餐饮' },
    },
  };
});

export const imports = [
  ['资产日批 11-20', 'tags', 'done', 20000, 19988, 12],
  ['bank-full.csv', 'tags', 'done', 45211, 45211, 0],
  ['网点到访记录', 'events', 'failed', 3120, 0, 3120],
].map(([name, kind, status, rows, accepted, rejected], i) => ({
  id: `imp_${i}`,
  name,
  kind,
  status,
  rows,
  accepted,
  rejected,
  at: at(i * 3 + 1),
  by: pick(people).name,
  job_id: `job_${i}`,
}));

const metric = (event, measure, per, within, by) => ({
  kind: 'metric',
  metric: { event, measure, per, within, ...(by ? { by } : {}) },
});
export const boards = [
  {
    id: 'brd_1',
    name: '每日经营',
    shared_with: ['operator', 'analyst'],
    version: 1,
    updated_at: at(1),
    created_by: '林晓燕',
    tiles: [
      {
        id: 't1',
        title: 'Monthly active',
        title_zh: '月活客户',
        question: metric('$any', 'unique', 'total', '30d'),
        chart: 'number',
        x: 0,
        y: 0,
        w: 3,
        h: 2,
      },
      {
        id: 't2',
        title: 'Active today',
        title_zh: '今日活跃',
        question: metric('$any', 'unique', 'total', 'today'),
        chart: 'number',
        x: 3,
        y: 0,
        w: 3,
        h: 2,
      },
      {
        id: 't3',
        title: 'Transfers',
        title_zh: '转账笔数',
        question: metric('transfer_done', 'count', 'total', '7d'),
        chart: 'number',
        x: 6,
        y: 0,
        w: 3,
        h: 2,
      },
      {
        id: 't4',
        title: 'Transfer volume',
        title_zh: '转账金额',
        question: metric('transfer_done', 'sum:amount', 'total', '7d'),
        chart: 'number',
        x: 9,
        y: 0,
        w: 3,
        h: 2,
      },
      {
        id: 't5',
        title: 'Daily active',
        title_zh: '每日活跃客户',
        question: metric('$any', 'unique', 'day', '30d'),
        chart: 'line',
        x: 0,
        y: 2,
        w: 8,
        h: 4,
      },
      {
        id: 't6',
        title: 'Launches by channel',
        title_zh: '各渠道打开次数',
        question: metric('app_open', 'count', 'total', '30d', ['channel']),
        chart: 'bar',
        x: 8,
        y: 2,
        w: 4,
        h: 4,
      },
      {
        id: 't7',
        title: 'Fund views by product',
        title_zh: '各基金浏览人数',
        question: metric('fund_detail_view', 'unique', 'total', '30d', ['product']),
        chart: 'table',
        x: 0,
        y: 6,
        w: 6,
        h: 4,
      },
      {
        id: 't8',
        title: 'Payments per day',
        title_zh: '每日支付笔数',
        question: metric('payment', 'count', 'day', '30d', ['merchant_kind']),
        chart: 'line',
        x: 6,
        y: 6,
        w: 6,
        h: 4,
      },
    ],
  },
  {
    id: 'brd_2',
    name: '财富产品',
    shared_with: [],
    version: 1,
    updated_at: at(4),
    created_by: '孙伟',
    tiles: [],
  },
];

export const write_keys = [
  { id: 'wk_1', name: '手机银行 iOS', kind: 'sensors', active: true, created_at: at(88) },
  { id: 'wk_2', name: '网上银行', kind: 'segment', active: true, created_at: at(80) },
  { id: 'wk_3', name: '核心系统', kind: 'native', active: true, created_at: at(79) },
];
export const tokens = [
  {
    id: 'tok_1',
    name: '数据仓库日批',
    role: 'operator',
    expires_at: at(-200),
    last_used_at: at(0.2),
    created_at: at(40),
  },
];
export const contact_policy = {
  caps: [
    { channel: 'any', per: 'day', limit: 2 },
    { channel: 'any', per: 'week', limit: 5 },
    { channel: 'sms', per: 'month', limit: 4 },
  ],
  quiet_hours: { from: '21:00', to: '08:00', action: 'defer' },
  holdout_share: 0.02,
  version: 1,
};
export const settings = {
  unknown_events: 'accept',
  history_months: 0,
  index_months: 0,
  institution_name: '江城银行',
  time_zone: 'Asia/Shanghai',
  version: 1,
};
export const audit = Array.from({ length: 64 }, (_, i) => {
  const [action, object, summary] = pick([
    ['audience.update', 'aud_01', '修改人群「看基金没买的客户」的规则'],
    ['campaign.approve', 'cmp_1', '批准活动「基金申购费一折」'],
    ['customer.view_personal', 'cus_01K000042', '查看客户个人信息'],
    ['session.create', 'usr_2', '登录'],
    ['write_key.create', 'wk_2', '新建写入密钥「网上银行」'],
    ['import.create', 'imp_0', '导入「资产日批 11-20」'],
  ]);
  return {
    seq: 640 - i,
    at: at(i * 0.13),
    who: pick(people).name,
    action,
    object,
    summary,
    why: i % 9 === 0 ? '客户来电核实' : null,
    hash: Array.from({ length: 16 }, () => between(0, 15).toString(16)).join(''),
  };
});
// Values are texts, as the server has seen them.
const in_texts = (thing) => ({ ...thing, values: thing.values.map(String) });
export const vocabulary = () => ({
  tags: tags.map(in_texts),
  events: events.map(({ rate, ...event }) => ({
    ...event,
    properties: event.properties.map(in_texts),
  })),
  orgs,
  consents,
  identities,
  audiences: audiences.map(({ id, name }) => ({ id, name })),
});
