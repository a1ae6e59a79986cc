// The analysts' desk: a query is written by hand and from the tables beside it, run by the keyboard, put
// right where it was wrong, kept by name, and found again among those asked before.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { as_person, base, on_mock, with_page } from './browser.mjs';

async function serious_problems(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
}

async function write(page, text) {
  await page.click('.cm-content');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(text);
}

test('a query is written, run by Ctrl Enter, and its rows are shown', async () => {
  await with_page(await as_person('sunwei'), 'sql-run', async (page) => {
    await page.goto(`${base}/insights/sql`);
    await page.waitForSelector('.cm-content');
    assert.deepEqual(await serious_problems(page), []);
    await write(page, 'SELECT event, count(*) AS n FROM events GROUP BY event ORDER BY n DESC');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.sql-rows tbody tr');
    const head = await page.locator('.sql-rows th').allTextContents();
    assert.deepEqual(head, ['eventvarchar', 'nbigint']);
    assert.deepEqual(await serious_problems(page), []);
    assert.deepEqual(page.faults, []);
  });
});

test('what is wrong is said with its place, and the place is marked', async () => {
  await with_page(await as_person('sunwei'), 'sql-wrong', async (page) => {
    await page.goto(`${base}/insights/sql`);
    await page.waitForSelector('.cm-content');
    await write(page, 'SELECT event,\n       nobody\nFROM events');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('[role=alert]:has-text("nobody")');
    await page.click('button:has-text("第 2 行第 8 列")');
    await page.waitForSelector('.cm-lintRange-error');
    await write(page, 'DELETE FROM events');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('[role=alert]:has-text("只读")');
    assert.deepEqual(page.faults, []);
  });
});

test('a query is kept by name, found again, and put back into the editor', async () => {
  await with_page(await as_person('sunwei'), 'sql-kept', async (page) => {
    await page.goto(`${base}/insights/sql`);
    await page.waitForSelector('.cm-content');
    await write(page, 'SELECT 1 AS kept');
    await page.click('.sql-bar button:has-text("保存")');
    await page.fill('#sql-name', '我的查询');
    await page.press('#sql-name', 'Enter');
    await page.click('.ant-tabs-tab:has-text("已保存")');
    await page.waitForSelector('.sql-list li:has-text("我的查询")');
    await write(page, 'SELECT 2');
    await page.click('.sql-list li:has-text("我的查询") .plain-button');
    await page.waitForSelector('.cm-content:has-text("SELECT 1 AS kept")');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.sql-rows, [role=alert]');
    await page.click('.ant-tabs-tab:has-text("历史")');
    await page.waitForSelector('.sql-list li:visible:has-text("SELECT 1 AS kept")');
    assert.deepEqual(await serious_problems(page), []);
  });
});

test('a column beside the editor is put into the query by a click', async () => {
  await with_page(await as_person('sunwei'), 'sql-schema', async (page) => {
    await page.goto(`${base}/insights/sql`);
    await page.waitForSelector('.cm-content');
    await write(page, 'SELECT ');
    await page.fill('.sql-schema input', 'properties');
    await page.click('.sql-schema li:has-text("properties") .plain-button');
    await page.waitForSelector('.cm-content:has-text("SELECT properties")');
  });
});

test('who has not the right is told who has', async () => {
  await with_page(await as_person('viewer'), 'sql-refused', async (page) => {
    await page.goto(`${base}/insights/sql`);
    await page.waitForSelector('.state:has-text("用 SQL 查询历史")');
  });
});

if (on_mock)
  test('a slow query shows how far it is and is stopped', async () => {
    await with_page(await as_person('sunwei'), 'sql-slow', async (page) => {
      await page.goto(`${base}/insights/sql`);
      await page.waitForSelector('.cm-content');
      await write(page, 'SELECT 1 AS slow');
      await page.keyboard.press('Control+Enter');
      await page.click('button:has-text("停止")');
      await page.waitForSelector('[role=alert]:has-text("查询已停止")');
    });
  });
