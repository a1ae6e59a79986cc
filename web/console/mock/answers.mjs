// Answers of the mock that need some computing: previews, questions, reports, customer pages.

import {
  at,
  between,
  consents,
  customers,
  day_ms,
  events,
  identities_of,
  member,
  now,
  orgs,
  weight,
} from './bank.mjs';
import { members, parts_of } from './evaluate.mjs';
import { day_of, metric } from './metric.mjs';
import { stages_of } from './stages.mjs';
import * as state from './state.mjs';

export function preview(body) {
  const started = performance.now();
  const found = members(body.rule, state.audiences);
  const count = found.length * weight;
  const total = customers.length * weight;
  const reach = (name) => found.filter((one) => one.consents.includes(name)).length * weight;
  return {
    count,
    total,
    share: count / total,
    reachable: {
      sms: reach('marketing.sms'),
      email: reach('marketing.email'),
      inbox: found.filter((one) => !one.visitor).length * weight,
      webhook: count,
    },
    sample: found
      .filter((one, i) => i % 7 === 0)
      .slice(0, body.sample_size ?? 5)
      .map(member),
    parts: body.parts
      ? parts_of(body.rule, state.audiences).map((part) => ({
          ...part,
          count: part.count * weight,
          removes: part.removes * weight,
        }))
      : undefined,
    elapsed_ms: Math.round(performance.now() - started),
    data_version: 812345,
  };
}

export function customer_page(customer) {
  const all = [customer, ...(customer.joined ?? [])].map(identities_of);
  return {
    customer: customer.id,
    name: customer.name,
    created_at: at(320),
    identities: all.flatMap((found) =>
      Object.entries(found).flatMap(([kind, values]) =>
        values.map((value, i) => ({
          kind,
          value,
          at: at(200 - i * 20),
          source: kind === 'phone' ? '核心系统' : '手机银行 SDK',
        })),
      ),
    ),
    tags: Object.entries(customer.tags).map(([name, value], i) => ({
      name,
      value,
      source: i === 4 ? 'staff' : 'imported',
      at: at(i),
      by: i === 4 ? '何静' : null,
      why: i === 4 ? '电话回访确认' : null,
    })),
    consents: consents.map((one) => ({
      purpose: 'marketing',
      channel: one.name.split('.')[1],
      granted: customer.consents.includes(one.name),
      source: '手机银行',
      at: at(90),
    })),
    audiences: state.audiences
      .filter((one) => members(one.rule, state.audiences).includes(customer))
      .map(({ id, name }) => ({ id, name })),
    stages: stages_of(customer),
    contacts: { day: 1, week: 2, month: 4 },
    merges: [
      ...(customer.merges ?? []),
      { at: at(61), from: 'cus_01K9V…', reason: 'login', undone: false },
    ],
    org: customer.org,
    org_name: orgs.find((org) => org.code === customer.org).name,
    first_seen_at: at(89),
    last_seen_at: customer.events.length
      ? new Date(customer.events.at(-1).at).toISOString()
      : at(89),
    event_count: customer.events.length,
  };
}

export function timeline(customer, query) {
  const before = query.get('before') ? Date.parse(query.get('before')) : Infinity;
  const wanted = query.get('event');
  const limit = Number(query.get('limit') ?? 30);
  const names = new Map(events.map((event) => [event.name, event]));
  const own = customer.events.map((entry) => ({
    at: new Date(entry.at).toISOString(),
    event: entry.event,
    name_zh: names.get(entry.event).name_zh,
    name_en: names.get(entry.event).name_en,
    source: '手机银行 SDK',
    properties: entry.properties,
    offset: String(entry.at),
  }));
  own.push({
    at: at(3),
    event: '$message_delivered',
    name_zh: '消息送达',
    name_en: 'Message delivered',
    source: 'Qiao',
    properties: { campaign: '基金申购费一折', channel: 'inbox' },
    offset: '1',
  });
  const found = own
    .filter((entry) => Date.parse(entry.at) < before && (!wanted || entry.event === wanted))
    .sort((a, b) => b.at.localeCompare(a.at));
  return {
    items: found.slice(0, limit),
    next_cursor: found.length > limit ? found[limit - 1].at : null,
  };
}

function returns_of({ sent, delivered, clicked, converted, acquired, activated }, incremental, sure) {
  const cost = Math.round(sent * 4.5) / 100;
  const per = (count) => (count ? Math.round((cost / count) * 1e4) / 1e4 : null);
  const income = Math.round(converted * 21.4);
  const owed = sure ? Math.round(incremental * 21.4) : null;
  return {
    ...{ cost, per_delivered: per(delivered), per_clicked: per(clicked) },
    per_converted: per(converted),
    ...{ per_acquired: per(acquired), per_activated: per(activated) },
    incremental: sure ? Math.round(incremental * 10) / 10 : null,
    ...{ incremental_acquired: null, incremental_activated: sure ? activated / 2 : null },
    per_incremental: sure ? per(incremental) : null,
    ...{ income, incremental_income: owed, gain: sure ? owed - cost : null },
  };
}

// Campaigns beside each other: the one asked for, or those launched in the period.
export function campaign_returns(ask, campaigns) {
  const since = ask.within ? now - Number.parseInt(ask.within, 10) * day_ms : 0;
  const launched = (one) => one.launched_at ?? one.created_at;
  const is_wanted = (one) => one.progress.planned > 0 && Date.parse(launched(one)) >= since;
  const wanted = campaigns
    .filter((one) => (ask.campaign ? one.id === ask.campaign : is_wanted(one)))
    .sort((a, b) => launched(b).localeCompare(launched(a)));
  const shown = wanted.slice(0, ask.limit ?? 10);
  return {
    campaigns: shown.map((one) => {
      const { treated, delivered, converted, acquired, activated, returns } = report(one);
      return {
        ...{ campaign: one.id, name: one.name, state: one.state, launched_at: launched(one) },
        goal: one.goal?.event ?? null,
        ...{ treated, delivered, converted, acquired, activated, returns },
      };
    }),
    left_out: wanted.length - shown.length,
  };
}

export function report(campaign) {
  const { planned, sent, suppressed, failed } = campaign.progress;
  const eligible = Math.round(planned / 0.88) || 0;
  const held_out = Math.round(eligible * 0.12);
  const delivered = Math.round(sent * 0.973);
  const opened = Math.round(delivered * 0.41);
  const clicked = Math.round(opened * 0.37);
  const converted = Math.round(delivered * 0.094);
  const acquired = campaign.goal ? Math.round(delivered * 0.021) : null;
  const activated = campaign.goal ? Math.round(delivered * 0.057) : null;
  const base = Math.round(held_out * 0.058);
  const [a, b] = [converted / (delivered || 1), base / (held_out || 1)];
  const spread =
    1.96 * Math.sqrt((a * (1 - a)) / (delivered || 1) + (b * (1 - b)) / (held_out || 1));
  const enough = delivered > 400;
  const points = (share) => (share * 100).toFixed(1);
  return {
    eligible,
    held_out,
    treated: eligible - held_out,
    sent,
    delivered,
    failed,
    unknown: 2,
    opened,
    clicked,
    complained: 1,
    ...{ converted, acquired, activated },
    suppressed: suppressed
      ? [
          ['no_consent', 0.45],
          ['cap_any_week', 0.3],
          ['quiet_hours', 0.15],
          ['unreachable', 0.1],
        ].map(([reason, share]) => ({ reason, count: Math.round(suppressed * share) }))
      : [],
    by_day: Array.from({ length: 10 }, (_, i) => ({
      at: day_of(now - (9 - i) * day_ms),
      sent: Math.round(sent / 10) + between(-9, 9),
      delivered: Math.round(delivered / 10),
      opened: Math.round(opened / 10) + between(-5, 5),
      converted: Math.round(converted / 10) + between(-3, 3),
    })),
    returns: returns_of(
      { sent, delivered, clicked, converted, acquired, activated },
      ...[(a - b) * delivered, enough],
    ),
    lift:
      sent === 0
        ? null
        : {
            treated: { people: delivered, converted, rate: a },
            control: { people: held_out, converted: base, rate: b },
            difference: a - b,
            interval: [a - b - spread, a - b + spread],
            p_value: 0.012,
            enough_data: enough,
            sentence: enough
              ? {
                  zh: `收到消息的客户转化率 ${points(a)}%，对照组 ${points(b)}%，高出 ${points(a - b)} 个百分点，这个差别不像是偶然。`,
                  en: `Customers who got the message converted at ${points(a)}%, the control group at ${points(b)}%: ${points(a - b)} points more, unlikely to be chance.`,
                }
              : {
                  zh: '数据还不够，再等几天才能下结论。',
                  en: 'Not enough data yet; wait some days before concluding.',
                },
          },
  };
}

export function overview(person) {
  const needs = [];
  const waiting = state.campaigns.filter((one) => one.state === 'in_approval');
  if (waiting.length && person.permissions.includes('approve_campaigns'))
    needs.push({
      kind: 'approval',
      title: `${waiting[0].name} 等待审批`,
      link: `/campaigns/${waiting[0].id}`,
      count: waiting.length,
    });
  const open = state.quarantine.filter((one) => one.status === 'open').length;
  if (open)
    needs.push({
      kind: 'quarantine',
      title: '隔离区有未处理的记录',
      link: '/quarantine',
      count: open,
    });
  const sick = state.channels.filter((one) => one.health.state !== 'closed');
  if (sick.length)
    needs.push({
      kind: 'channel',
      title: `${sick[0].name} 失败偏多`,
      link: '/settings/channels',
      count: sick[0].health.failed_1h,
    });
  const daily = metric({
    event: '$any',
    measure: 'unique',
    per: 'day',
    within: '14d',
  }).series[0].points.map((point) => point.value);
  const number = (key, value, previous, series) => ({ key, value, previous, series });
  return {
    needs_me: needs,
    running: state.campaigns.filter((one) =>
      ['running', 'paused', 'scheduled'].includes(one.state),
    ),
    numbers: [
      number(
        'mau',
        14_820,
        14_310,
        daily.map((value) => value + 9000),
      ),
      number('dau', daily.at(-1), daily.at(-2), daily),
      number(
        'new_customers',
        412,
        447,
        daily.map((value, i) => 20 + ((i * 7) % 13)),
      ),
      number(
        'contacts',
        3861,
        3120,
        daily.map((value, i) => 300 + ((i * 97) % 210)),
      ),
    ],
    health: {},
  };
}

export function lint(body) {
  const problems = [];
  const text = Object.entries(body.message ?? {});
  for (const [field, value] of text) {
    if (typeof value !== 'string') continue;
    for (const match of value.matchAll(/\{\{\s*([^}|]+?)\s*(\|[^}]*)?\}\}/g)) {
      if (!match[2])
        problems.push({
          pointer: `/message/${field}`,
          code: 'message.no_default',
          detail: `"${match[1]}" may be missing; say what stands there then: {{ ${match[1]} | default: "…" }}`,
        });
    }
  }
  const rule = body.audience?.rule ??
    state.audiences.find((one) => one.id === body.audience?.id)?.rule ?? { all: [] };
  const render = (value, one) =>
    value?.replace(
      /\{\{[^}]*?(?:default:\s*"([^"]*)")?\s*\}\}/g,
      (_, fallback) => one.name ?? fallback ?? '',
    );
  const previews = members(rule, state.audiences)
    .filter((one) => !one.visitor)
    .slice(0, 3)
    .map((one) => ({
      customer: one.id,
      name: one.name,
      message: Object.fromEntries(
        text.map(([field, value]) => [
          field,
          typeof value === 'string' ? render(value, one) : value,
        ]),
      ),
    }));
  return { problems, previews };
}
