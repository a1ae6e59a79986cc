// What staff do to one customer, and to the tags that describe customers: the history of a tag, merging
// and taking apart, a copy of everything, erasure that asks twice, and a tag computed from behaviour.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, some_customers, with_page } from './browser.mjs';

const more = async (page, words) => {
  await page.click('.page-head button[aria-label="更多操作"]');
  await page.click(`.ant-dropdown-menu-item:has-text("${words}")`);
};

test('the changes of a tag open beside the customer', async () => {
  await with_page(await as_person('admin'), 'tag-history', async (page) => {
    const [one] = await some_customers(page);
    await page.goto(`${base}/customers/${one.id}`);
    await page.locator('.panel:has-text("标签") .tag-row .link-button').first().click();
    await page.waitForSelector('.ant-drawer:has-text("的变化") .tag-history li time');
  });
});

test('two customers are merged with a reason, and taken apart again', async () => {
  await with_page(await as_person('admin'), 'merge', async (page) => {
    const [one, other] = await some_customers(page);
    await page.goto(`${base}/customers/${one.id}`);
    await more(page, '合并');
    const dialog = page.locator('.ant-modal');
    const confirm = dialog.locator('.ant-modal-footer .ant-btn-dangerous');
    await page.fill('#merge-find', other.number);
    await page.keyboard.press('Enter');
    await dialog.locator('button:has-text("就是这位")').click();
    await page.waitForSelector('.ant-modal .notice:has-text("成为同一位客户")');
    assert.ok(await confirm.isDisabled(), 'a merge needs a reason');
    await page.fill('#merge-why', '同一人的两个客户号');
    await confirm.click();
    await page.waitForSelector('.ant-message:has-text("已合并")');
    const numbers = page.locator('.tag-row:has-text("客户号")');
    await numbers.nth(1).waitFor();
    await page.waitForSelector('.panel:has-text("合并记录")');

    // The record goes on under the id of one of the two; the number of the other is what leaves it.
    const kept = page.url().endsWith(one.id) ? one : other;
    const leaving = kept === one ? other : one;
    await page.click(`button[aria-label$="客户号 ${leaving.number}"]`);
    await page.fill('.ant-modal #reason', '弄错了人');
    await page.click('.ant-modal-footer .ant-btn-dangerous');
    await page.waitForSelector('.ant-message:has-text("已解绑")');
    await page.waitForSelector(`.tag-row:has-text("${leaving.number}")`, { state: 'detached' });
    await page.waitForSelector('.panel:has-text("合并记录") .pill:has-text("已撤销")');
    assert.deepEqual(page.faults, []);
  });
});

test('an export says what it holds; an erasure asks for a reason and a word', async () => {
  await with_page(await as_person('admin'), 'export', async (page) => {
    const [one] = await some_customers(page);
    await page.goto(`${base}/customers/${one.id}`);
    await more(page, '导出');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.click('.ant-modal-footer .ant-btn-primary'),
    ]);
    assert.match(file.suggestedFilename(), /\.json$/);
    await page.waitForSelector('.ant-modal', { state: 'detached' });

    await more(page, '清除');
    const erase = page.locator('.ant-modal-footer .ant-btn-dangerous');
    await page.fill('#erase-why', '客户要求');
    assert.ok(await erase.isDisabled(), 'a reason alone does not erase');
    await page.fill('#erase-word', '清除');
    assert.ok(await erase.isEnabled());
    await page.click('.ant-modal-footer button:has-text("取消")');
  });
});

test('a tag is computed from behaviour, as a sentence with chips', async () => {
  const name = `browser_formula_${Date.now() % 100_000}`;
  await with_page(await as_person('admin'), 'formula', async (page) => {
    await page.goto(`${base}/dictionary/tags`);
    await page.click('.page-head button:has-text("新建标签")');
    await page.click('.ant-segmented-item:has-text("从行为里算出")');
    await page.locator('.pick-list input').fill('登录');
    await page.keyboard.press('Enter');
    await page.locator('.chip-form .ant-select').first().click();
    await page.click('.ant-select-item-option:has-text("最近一次距今几天")');
    await page.click('.chip-form .ant-btn-primary');
    await page.waitForSelector('.ant-drawer .sentence:has-text("最近一次距今几天")');
    const people = page.locator('[data-testid=tag-people]');
    await people.locator('a').first().waitFor();
    assert.match(await people.innerText(), /会有值的客户 [1-9]/);

    const make = page.locator('.ant-drawer-footer .ant-btn-primary');
    assert.equal(await make.getAttribute('aria-disabled'), 'true', 'a tag needs its names');
    await page.fill('#tag-name_zh', `距上次登录天数 ${name.slice(-5)}`);
    await page.fill('#tag-name_en', name.replaceAll('_', ' '));
    assert.equal(await page.inputValue('#tag-name'), name, 'the key follows the English name');
    await make.click();
    await page.waitForSelector('.ant-drawer', { state: 'detached' });
    await page.goto(`${base}/dictionary/tags?tag=${name}`);
    await page.waitForSelector('.ant-drawer dd:has-text("「登录」的最近一次距今几天")');
    await page.click('.ant-drawer button:has-text("修改算法")');
    await page.waitForSelector('.ant-drawer .sentence:has-text("最近一次距今几天")');
    assert.deepEqual(page.faults, []);
  });
});
