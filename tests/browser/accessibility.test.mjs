// No page has a serious or critical violation: both looks, both languages, desk and phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { as_person, base, on_mock, open_page, with_page } from './browser.mjs';

const places = [
  ['/', 'h1'],
  ['/customers', 'h1'],
  ['/audiences', 'tbody td, .state'],
  ['/audiences/new', '.palette'],
  ['/campaigns', 'h1'],
  ['/campaigns/new', '.steps'],
  ['/boards', 'h1'],
  ['/dictionary', 'h1'],
  ['/dictionary/tags', 'h1'],
  ['/quarantine', 'h1'],
  ['/imports', 'h1'],
  ['/imports/new', '.drop-zone'],
  ['/settings/people', 'h1'],
  ['/settings/roles', 'tbody td'],
  ['/settings/organisation', 'h1'],
  ['/settings/channels', 'h1'],
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
  ['/boards/brd_1', '.tile'],
  ['/boards/brd_1?edit=1', '.board.editing .tile'],
  ['/dictionary?event=payment', '.ant-drawer #entry-status'],
];
const all = on_mock ? [...places, ...only_in_mock] : places;
const among = (...paths) => all.filter(([path]) => paths.includes(path));
// Every page once at the desk; the other look, language and width on the pages that differ most.
const views = [
  { look: 'light', locale: 'zh-CN', pages: all },
  {
    look: 'dark',
    locale: 'en-US',
    width: 390,
    height: 844,
    pages: on_mock
      ? among(
          '/',
          '/audiences/aud_01/edit',
          '/campaigns/cmp_1',
          '/customers/cus_01K000044',
          '/boards/brd_1',
          '/settings/people',
        )
      : among('/', '/audiences/new', '/campaigns/new'),
  },
];
const settle_ms = 200;

async function serious_problems(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
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

async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

for (const view of views) {
  const name = `${view.width ?? 1440} px, ${view.look}, ${view.locale}`;
  test(`pages are accessible at ${name}`, async () => {
    await with_page(
      await as_person('admin', view),
      `axe-${view.look}-${view.width ?? 1440}`,
      async (page) => {
        const problems = [];
        for (const [path, wait] of view.pages) {
          await page.goto(base + path);
          await page
            .waitForSelector(wait)
            .catch(() => problems.push(`${path}: ${wait} never came`));
          await page.waitForTimeout(settle_ms);
          for (const problem of await serious_problems(page)) problems.push(`${path}: ${problem}`);
          const beyond = await overflow(page);
          if (beyond > 0) problems.push(`${path}: ${beyond} px wider than the window`);
        }
        assert.deepEqual([...problems, ...page.faults], []);
      },
    );
  });
}

test('the sign-in page is accessible', async () => {
  await with_page(await open_page(), 'axe-sign-in', async (page) => {
    await page.goto(`${base}/sign-in`);
    await page.waitForSelector('#login');
    assert.deepEqual(await serious_problems(page), []);
  });
});
