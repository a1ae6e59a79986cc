// The customers of the mock: search, page, timeline, and what staff do to them.

import * as answers from './answers.mjs';
import { at, customers, identities_of, member } from './bank.mjs';
import { explained, holds } from './evaluate.mjs';
import * as state from './state.mjs';

export function add_customers({ route, refuse, one_of, now, start_job }) {
  route('POST', '/customers/search', 'view_customers', ({ body }) => {
    const text = (body.text ?? Object.values(body.identity ?? {})[0] ?? '').trim();
    const found = customers.filter(
      (one) =>
        !text ||
        one.full_name === text ||
        one.name?.startsWith(text[0]) ||
        one.id === text ||
        `u-${one.id.slice(-6)}` === text,
    );
    return { items: found.slice(0, body.limit ?? 20).map(member), next_cursor: null };
  });
  const customer = (id) => {
    const found = customers.find((one) => one.id === id);
    return found
      ? (found.merged_into ?? found)
      : refuse(404, 'customer.not_found', '没有这位客户，可能已合并或清除。');
  };
  route('GET', '/customers/{id}', 'view_customers', ({ id }) => answers.customer_page(customer(id)));
  route('GET', '/customers/{id}/timeline', 'view_customers', ({ id, query }) =>
    answers.timeline(customer(id), query),
  );
  route('GET', '/customers/{id}/explain', 'view_customers', ({ id, query }) => {
    const { rule } = one_of(state.audiences, query.get('audience'));
    return {
      member: holds(rule, customer(id), state.audiences),
      rule: explained(rule, customer(id), state.audiences),
    };
  });
  route('GET', '/customers/{id}/tags/{name}/history', 'view_customers', ({ id, name }) => ({
    items: [{ at: at(2), value: customer(id).tags[name], source: 'imported', by: null, why: null }],
    next_cursor: null,
  }));
  route('PUT', '/customers/{id}/tags/{name}', 'edit_customers', ({ id, name, body }) => {
    customer(id).tags[name] = body.value;
    return {};
  });
  route('DELETE', '/customers/{id}/tags/{name}', 'edit_customers', ({ id, name }) => {
    delete customer(id).tags[name];
  });
  route('PUT', '/customers/{id}/consents', 'edit_customers', ({ id, body }) => {
    const one = customer(id);
    const name = `${body.purpose}.${body.channel}`;
    one.consents = one.consents.filter((held) => held !== name);
    if (body.granted) one.consents.push(name);
    return {};
  });
  route('POST', '/customers/{id}/merge', 'edit_customers', ({ id, body }) => {
    const one = customer(id);
    const other = customer(body.other);
    if (one === other) refuse(422, 'customer.same', 'they are one customer already', '/other');
    (one.joined ??= []).push(other);
    (one.merges ??= []).unshift({ at: now(), from: other.id, reason: 'alias', undone: false });
    other.merged_into = one;
    return { customer: one.id };
  });
  route('POST', '/customers/{id}/unbind', 'edit_customers', ({ id, body }) => {
    const one = customer(id);
    const { kind, value } = body.identity;
    const leaving = one.joined?.find((other) => identities_of(other)[kind]?.includes(value));
    if (!leaving)
      refuse(422, 'customer.identity_first', 'the record began with this identity', '/identity');
    one.joined = one.joined.filter((other) => other !== leaving);
    one.merges.find((merge) => merge.from === leaving.id).undone = true;
    delete leaving.merged_into;
  });
  route('POST', '/customers/{id}/export', 'view_personal', ({ id }) =>
    answers.customer_page(customer(id)),
  );
  route('POST', '/customers/{id}/erase', 'erase_customers', () => start_job('erase', 3));
}
