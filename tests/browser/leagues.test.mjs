// League tables, products and stage models: numbers open to people, a target is set, a product and
// a model are made; each page is accessible.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, serious_problems, with_page } from './browser.mjs';

const number_in = (text) => Number(text.replace(/[^\d]/g, ''));
const exact = async (locator) => {
  const shown = locator.locator('.num').first();
  return number_in((await shown.getAttribute('title')) ?? (await shown.textContent()));
};

test('a league is read down to the customers, and a target is set', async () => {
  await with_page(await as_person('admin'), 'league', async (page) => {
    await page.goto(`${base}/insights/leagues`);
    await page.waitForSelector('tbody .league-main');
    const row = page.locator('tbody tr', { has: page.locator('.league-main .link-button') }).first();
    const active = await exact(row.locator('.league-main .link-button'));
    await row.locator('.league-main .link-button').click();
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    const total = await page.textContent('[data-testid=people-total]');
    assert.equal(number_in(total.split('，')[0]), active, 'as many people as the number says');
    const file = page.waitForEvent('download');
    await page.click('[data-export-people]');
    assert.match((await file).suggestedFilename(), /\.csv$/);
    await page.click('[data-keep-people]');
    await page.waitForSelector('#keep-name');
    assert.deepEqual(await serious_problems(page), []);
    await page.click('.ant-modal-footer .ant-btn-primary');
    const kept = await page.getAttribute('.ant-message a[href^="/audiences/"]', 'href');
    await page.click('.ant-drawer-close');
    await page.waitForSelector('.ant-drawer', { state: 'detached' });

    await row.getByRole('button', { name: '的目标' }).click();
    await page.fill('#target', String(active * 2));
    await page.click('.ant-drawer-footer .ant-btn-primary');
    await page.waitForSelector('tbody .league-target');
    assert.match(await page.textContent('tbody .league-target'), /50/);

    await page.click('tbody .title-cell');
    await page.waitForFunction(() => location.search.includes('units=outlet'));
    await page.waitForSelector('tbody .league-main');
    await page.waitForSelector('.drawing svg');
    assert.deepEqual(await serious_problems(page), []);

    await page.goto(base + kept);
    const counted = page.locator('[data-testid=preview-count]');
    await counted.waitFor();
    const shown = (await counted.getAttribute('title')) ?? (await counted.textContent());
    assert.equal(number_in(shown), active, 'the audience holds who stood behind the number');
    assert.deepEqual(page.faults, []);
  });
});

test('a link whose product is gone says so, and keeps the rest of its question', async () => {
  await with_page(await as_person('admin'), 'product-gone', async (page) => {
    const pages = {
      '/insights/leagues?product=prd_gone&units=outlet': 'tbody .league-main',
      '/insights/entries?product=prd_gone&by=channel&window=7d': 'tbody .entry-step',
    };
    for (const [path, table] of Object.entries(pages)) {
      await page.goto(base + path);
      await page.waitForSelector('.state:has-text("产品已经不在了")');
      assert.equal(await page.locator(table).count(), 0, 'no other product stands in');
      assert.deepEqual(await serious_problems(page), []);
      await page.getByRole('combobox', { name: '产品' }).click();
      await page.keyboard.press('Enter');
      await page.waitForSelector(table);
      const [before, after] = [path.split('?')[1], page.url().split('?')[1]].map(
        (query) => new URLSearchParams(query),
      );
      assert.notEqual(after.get('product'), 'prd_gone');
      for (const one of [before, after]) one.delete('product');
      assert.equal(String(after), String(before));
    }
    assert.deepEqual(page.faults, []);
  });
});

test('products are ranked, opened, and one is defined by its events', async () => {
  await with_page(await as_person('admin'), 'products', async (page) => {
    await page.goto(`${base}/insights/products`);
    await page.waitForSelector('tbody .product-funnel');
    await page.locator('tbody b .link-button').first().click();
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    await page.click('.ant-drawer-close');
    await page.waitForSelector('.ant-drawer', { state: 'detached' });
    await page.click('tbody tr:has(.product-funnel) .title-cell');
    await page.waitForSelector('.ant-drawer .bars');
    assert.deepEqual(await serious_problems(page), []);
    await page.click('.ant-drawer-close');
    await page.waitForSelector('.ant-drawer', { state: 'detached' });

    await page.getByRole('button', { name: '定义产品' }).click();
    await page.fill('#product-zh', '余额');
    await page.fill('#product-en', 'Balance');
    await page.click('.step-form .ant-select');
    await page.keyboard.type('余额');
    await page.keyboard.press('Enter');
    await page.click('.ant-drawer-footer .ant-btn-primary');
    await page.waitForSelector('.ant-drawer', { state: 'detached' });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('tbody .title-cell')].some((one) => one.textContent === '余额'),
    );
    assert.deepEqual(page.faults, []);
  });
});

test('a stage model shows who moved, and one is built, undone and saved', async () => {
  await with_page(await as_person('admin'), 'stages', async (page) => {
    await page.goto(`${base}/stages`);
    await page.click('tbody .title-cell');
    await page.waitForSelector('.drawing svg');
    assert.deepEqual(await serious_problems(page), []);

    await page.goto(`${base}/stages/new`);
    await page.fill('#stage-model-name', '来访');
    for (const [place, name] of [
      [1, '来过'],
      [2, '登录过'],
    ]) {
      await page.getByRole('button', { name: '加一个更高的阶段' }).click();
      await page.getByLabel(`第 ${place} 阶段的名称`).fill(name);
    }
    assert.equal(await page.locator('.stage').count(), 2);
    await page.getByRole('button', { name: '去掉“登录过”' }).click();
    assert.equal(await page.locator('.stage').count(), 1);
    await page.getByRole('button', { name: '撤销上一步' }).click();
    assert.equal(await page.locator('.stage').count(), 2);
    assert.deepEqual(await serious_problems(page), []);
    await page.getByRole('button', { name: /^保\s*存$/ }).click();
    await page.waitForFunction(() => /\/stages\/stm/.test(location.pathname));
    await page.waitForSelector('.bars');
    assert.deepEqual(page.faults, []);
  });
});
