// Acquisition and prices: a count opens to its people, spending changes what a customer costs, the
// steps are changed, a price is added and removed; each page is accessible.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, on_mock, serious_problems, with_page } from './browser.mjs';

const number_in = (text) => Number(text.replace(/[^\d]/g, ''));

test('the chain is read down to its people', async () => {
  await with_page(await as_person('admin'), 'acquisition', async (page) => {
    await page.goto(`${base}/insights/acquisition`);
    await page.waitForSelector('.chain.total .link-button');
    const steps = await page.locator('.chain.total ol > li').evaluateAll((all) =>
      all.map((one) => {
        const exact = (place) => {
          const shown = place?.matches('.num[title]') ? place : place?.querySelector('.num[title]');
          return shown?.getAttribute('title') ?? place?.textContent ?? '0';
        };
        return [exact(one.children[2]), exact(one.querySelector('.chain-stopped button, .chain-stopped .num'))];
      }),
    );
    const people = steps.map(([count]) => number_in(count));
    for (const [i, [, stopped]] of steps.slice(0, -1).entries())
      assert.equal(people[i], number_in(stopped) + people[i + 1], 'a step reconciles with the next');
    await page.locator('.chain.total ol > li > .link-button').nth(1).click();
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    const total = await page.textContent('[data-testid=people-total]');
    assert.equal(number_in(total.split('，')[0]), people[1], 'as many people as the number says');
    assert.deepEqual(await serious_problems(page), []);
    assert.deepEqual(page.faults, []);
  });
});

test('spending is entered and counts at once', { skip: !on_mock }, async () => {
  await with_page(await as_person('admin'), 'spending', async (page) => {
    await page.goto(`${base}/insights/acquisition?within=30d`);
    await page.getByRole('button', { name: '记一笔投放' }).click();
    await page.fill('#spending-origin', 'web');
    await page.fill('#spending-amount', '1234');
    await page.click('.ant-drawer-footer .ant-btn-primary');
    await page.waitForSelector('.ant-drawer', { state: 'detached' });
    await page.waitForSelector('tbody .title-cell:has-text("网站")');
    assert.deepEqual(await serious_problems(page), []);
    assert.deepEqual(page.faults, []);
  });
});

test('the steps are shown as sentences and saved', { skip: !on_mock }, async () => {
  await with_page(await as_person('admin'), 'steps', async (page) => {
    await page.goto(`${base}/insights/acquisition`);
    await page.getByRole('button', { name: '各步怎么算' }).click();
    await page.waitForSelector('.step-rules li p');
    await page.locator('.step-rules li button').first().click();
    await page.waitForSelector('.step-rules .palette, .step-rules .builder, .step-rules .chip');
    assert.deepEqual(await serious_problems(page), []);
    await page.click('.ant-drawer-footer .ant-btn-primary');
    await page.waitForSelector('.ant-drawer', { state: 'detached' });
    assert.deepEqual(page.faults, []);
  });
});

test('a price is added and removed', { skip: !on_mock }, async () => {
  await with_page(await as_person('admin'), 'prices', async (page) => {
    await page.goto(`${base}/settings/prices`);
    await page.waitForSelector('tbody .num');
    const before = await page.locator('tbody tr').count();
    await page.getByRole('button', { name: '新增价目' }).click();
    await page.fill('#price-amount', '0.0455');
    await page.click('.ant-drawer-footer .ant-btn-primary');
    await page.waitForSelector('tbody :text("¥0.0455")');
    assert.deepEqual(await serious_problems(page), []);
    await page.locator('tbody tr:has-text("¥0.0455")').getByRole('button').click();
    await page.click('.ant-modal-confirm-btns .ant-btn-dangerous');
    await page.waitForFunction((rows) => document.querySelectorAll('tbody tr').length === rows, before);
    assert.deepEqual(page.faults, []);
  });
});
