// Numbers that are watched: a formula is typed and its fault shown, a day is annotated and drawn,
// an alert is made from the question with how often it would have fired, and work is finished.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, on_mock, with_page } from './browser.mjs';

const popover = '.ant-popover:not(.ant-popover-hidden)';

async function pick_event(page, name) {
  await page.fill(`${popover} [role=combobox]`, name);
  await page.press(`${popover} [role=combobox]`, 'Enter');
  await page.waitForSelector(popover, { state: 'detached' });
}

const chip = (page, slot) => page.locator(`.question-sentence [data-slot="${slot}"]`);

test('a formula is built by chips and keyboard, its fault is shown, and it is undone', async () => {
  await with_page(await as_person('sunwei'), 'formula', async (page) => {
    await page.goto(`${base}/insights/questions/metric`);
    await page.waitForSelector('.answer .drawing svg');
    await page.click('[data-offer=parts]');
    await pick_event(page, 'login');
    assert.equal(await chip(page, 'formula').textContent(), 'A / B');
    await page.waitForSelector('.answer .drawing svg');

    await chip(page, 'formula').click();
    const field = page.locator(`${popover} input`);
    await field.fill('A / C');
    await page.waitForSelector('#formula-fault.error');
    assert.match(await page.textContent('#formula-fault'), /5/);
    await field.fill('A / B * 100');
    await page.waitForSelector('#formula-fault.soft');
    await field.press('Enter');
    await page.waitForSelector(popover, { state: 'detached' });
    await page.waitForFunction(() =>
      document.querySelector('.answer h2')?.textContent.includes('A / B * 100'),
    );

    await page.click('[data-offer=average]');
    await page.keyboard.press('Escape');
    await chip(page, 'average').waitFor();
    await page.keyboard.press('Control+z');
    await chip(page, 'average').waitFor({ state: 'detached' });
    assert.deepEqual(page.faults, []);
  });
});

test('a note on a day is drawn on the chart, removed and brought back', async () => {
  await with_page(await as_person('zhoumin'), 'annotation', async (page) => {
    const text = `发版 ${Date.now() % 100_000}`;
    await page.goto(`${base}/insights/questions/metric`);
    await page.waitForSelector('.answer .drawing svg');
    await page.click('.day-notes .link-button');
    const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    await page.fill('#annotation-day', day);
    await page.press('#annotation-day', 'Enter');
    await page.fill('#annotation-text', text);
    await page.click('.ant-drawer-footer .ant-btn-primary');
    const note = page.locator('.day-notes .chip', { hasText: text });
    await note.waitFor();

    await note.click();
    await page.click('.ant-drawer .ant-btn-dangerous');
    await note.waitFor({ state: 'detached' });
    await page.click('.ant-message .link-button');
    await note.waitFor();
    assert.deepEqual(page.faults, []);
  });
});

test('a number is watched, and its alert is found in the list', async () => {
  await with_page(await as_person('sunwei'), 'alert', async (page) => {
    const name = `登录次数 ${Date.now() % 100_000}`;
    await page.goto(`${base}/insights/questions/metric`);
    await page.waitForSelector('.answer .drawing svg');
    await page.getByRole('button', { name: '设预警' }).click();
    await page.fill('#alert-name', name);
    await page.waitForSelector('.ant-drawer .drawing svg');
    await page.click('.ant-drawer .ant-segmented-item >> text=高于');
    await page.fill('#alert-threshold', '1');
    await page.waitForSelector('.ant-drawer .drawing svg');
    await page.fill('#alert-at', '7:30');
    await page.press('#alert-at', 'Enter');
    assert.equal(await page.inputValue('#alert-at'), '07:30');
    await page.click('.ant-drawer-footer .ant-btn-primary');
    await page.waitForURL(/\/insights\/alerts\/alr_/);
    await page.waitForSelector(`h1:has-text("${name}")`);
    const kept = await page.evaluate(async () => {
      const id = location.pathname.split('/').at(-1);
      return (await fetch(`/api/v1/alerts/${id}`)).json();
    });
    assert.equal(kept.at, '07:30');
    await page.goto(`${base}/insights/alerts`);
    await page.click(`a:has-text("${name}")`);
    await page.waitForURL(/\/insights\/alerts\/alr_/);
    assert.deepEqual(page.faults, []);
  });
});

test('a notice leads to its alert, and its work item is finished', { skip: !on_mock }, async () => {
  await with_page(await as_person('zhoumin'), 'work', async (page) => {
    await page.click('.top-bar [aria-expanded][aria-label*="1"]');
    await page.click('.bell-notice');
    await page.waitForURL(/\/insights\/alerts\/alr_1/);
    await page.getByRole('button', { name: '我来处理' }).click();
    await page.waitForSelector('.pill.warn');
    await page.goto(`${base}/work-items?mine=1`);
    await page.click('tbody tr');
    await page.fill('#work-note', '已核对');
    await page.click('#work-state');
    await page.click('.ant-select-item-option >> text=已完成');
    await page.click('.ant-drawer-footer .ant-btn-primary');
    await page.waitForSelector('.state');
    assert.deepEqual(page.faults, []);
  });
});
