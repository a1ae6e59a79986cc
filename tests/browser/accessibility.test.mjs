// No page has a serious or critical violation, at the desk and on a phone, in both looks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  as_person,
  base,
  on_mock,
  open_page,
  serious_problems,
  some_customers,
  with_page,
} from './browser.mjs';

const places = [
  ['/', 'h1'],
  ['/customers', 'h1'],
  ['/audiences', 'tbody td, .state'],
  ['/audiences/new', '.palette'],
  ['/campaigns', 'h1'],
  ['/campaigns/new', '.steps'],
  ['/boards', 'h1'],
  ['/work-items', 'h1'],
  ['/insights/alerts', 'h1'],
  ['/insights/annotations', 'h1'],
  ['/insights/sql', '.cm-content'],
  ['/insights/leagues', 'tbody .league-main'],
  ['/insights/products', 'tbody td b'],
  ['/insights/acquisition', 'h1'],
  ['/insights/returns', 'h1'],
  ['/insights/screens', '.lollipops'],
  ['/insights/entries', '.entry-funnel'],
  ['/stages', 'tbody td'],
  ['/stages/new', '.state'],
  ['/dictionary', 'h1'],
  ['/dictionary/properties', 'h1'],
  ['/dictionary/tags', 'h1'],
  ['/quarantine', 'h1'],
  ['/imports', 'h1'],
  ['/imports/new', '.drop-zone'],
  ['/settings/people', 'h1'],
  ['/settings/roles', 'tbody td'],
  ['/settings/organisation', 'h1'],
  ['/settings/channels', 'h1'],
  ['/settings/prices', 'h1'],
  ['/settings/contact-policy', 'h1'],
  ['/settings/write-keys', 'h1'],
  ['/settings/tokens', 'h1'],
  ['/settings/general', 'h1'],
  ['/settings/audit', 'h1'],
  ['/no-such-page', 'h1'],
];
const only_in_mock = [
  ['/audiences/aud_01', '[data-testid=preview-count]'],
  ['/audiences/aud_01/edit', '.removes'],
  ['/customers/cus_01K000044', '.timeline'],
  ['/campaigns/cmp_1', '.funnel'],
  ['/campaigns/cmp_2', '.phone-preview'],
  ['/campaigns/cmp_3/edit', '.steps'],
  ['/insights/alerts/alr_1', '.drawing svg'],
  ['/boards/brd_1', '.tile'],
  ['/boards/brd_1?edit=1', '.board.editing .tile'],
  ['/boards/brd_3', '.tile .drawing svg'],
  ['/dictionary?event=payment', '.ant-drawer #entry-status'],
];
// What exists on any server with customers.
async function found_places(page) {
  const [one] = await some_customers(page);
  const board = await page.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/boards?limit=1')).json();
    return items[0]?.id;
  });
  return [
    [`/customers/${one.id}`, '.timeline'],
    [`/boards/${board}`, '.tile'],
    ['/dictionary?event=login', '.ant-drawer #entry-status'],
  ];
}

// Every page at the desk and on a phone, each in both looks and one of the languages. The rules that
// ask for more than colours give the same answer in both looks.
const views = [
  { locale: 'zh-CN', width: 1440, height: 900 },
  { locale: 'en-US', width: 390, height: 844 },
];
const colour_rules = ['color-contrast', 'link-in-text-block'];
const settle_ms = 150;

async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

// As a link of the console goes: without loading the console anew.
async function go_to(page, path) {
  await page.evaluate((to) => {
    const leaves = new URL(to, location.href).pathname !== location.pathname;
    if (leaves) document.querySelector('h1')?.setAttribute('data-left', '');
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, path);
  await page.waitForSelector('h1:not([data-left])');
}

async function problems_of(page, [path, wait]) {
  const problems = [];
  await page.emulateMedia({ colorScheme: 'light' });
  await go_to(page, path);
  await page.waitForSelector(wait).catch(() => problems.push(`${wait} never came`));
  await page.waitForTimeout(settle_ms);
  problems.push(...(await serious_problems(page)));
  const beyond = await overflow(page);
  if (beyond > 0) problems.push(`${beyond} px wider than the window`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForSelector('html[data-look=dark]');
  await page.waitForTimeout(settle_ms);
  const in_the_dark = await serious_problems(page, colour_rules);
  return [...problems, ...in_the_dark.map((one) => `dark: ${one}`)].map((one) => `${path}: ${one}`);
}

for (const view of views) {
  test(`every page is accessible at ${view.width} px, light and dark, ${view.locale}`, async () => {
    const page = await as_person('admin', view);
    await with_page(page, `axe-${view.width}`, async () => {
      const problems = [];
      const found = on_mock ? only_in_mock : await found_places(page);
      for (const place of [...places, ...found]) problems.push(...(await problems_of(page, place)));
      assert.deepEqual([...problems, ...page.faults], []);
    });
  });
}

test('the sign-in page is accessible', async () => {
  await with_page(await open_page(), 'axe-sign-in', async (page) => {
    await page.goto(`${base}/sign-in`);
    await page.waitForSelector('#login');
    assert.deepEqual(await serious_problems(page), []);
  });
});
