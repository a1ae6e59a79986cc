// A person's whole turn in the console: an audience by drag and drop, a campaign, another person's
// approval, and the report.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, on_mock, open_page, with_page } from './browser.mjs';

const audience_name = `浏览器测试人群 ${Date.now() % 100_000}`;
const campaign_name = `浏览器测试活动 ${Date.now() % 100_000}`;

async function drag(page, from, to) {
  const start = await from.boundingBox();
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(start.x + 20, start.y + 30, { steps: 4 });
  const end = await to.boundingBox();
  await page.mouse.move(end.x + 60, end.y + end.height / 2, { steps: 8 });
  await page.mouse.up();
}

const count_of = async (page) =>
  Number((await page.locator('[data-testid=preview-count]').innerText()).replace(/[^\d]/g, ''));

async function settled_count(page) {
  await page.waitForTimeout(400);
  await page.waitForSelector('.preview [aria-busy=false]');
  return count_of(page);
}

async function pick(page, words) {
  await page.locator('.pick-list input').fill(words);
  await page.locator('.pick-list [role=option]', { hasText: words }).first().waitFor();
  await page.keyboard.press('Enter');
}

test('signing in with a wrong password says so and stays', async () => {
  await with_page(await open_page(), 'wrong-password', async (page) => {
    await page.goto(`${base}/sign-in`);
    await page.fill('#login', 'admin');
    await page.fill('#password', 'wrong');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]');
    assert.match(page.url(), /sign-in/);
  });
});

test('an audience is built by clicking and dragging, its count follows, and it is saved', async () => {
  await with_page(await as_person('zhoumin'), 'audience', async (page) => {
    await page.goto(`${base}/audiences/new`);
    await page.waitForSelector('.palette');
    const everyone = await settled_count(page);
    assert.ok(everyone > 0, 'everyone is more than nobody');

    await page.click('.palette-item:has-text("标签")');
    await pick(page, '年龄');
    await page.locator('.chip-form input[role=spinbutton]').fill('30');
    await page.click('.chip-form .ant-btn-primary');
    const adults = await settled_count(page);
    assert.ok(
      adults > 0 && adults < everyone,
      `the age condition removes some: ${adults} of ${everyone}`,
    );

    const gaps = page.locator('.gap');
    await drag(page, page.locator('.palette-item', { hasText: '行为' }).first(), gaps.first());
    await pick(page, '打开手机银行');
    await page.waitForSelector('[data-slot=event]');
    const active = await settled_count(page);
    assert.ok(active < adults, 'the behaviour removes more');
    const sentence = page.locator('.sentence');
    assert.match(await sentence.innerText(), /30 天内有过「打开手机银行」.*且年龄 ≥ 30/);

    // The first condition is dragged behind the second; the sentence turns round, the count stays.
    await drag(page, page.locator('[data-handle]').first(), gaps.last());
    assert.match(await sentence.innerText(), /年龄 ≥ 30，且 30 天内有过「打开手机银行」/);
    assert.equal(await settled_count(page), active);

    await page.click('button[aria-label="撤销"]');
    assert.match(await sentence.innerText(), /打开手机银行.*年龄/);
    await page.click('button[aria-label="重做"]');

    // By the keyboard alone: the second condition goes back to the front.
    await page.locator('[data-handle]').last().focus();
    await page.keyboard.press('Alt+ArrowUp');
    assert.match(await sentence.innerText(), /打开手机银行.*年龄/);

    await page.fill('#audience-name', audience_name);
    await page.click('.page-head .ant-btn-primary');
    await page.waitForSelector(`h1:has-text("${audience_name}")`);
    assert.equal(await settled_count(page), active, 'the saved audience has the previewed count');
    assert.deepEqual(page.faults, []);
  });
});

test('a draft survives leaving the page', async () => {
  await with_page(await as_person('zhoumin'), 'draft', async (page) => {
    await page.goto(`${base}/audiences/new`);
    await page.fill('#audience-name', '没存就走');
    await page.waitForTimeout(600);
    await page.goto(`${base}/audiences`);
    await page.goto(`${base}/audiences/new`);
    await page.waitForSelector('.notice');
    assert.equal(await page.inputValue('#audience-name'), '没存就走');
    await page.click('.notice .link-button');
    assert.equal(await page.inputValue('#audience-name'), '');
  });
});

async function choose(page, field, words) {
  await page.click(field);
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

// Else the hour of the day would decide whether anything is sent.
test('an administrator switches the quiet hours off', async () => {
  await with_page(await as_person('admin'), 'contact-policy', async (page) => {
    await page.goto(`${base}/settings/contact-policy`);
    const quiet = page.locator('label:has-text("夜间不打扰客户") input[type=checkbox]');
    await quiet.uncheck();
    await page.click('.panel button:has-text("保存")');
    await page.waitForSelector('.ant-message:has-text("已保存")');
    await page.reload();
    await quiet.waitFor();
    assert.equal(await quiet.isChecked(), false);
    assert.deepEqual(page.faults, []);
  });
});

const number_in = async (locator) => Number((await locator.innerText()).replace(/[^\d]/g, ''));

// The counts of the report, as the page shows them.
async function report_numbers(page) {
  const count = (words) =>
    number_in(page.locator('.funnel li', { hasText: words }).locator('.num').first());
  return {
    eligible: await count('符合条件'),
    sent: await count('已发'),
    delivered: await count('送达'),
  };
}

test('a campaign is written, submitted, approved by another, launched, and reports', async () => {
  let address = '';
  await with_page(await as_person('zhoumin'), 'campaign', async (page) => {
    await page.goto(`${base}/campaigns/new`);
    await page.waitForSelector('.steps');
    await page.fill('#campaign-name', campaign_name);
    await choose(page, '#campaign-audience', audience_name);
    await page.fill('#message-heading', '为您准备');
    await page.fill('#message-body', '{{ name }}，您好');
    await page.waitForSelector('.notice.bad');
    await page.fill('#message-body', '{{ name | default: "客户" }}，您好');
    await page.waitForSelector('.notice.good');
    await choose(page, '#goal-event', '登录');
    await page.click('.page-head .ant-btn-primary');
    await page.waitForSelector(`h1:has-text("${campaign_name}")`);
    address = page.url();
    await page.click('button:has-text("提交审批")');
    await page.waitForSelector('.pill:has-text("审批中")');
    const approve = page.locator('button:has-text("批准")');
    assert.equal(
      await approve.getAttribute('aria-disabled'),
      'true',
      'an operator may not approve',
    );
  });
  await with_page(await as_person('chenhao'), 'approval', async (page) => {
    await page.goto(address);
    await page.click('button:has-text("批准")');
    await page.waitForSelector('.pill:has-text("已批准")');
  });
  await with_page(await as_person('zhoumin'), 'launch', async (page) => {
    await page.goto(address);
    await page.click('button:has-text("启动")');
    await page.click('.ant-modal .ant-btn-primary');
    await page.waitForSelector('.pill:has-text("进行中")');
    await page.waitForSelector('.panel:has-text("成效"):has-text("数据还不够")');
    if (!on_mock) {
      await page.waitForSelector('.funnel li:has-text("送达") button', { timeout: 30_000 });
      await page.waitForTimeout(6_000);
      const { eligible, sent, delivered } = await report_numbers(page);
      assert.ok(eligible > sent && sent > 0, `${sent} of ${eligible} got the message`);
      assert.equal(delivered, sent, 'the inbox delivers at once');
      const held_out = await number_in(page.locator('span:has-text("对照组") > button').last());
      const planned = await number_in(page.locator('dt:has-text("计划") + dd'));
      assert.equal(planned, eligible - held_out, 'the control group is not planned');
    }
    await page.locator('.funnel button').first().click();
    await page.waitForSelector('.ant-drawer tbody a');
    assert.deepEqual(page.faults, []);
  });
});

test('search by the keyboard finds what was made', async () => {
  await with_page(await as_person('zhoumin'), 'search', async (page) => {
    await page.keyboard.press('Control+k');
    await page.locator('.search-box input').fill(audience_name);
    await page.waitForSelector(`.hits li:has-text("${audience_name}")`);
    await page.keyboard.press('Enter');
    await page.waitForSelector(`h1:has-text("${audience_name}")`);
  });
});

test('a viewer sees what needs a right disabled, with the reason', async () => {
  await with_page(await as_person('viewer'), 'viewer', async (page) => {
    await page.goto(`${base}/audiences`);
    const make = page.locator('.page-head button');
    assert.equal(await make.getAttribute('aria-disabled'), 'true');
    await make.hover();
    await page.waitForSelector('[role=tooltip]:has-text("管理员")');
    await page.goto(`${base}/customers`);
    await page.waitForSelector('.state:has-text("没有查看权限")');
  });
});
