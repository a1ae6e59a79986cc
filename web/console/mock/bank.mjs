// A small believable city bank in memory: people, customers, events. Seeded, so every run is the same.

let state = 20261101;
export function random() {
  state = (state * 1664525 + 1013904223) % 4294967296;
  return state / 4294967296;
}
export const pick = (list) => list[Math.floor(random() * list.length)];
export const between = (low, high) => low + Math.floor(random() * (high - low + 1));

const surnames = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧'];
const given = [
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '丽',
  '强',
  '磊',
  '洋',
  '艳',
  '勇',
  '军',
  '杰',
  '娟',
  '涛',
  '明',
  '超',
  '秀英',
  '霞',
  '平',
  '刚',
  '桂英',
  '建华',
  '文博',
  '雨桐',
  '子轩',
  '浩然',
  '欣怡',
  '志强',
  '晓梅',
];

export const orgs = [
  { code: '33', name: '江城银行总行', parent: null, kind: 'head' },
  { code: '3301', name: '滨江分行', parent: '33', kind: 'branch' },
  { code: '3302', name: '湖东分行', parent: '33', kind: 'branch' },
  { code: '3303', name: '老城分行', parent: '33', kind: 'branch' },
  { code: '330101', name: '滨江路支行', parent: '3301', kind: 'outlet' },
  { code: '330102', name: '科技园支行', parent: '3301', kind: 'outlet' },
  { code: '330201', name: '湖东新区支行', parent: '3302', kind: 'outlet' },
  { code: '330202', name: '大学城支行', parent: '3302', kind: 'outlet' },
  { code: '330301', name: '鼓楼支行', parent: '3303', kind: 'outlet' },
  { code: '330302', name: '南门支行', parent: '3303', kind: 'outlet' },
];
const outlets = orgs.filter((org) => org.kind === 'outlet');
orgs.push(
  ...outlets.flatMap((outlet, i) =>
    ['01', '02'].map((number, k) => ({
      code: outlet.code + number,
      name: surnames[(i * 2 + k) % surnames.length] + given[(i * 5 + k * 3) % given.length],
      parent: outlet.code,
      kind: 'manager',
    })),
  ),
);
const keepers = orgs.filter((org) => org.parent && org.kind !== 'branch').map((org) => org.code);

const property = (name, name_zh, name_en, type, values = [], unit = '') => ({
  name,
  name_zh,
  name_en,
  type,
  values,
  unit,
});
const channel = property('channel', '渠道', 'Channel', 'string', [
  '手机银行',
  '微信小程序',
  '网上银行',
  '网点',
]);
const amount = property('amount', '金额', 'Amount', 'number', [], '元');
const product = property('product', '产品', 'Product', 'string', [
  '稳盈 90 天',
  '季季红',
  '江城优选混合',
  '三年期大额存单',
  '活期宝',
]);
const page = property('page', '页面', 'Page', 'string', ['首页', '财富', '生活', '我的']);

const platform = property('platform', '平台', 'Platform', 'string', ['ios', 'android', 'web']);

export const events = [
  ['app_open', '打开手机银行', 'App opened', [channel, platform], 1],
  ['app_close', '离开手机银行', 'App left', [channel, platform], 1],
  [
    'product_banner_view',
    '浏览产品横幅',
    'Banner seen',
    [property('slot', '资源位', 'Slot', 'string', ['首页顶部', '财富页', '弹窗']), channel],
    0.3,
  ],
  [
    'article_view',
    '阅读文章',
    'Article read',
    [
      property('title', '标题', 'Title', 'string', [
        '如何看懂基金费率',
        '防范电信诈骗',
        '一周市场',
      ]),
    ],
    0.15,
  ],
  ['page_view', '浏览页面', 'View page', [page, channel], 0.95],
  ['login', '登录', 'Sign in', [channel], 0.8],
  ['balance_view', '查看余额', 'View balance', [channel], 0.7],
  ['transfer_start', '发起转账', 'Start transfer', [channel, amount], 0.45],
  ['transfer_done', '转账成功', 'Transfer done', [channel, amount], 0.4],
  ['fund_list_view', '浏览基金列表', 'View fund list', [channel, platform], 0.3],
  ['fund_detail_view', '浏览基金详情', 'View fund detail', [product, channel, platform], 0.5],
  [
    'fund_purchase_start',
    '发起基金申购',
    'Fund purchase started',
    [product, amount, platform],
    0.1,
  ],
  ['fund_purchase', '购买基金', 'Buy fund', [product, amount, platform], 0.08],
  ['deposit_view', '浏览存款产品', 'Deposit viewed', [product], 0.2],
  ['deposit_purchase', '存款购买成功', 'Deposit purchased', [product, amount], 0.04],
  ['loan_view', '浏览贷款', 'Loan viewed', [channel], 0.1],
  ['loan_granted', '贷款获批', 'Loan granted', [amount], 0.02],
  [
    'bill_payment',
    '生活缴费',
    'Bill paid',
    [
      amount,
      property('bill', '账单类型', 'Bill', 'string', ['电费', '水费', '燃气费', '话费', '物业费']),
    ],
    0.3,
  ],
  [
    'error_shown',
    '出现错误',
    'Error shown',
    [property('code', '错误码', 'Error code', 'string', ['PAY-5102', 'NET-1001']), platform],
    0.05,
  ],
  ['deposit_open', '开立定期存款', 'Open term deposit', [product, amount], 0.1],
  ['wealth_purchase', '购买理财', 'Buy wealth product', [product, amount], 0.12],
  [
    'payment',
    '支付',
    'Payment',
    [
      amount,
      property('merchant_kind', '商户类别', 'Merchant kind', 'string', [
        '餐饮',
        '超市',
        '交通',
        '医疗',
        '教育',
      ]),
    ],
    0.6,
  ],
  ['loan_apply', '申请贷款', 'Apply for loan', [amount], 0.05],
  [
    'coupon_use',
    '使用优惠券',
    'Use coupon',
    [property('coupon', '券名', 'Coupon', 'string', ['满 50 减 10', '缴费立减'])],
    0.14,
  ],
  ['card_bind', '绑定银行卡', 'Bind card', [channel], 0.06],
  [
    'survey_answer',
    '回答问卷',
    'Answer survey',
    [property('score', '评分', 'Score', 'number')],
    0.07,
  ],
  [
    'click',
    '点击',
    'Click',
    [page, property('element', '元素', 'Element', 'string'), channel, platform],
    0.9,
  ],
  [
    'exposure',
    '资源位曝光',
    'Slot seen',
    [page, property('slot', '资源位', 'Slot', 'string', ['首页横幅 / Top banner', '信息流广告 / Feed card']), channel],
    0.7,
  ],
].map(([name, name_zh, name_en, properties, rate]) => ({
  name,
  name_zh,
  name_en,
  properties,
  rate,
}));

export const tags = [
  property('level', '客户等级', 'Tier', 'string', ['普通', '白银', '黄金', '白金', '钻石']),
  property('age', '年龄', 'Age', 'number', [], '岁'),
  property('gender', '性别', 'Gender', 'string', ['男', '女']),
  property('aum', '资产总额', 'Assets', 'number', [], '元'),
  property('risk_level', '风险承受能力', 'Risk appetite', 'string', [
    '保守型',
    '稳健型',
    '平衡型',
    '成长型',
    '进取型',
  ]),
  property('life_stage', '生命周期', 'Life-cycle stage', 'string', [
    '新客',
    '成长',
    '成熟',
    '摇摆',
    '流失预警',
  ]),
  property('payroll', '代发工资', 'Payroll customer', 'boolean', [true, false]),
  property('products', '持有产品', 'Products held', 'string_set', [
    '存款',
    '理财',
    '基金',
    '贷款',
    '信用卡',
  ]),
  property('occupation', '职业', 'Occupation', 'string', [
    '职员',
    '教师',
    '医生',
    '个体经营',
    '退休',
    '学生',
  ]),
  property(
    'last_branch_visit_days',
    '距上次到店天数',
    'Days since branch visit',
    'number',
    [],
    '天',
  ),
];

export const consents = [
  { name: 'marketing.sms', name_zh: '营销短信', name_en: 'Marketing by SMS' },
  { name: 'marketing.email', name_zh: '营销邮件', name_en: 'Marketing by e-mail' },
  { name: 'marketing.inbox', name_zh: '营销站内信', name_en: 'Marketing in the inbox' },
];
export const identities = [
  { name: 'user_id', name_zh: '客户号', name_en: 'Customer number' },
  { name: 'phone', name_zh: '手机号', name_en: 'Phone' },
  { name: 'anonymous_id', name_zh: '访客编号', name_en: 'Visitor id' },
  { name: 'device_id', name_zh: '设备', name_en: 'Device' },
  { name: 'openid', name_zh: '微信 OpenID', name_en: 'WeChat OpenID' },
];

export const now = Date.now();
export const day_ms = 86_400_000;
export const at = (days_ago, minutes = 0) =>
  new Date(now - days_ago * day_ms - minutes * 60_000).toISOString();

// Each customer in memory stands for ten, so that counts look like those of a real bank.
export const weight = 10;

function tags_of(i) {
  const level = random() < 0.6 ? '普通' : pick(['白银', '白银', '黄金', '黄金', '白金', '钻石']);
  const held = ['存款', '理财', '基金', '贷款', '信用卡'].filter(
    (_, k) => random() < [0.9, 0.3, 0.16, 0.12, 0.35][k],
  );
  const wealth = { 普通: 2e4, 白银: 1.2e5, 黄金: 4e5, 白金: 1.4e6, 钻石: 6e6 }[level];
  const found = {
    level,
    age: between(18, 84),
    gender: pick(['男', '女']),
    aum: Math.round(wealth * (0.3 + 1.6 * random())),
    life_stage: pick(['新客', '成长', '成长', '成熟', '成熟', '成熟', '摇摆', '流失预警']),
    payroll: random() < 0.28,
    products: held,
    occupation: pick(['职员', '职员', '教师', '医生', '个体经营', '退休', '学生']),
    last_branch_visit_days: between(1, 400),
  };
  if (i % 5 !== 0)
    found.risk_level = pick(['保守型', '稳健型', '稳健型', '平衡型', '成长型', '进取型']);
  return found;
}

function value_of(prop) {
  if (prop.type === 'number') return prop.name === 'score' ? between(1, 10) : between(20, 90000);
  if (prop.name === 'channel' && random() < 0.6) return '手机银行';
  return pick(prop.values);
}

// What a visit is for: each intent leads some way along its steps, and further steps are rarer.
const intents = [
  [
    3,
    [
      ['fund_list_view', 1],
      ['fund_detail_view', 0.62],
      ['fund_purchase_start', 0.3],
      ['fund_purchase', 0.7],
    ],
  ],
  [
    2,
    [
      ['deposit_view', 1],
      ['deposit_purchase', 0.14],
    ],
  ],
  [
    1,
    [
      ['loan_view', 1],
      ['loan_apply', 0.25],
      ['loan_granted', 0.6],
    ],
  ],
  [
    4,
    [
      ['transfer_start', 1],
      ['transfer_done', 0.86],
    ],
  ],
  [3, [['bill_payment', 1]]],
  [
    4,
    [
      ['payment', 1],
      ['coupon_use', 0.2],
    ],
  ],
  [3, [['balance_view', 1]]],
  [1, [['article_view', 1]]],
  [
    2,
    [
      ['page_view', 1],
      ['page_view', 0.5],
    ],
  ],
  [
    1,
    [
      ['deposit_open', 0.6],
      ['wealth_purchase', 0.4],
    ],
  ],
  [0.4, [['card_bind', 1]]],
  [0.4, [['survey_answer', 1]]],
].flatMap(([weight_of_intent, steps]) => Array(Math.round(weight_of_intent * 5)).fill(steps));

const by_name = new Map(events.map((event) => [event.name, event]));
const faulty_until = 30;
const hours = [8, 8, 9, 10, 11, 12, 12, 13, 15, 17, 18, 19, 20, 20, 21, 22];

function visit(list, start, who) {
  let clock = start;
  const say = (name) => {
    const properties = Object.fromEntries(
      by_name
        .get(name)
        .properties.map((one) => [
          one.name,
          one.name === 'platform' ? who.platform : value_of(one),
        ]),
    );
    list.push({ event: name, at: clock, properties });
    clock += between(3, 90) * 1000;
  };
  say('app_open');
  if (random() < 0.3) say('product_banner_view');
  if (random() < 0.85) say('login');
  const days_ago = (now - start) / day_ms;
  for (let left = between(1, 3); left > 0; left -= 1) {
    for (const [name, chance] of pick(intents)) {
      const is_faulty =
        name === 'fund_purchase' && who.platform === 'android' && days_ago < faulty_until;
      if (random() < (is_faulty ? chance * 0.55 : chance)) say(name);
      else {
        if (is_faulty) say('error_shown');
        break;
      }
    }
  }
  say('app_close');
}

// New customers begin inside the ninety days and their visits fade; the others were always there.
function events_of(who) {
  const liveliness = random() ** 1.6;
  const list = [];
  for (let days = Math.min(who.joined_days_ago, 89); days >= 0; days -= 1) {
    const is_first = days === who.joined_days_ago;
    const age = who.joined_days_ago - days;
    const fading = who.joined_days_ago > 89 ? 1 : 0.25 + 0.75 * Math.exp(-age / 20);
    if (!is_first && random() > liveliness * 0.5 * fading) continue;
    const start = now - days * day_ms - (now % day_ms) + (pick(hours) - 8) * 3_600_000;
    visit(list, start + between(0, 3500) * 1000, who);
  }
  return list.filter((entry) => entry.at <= now).sort((a, b) => a.at - b.at);
}

export const customers = Array.from({ length: 2000 }, (_, i) => {
  const visitor = i % 8 === 7;
  const surname = pick(surnames);
  const name = surname + pick(given);
  const who = {
    platform: random() < 0.55 ? 'android' : random() < 0.8 ? 'ios' : 'web',
    joined_days_ago: random() < 0.25 ? between(0, 88) : 400,
  };
  return {
    id: `cus_01K${String(i).padStart(6, '0')}`,
    name: visitor ? null : `${surname}${'*'.repeat(name.length - 1)}`,
    full_name: name,
    visitor,
    org: pick(keepers),
    tags: visitor ? {} : tags_of(i),
    is_new: who.joined_days_ago < 90,
    events: events_of(who),
    phone: visitor ? null : `13${between(0, 9)}****${String(between(0, 9999)).padStart(4, '0')}`,
    consents: visitor ? [] : consents.map((consent) => consent.name).filter(() => random() < 0.62),
    score: random(),
  };
});

export const identities_of = (customer) =>
  customer.visitor
    ? { anonymous_id: [`a-${customer.id.slice(-6)}`] }
    : {
        user_id: [`u-${customer.id.slice(-6)}`],
        phone: [customer.phone],
        device_id: [`d-${customer.id.slice(-4)}…`],
      };

export const member = (customer) => ({
  customer: customer.id,
  name: customer.name,
  identities: identities_of(customer),
  tags: Object.fromEntries(
    Object.entries(customer.tags).filter(([key]) =>
      ['level', 'age', 'life_stage', 'risk_level'].includes(key),
    ),
  ),
});
