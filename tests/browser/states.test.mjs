// What a page shows when it has nothing to show: loading, empty, failed, offline, signed out; and
// that the console keeps the language, the look and the one-time link's promise.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, on_mock, open_page, with_page } from './browser.mjs';

const audiences = '**/api/v1/audiences?*';
const problem = (status, code) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ code, detail: '测试用的错误。', request_id: 'req-test-42' }),
});

test('a failed list says what happened, with the request id, and can be tried again', async () => {
  await with_page(await as_person('zhoumin'), 'failed', async (page) => {
    await page.route(audiences, (route) => route.fulfill(problem(500, 'server.fault')));
    await page.goto(`${base}/audiences`);
    await page.waitForSelector('.state[role=alert]:has-text("req-test-42")');
    await page.unroute(audiences);
    await page.click('.state button:has-text("重试")');
    await page.waitForSelector('tbody td .title-cell, .state:has-text("还没有人群")');
  });
});

test('an empty list offers one action', async () => {
  await with_page(await as_person('zhoumin'), 'empty', async (page) => {
    const nothing = { json: { items: [], next_cursor: null } };
    await page.route(audiences, (route) => route.fulfill(nothing));
    await page.goto(`${base}/audiences`);
    await page.waitForSelector('.state:has-text("还没有人群") button:has-text("新建人群")');
  });
});

test('a slow list shows its shape first', async () => {
  await with_page(await as_person('zhoumin'), 'slow', async (page) => {
    await page.route(audiences, async (route) => {
      await new Promise((done) => setTimeout(done, 1200));
      await route.continue();
    });
    await page.goto(`${base}/audiences`);
    await page.waitForSelector('table[aria-busy=true] .skeleton');
    await page.waitForSelector('table[aria-busy=false], .state:has-text("还没有人群")');
  });
});

test('without a server the page says so and keeps what was typed', async () => {
  await with_page(await as_person('zhoumin'), 'offline', async (page) => {
    await page.goto(`${base}/audiences/new`);
    await page.fill('#audience-name', '断网');
    await page.route('**/api/v1/**', (route) => route.abort());
    await page.click('.page-head .ant-btn-primary');
    await page.waitForSelector('.ant-message:has-text("网络")');
    assert.equal(await page.inputValue('#audience-name'), '断网');
  });
});

test('a session that ended leads to the sign-in page', async () => {
  await with_page(await as_person('zhoumin'), 'ended', async (page) => {
    await page.route('**/api/v1/**', (route) => route.fulfill(problem(401, 'access.signed_out')));
    await page.click('.side a[href="/audiences"]');
    await page.waitForSelector('#login');
  });
});

test('language and look are kept', async () => {
  await with_page(await as_person('zhoumin', { locale: 'fr-FR' }), 'language', async (page) => {
    await page.waitForSelector('.side a:has-text("人群")');
    await page.click('button[aria-label="Switch to English"]');
    await page.waitForSelector('.side a:has-text("Audiences")');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    await page.click('.account > .ant-dropdown-trigger');
    await page.click('.ant-dropdown-menu-item:has-text("Dark")');
    await page.reload();
    await page.waitForSelector('.side a:has-text("Audiences")');
    assert.equal(await page.getAttribute('html', 'data-look'), 'dark');
  });
});

test('a one-time link signs in and asks for a password', { skip: !on_mock }, async () => {
  await with_page(await open_page(), 'link', async (page) => {
    await page.goto(`${base}/sign-in?link=first`);
    await page.waitForSelector('.ant-modal #new-password');
    await page.fill('#new-password', 'a long enough secret');
    await page.fill('#again-password', 'a long enough secret');
    await page.click('.ant-modal .ant-btn-primary');
    await page.waitForSelector('.ant-modal', { state: 'hidden' });
    await page.goto(`${base}/sign-in?link=used`);
    await page.waitForSelector('.notice.warn');
  });
});
