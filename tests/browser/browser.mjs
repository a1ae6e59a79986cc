// What every browser test needs: the console's address (QIAO_URL, or the mock started here), a
// Chromium, people who sign in, and a picture of the page when a test fails.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { after } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const mock = new URL('../../web/console/mock/server.mjs', import.meta.url).pathname;

function free_port() {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

async function start_mock() {
  const port = await free_port();
  const child = spawn(process.execPath, [mock], { env: { ...process.env, PORT: String(port) } });
  after(() => child.kill());
  await new Promise((ready, failed) => {
    child.stdout.once('data', ready);
    child.once('exit', () => failed(new Error('the mock did not start')));
  });
  return `http://127.0.0.1:${port}`;
}

export const on_mock = !process.env.QIAO_URL;
export const base = process.env.QIAO_URL ?? (await start_mock());

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: flags,
});
after(() => browser.close());

export async function open_page({
  width = 1440,
  height = 900,
  look = 'light',
  locale = 'zh-CN',
} = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: look,
    locale,
    // A list that is still unfolding is no place to click.
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:'))
      page.faults.push(`left the host: ${request.url()}`);
  });
  return page;
}

// QIAO_PEOPLE="admin=secret,chenhao=secret" names the people of a real server.
const passwords = new Map(
  (process.env.QIAO_PEOPLE ?? '').split(',').map((pair) => pair.split('=')),
);

export const password_of = (login) => passwords.get(login) ?? 'any password';

export async function sign_in(page, login) {
  await page.goto(`${base}/sign-in`);
  await page.fill('#login', login);
  await page.fill('#password', password_of(login));
  await page.click('button[type=submit]');
  await page.waitForSelector('.top-bar');
}

export async function as_person(login, options) {
  const page = await open_page(options);
  await sign_in(page, login);
  return page;
}

// Two people with a customer number, as the preview of an audience shows them.
export async function some_customers(page) {
  return page.evaluate(async () => {
    const session = await (await fetch('/api/v1/session')).json();
    const answer = await fetch('/api/v1/audiences/preview', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-CSRF-Token': session.csrf_token,
        'Idempotency-Key': String(Math.random()),
      },
      body: JSON.stringify({ rule: { identity: 'user_id', op: 'exists' }, sample_size: 2 }),
    });
    const { sample } = await answer.json();
    return sample.map((one) => ({ id: one.customer, number: one.identities.user_id[0] }));
  });
}

async function look_once(page, rules) {
  // The legacy mode spares a page of its own for each analysis; there are no frames of other hosts.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map(
      (one) =>
        `${one.id}: ${one.nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 160))
          .join(' | ')}`,
    );
}

// What axe finds serious or critical. A list that is just closing is gone at the second look.
export async function serious_problems(page, rules) {
  const seen = await look_once(page, rules);
  if (seen.length === 0) return seen;
  await page.waitForTimeout(1000);
  return look_once(page, rules);
}

// Runs the steps; when they fail, leaves a picture of what the person saw.
export async function with_page(page, name, steps) {
  try {
    await steps(page);
  } catch (error) {
    mkdirSync('failures', { recursive: true });
    await page.screenshot({ path: `failures/${name}.png`, fullPage: true }).catch(() => undefined);
    throw error;
  } finally {
    await page.context().close();
  }
}
