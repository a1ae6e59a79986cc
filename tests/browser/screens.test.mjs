// Screens and entries: heat maps and numbers open to people, a release stands beside the one before.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, serious_problems, with_page } from './browser.mjs';

const number_in = (text) => Number(text.replace(/[^\d]/g, ''));
const exact = async (button) => {
  const shown = button.locator('.num').first();
  return number_in((await shown.getAttribute('title')) ?? (await shown.textContent()));
};
async function people_total(page) {
  await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
  const total = await page.textContent('[data-testid=people-total]');
  await page.click('.ant-drawer-close');
  await page.waitForSelector('.ant-drawer', { state: 'detached' });
  return number_in(total.split('，')[0]);
}

test('a screen is drawn, compared with the version before, and opened to its people', async () => {
  await with_page(await as_person('admin'), 'screens', async (page) => {
    await page.goto(`${base}/insights/screens`);
    await page.waitForSelector('.heat-spot');
    assert.equal(await page.locator('.heat').count(), 1);
    const people = page.locator('table:has(code) tbody .link-button').first();
    const count = await exact(people);
    await people.click();
    assert.equal(await people_total(page), count, 'as many people as the number says');

    await page.locator('.heat-spot').first().focus();
    await page.keyboard.press('Enter');
    assert.ok((await people_total(page)) > 0);

    await page.getByRole('combobox', { name: '版本', exact: true }).click();
    await page.locator('.ant-select-item-option', { hasText: '7.2.1' }).click();
    await page.waitForFunction(() => location.search.includes('than=7.2.0'));
    await page.waitForFunction(() => document.querySelectorAll('.heat').length === 2);
    assert.deepEqual(await serious_problems(page), []);
    assert.deepEqual(page.faults, []);
  });
});

test('entries stand beside each other, and their numbers open to people', async () => {
  await with_page(await as_person('admin'), 'entries', async (page) => {
    await page.goto(`${base}/insights/entries`);
    await page.waitForSelector('tbody .entry-step .link-button');
    const clicked = page.locator('tbody tr').first().locator('.link-button').nth(1);
    const count = await exact(clicked);
    await clicked.click();
    assert.equal(await people_total(page), count, 'as many people as the number says');

    await page.getByRole('combobox', { name: '按什么分入口' }).click();
    await page.keyboard.type('分行');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.search.includes('branch'));
    await page.waitForFunction(() =>
      [...document.querySelectorAll('tbody b')].some((one) => one.textContent.includes('分行')),
    );
    assert.deepEqual(await serious_problems(page), []);
    assert.deepEqual(page.faults, []);
  });
});
