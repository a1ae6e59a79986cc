// Takes screenshots of every page: node scripts/shots.mjs [name part] into the folder SHOTS.
// Runs against QIAO_URL (default: the mock on its usual port) with the system's Chromium.

import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const base = process.env.QIAO_URL ?? 'http://127.0.0.1:8790';
const folder = process.env.SHOTS ?? 'shots';
const only = process.argv[2] ?? '';
const login = process.env.QIAO_LOGIN ?? 'admin';
const password = process.env.QIAO_PASSWORD ?? 'any password';

const pages = [
  ['sign-in', '/sign-in', 'h1'],
  ['today', '/', 'h1'],
  ['audiences', '/audiences', 'tbody td'],
  ['audience', '/audiences/aud_01', '[data-testid=preview-count]'],
  ['audience-edit', '/audiences/aud_01/edit', '.removes'],
  ['audience-new', '/audiences/new', '.palette'],
  ['customers', '/customers', 'h1'],
  ['customer', '/customers/cus_01K000044', '.timeline'],
  ['campaigns', '/campaigns', 'tbody td'],
  ['campaign', '/campaigns/cmp_1', '.funnel'],
  ['campaign-approval', '/campaigns/cmp_2', 'h1'],
  ['campaign-edit', '/campaigns/cmp_3/edit', '.steps'],
  ['boards', '/boards', 'h1'],
  ['board', '/boards/brd_1', '.tile'],
  ['board-kinds', '/boards/brd_3', '.tile .drawing svg'],
  ['board-edit', '/boards/brd_3?edit=1', '.board.editing .tile'],
  ['board-full', '/boards/brd_3?full=1', '.full-screen .tile'],
  ['sql', '/insights/sql', '.cm-content'],
  ['questions', '/insights/questions', '.kind'],
  ...[
    'funnel',
    'retention',
    'metric',
    'paths',
    'lifecycle',
    'distribution',
    'interval',
    'attribution',
  ].map((kind) => [`question-${kind}`, `/insights/questions/${kind}`, '.answer .body']),
  ['alerts', '/insights/alerts', 'tbody td'],
  ['alert', '/insights/alerts/alr_1', '.drawing svg'],
  ['annotations', '/insights/annotations', 'tbody td'],
  ['work-items', '/work-items', 'tbody td'],
  ['stages', '/stages', 'tbody td'],
  ['stage-model', '/stages/stm_1', '.drawing svg'],
  ['stage-model-edit', '/stages/stm_1/edit', '.stage'],
  ['leagues', '/insights/leagues', 'tbody b'],
  ['products', '/insights/products', 'tbody b'],
  ['acquisition', '/insights/acquisition', '.chain'],
  ['returns', '/insights/returns', '.returns-costs svg'],
  ['screens', '/insights/screens?version=7.2.1&than=7.1.4&within=90d', '.heat-spot'],
  ['entries', '/insights/entries?product=prd_2', 'tbody b'],
  ['dictionary', '/dictionary', 'tbody td'],
  ['dictionary-tags', '/dictionary/tags', 'tbody td'],
  ['quarantine', '/quarantine', 'tbody td'],
  ['imports', '/imports', 'tbody td'],
  ['import-new', '/imports/new', 'h1'],
  ...[
    'people',
    'roles',
    'organisation',
    'channels',
    'prices',
    'contact-policy',
    'write-keys',
    'tokens',
    'general',
    'audit',
  ].map((name) => [`settings-${name}`, `/settings/${name}`, 'h1']),
];
const views = [
  ['wide-light-zh', 1440, 900, 'light', 'zh-CN'],
  ['wide-dark-en', 1440, 900, 'dark', 'en-US'],
  ['phone-light-en', 390, 844, 'light', 'en-US'],
  ['phone-dark-zh', 390, 844, 'dark', 'zh-CN'],
].filter(([name]) => name.startsWith(process.env.VIEW ?? ''));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
mkdirSync(folder, { recursive: true });
for (const [view, width, height, colorScheme, locale] of views) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
  const page = await context.newPage();
  page.on(
    'console',
    (line) =>
      line.type() === 'error' &&
      !line.text().includes('401') &&
      console.log(`[${view}] ${line.text().slice(0, 300)}`),
  );
  page.on('pageerror', (error) => console.log(`[${view}] ${error.message}`));
  const shot = async ([name, path, wait]) => {
    await page.goto(base + path);
    await page
      .waitForSelector(wait, { timeout: 8000 })
      .catch(() => console.log(`[${view}] ${name}: no ${wait}`));
    await page.waitForTimeout(700);
    await page.screenshot({ path: `${folder}/${name}.${view}.png`, fullPage: true });
  };
  if ('sign-in'.includes(only)) await shot(pages[0]);
  await page.goto(`${base}/sign-in`);
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('button[type=submit]');
  await page.waitForSelector('nav, .top-bar');
  for (const one of pages.slice(1)) if (one[0].includes(only)) await shot(one);
  await context.close();
}
await browser.close();
