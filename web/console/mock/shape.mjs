// Gives the mock's answers the status and the whole shape that the server's document says: members that the
// mock has nothing to say of get a neutral value. What the document does not have stays, for the test to find.

import { readFileSync } from 'node:fs';

const openapi = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url)));

const named = (schema) =>
  schema.$ref ? named(openapi.components.schemas[schema.$ref.split('/').pop()]) : schema;

function neutral(given) {
  const schema = named(given);
  const types = [schema.type ?? []].flat();
  if (types.includes('null') || schema.anyOf?.some((one) => one.type === 'null')) return null;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf ?? schema.oneOf) return neutral((schema.anyOf ?? schema.oneOf)[0]);
  if (schema.format === 'date-time') return new Date().toISOString();
  const values = { string: '', number: 0, integer: 0, boolean: false, array: [] };
  return types[0] === 'object' ? whole(schema, {}) : (values[types[0]] ?? null);
}

function whole(given, value) {
  const schema = named(given);
  if (Array.isArray(value) && schema.items) return value.map((one) => whole(schema.items, one));
  if (schema.anyOf && value !== null) {
    const alternative = schema.anyOf.map(named).find((one) => one.type === typeof value);
    return alternative ? whole(alternative, value) : value;
  }
  if (!schema.properties || typeof value !== 'object' || value === null) return value;
  const made = { ...value };
  for (const [name, member] of Object.entries(schema.properties)) {
    if (made[name] !== undefined) made[name] = whole(member, made[name]);
    else if (schema.required.includes(name)) made[name] = neutral(member);
    else delete made[name];
  }
  return made;
}

// {status, type, text} of an answer; a raw one keeps its text.
export function shaped(method, template, answer) {
  const operation = openapi.paths[`/api/v1${template}`]?.[method.toLowerCase()];
  const [status, described] = Object.entries(operation?.responses ?? { 200: {} })[0];
  if (answer?.raw !== undefined) return { status: 200, type: answer.type, text: answer.raw };
  const content = described.content?.['application/json'];
  if (operation && !content) return { status: Number(status) };
  const body = content ? whole(content.schema, answer ?? {}) : answer;
  return { status: Number(status), type: 'application/json', text: JSON.stringify(body) };
}
