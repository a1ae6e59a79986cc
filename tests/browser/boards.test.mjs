// Boards: tiles of every kind are drawn and open to their question and their people; one is edited and
// moved by keyboard; a board fills the screen; it is set up to go out by e-mail.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, on_mock, serious_problems, with_page } from './browser.mjs';

// A board with a tile of each kind, made of the ready-made questions that this bank can answer.
async function board_of_all_kinds(page) {
  return page.evaluate(async () => {
    const get = async (path) => (await fetch(`/api/v1${path}`)).json();
    const { csrf_token } = await get('/session');
    const { items } = await get('/insights/ready-made?limit=100');
    const kinds = [...new Set(items.map((one) => one.question.kind))];
    const tiles = kinds.map((kind, i) => ({
      ...items.find((one) => one.question.kind === kind),
      id: kind,
      chart: 'auto',
      x: (i % 2) * 6,
      y: Math.floor(i / 2) * 4,
      w: 6,
      h: 4,
    }));
    const made = await fetch('/api/v1/boards', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf_token },
      body: JSON.stringify({ name: '各类分析', tiles, shared_with: [], edited_by: [] }),
    });
    return { id: (await made.json()).id, kinds };
  });
}

test('tiles of every kind are drawn, and open to their question and to their people', async () => {
  await with_page(await as_person('admin'), 'board-kinds', async (page) => {
    await page.goto(base);
    const { id, kinds } = await board_of_all_kinds(page);
    assert.equal(kinds.length, 8);
    await page.goto(`${base}/boards/${id}`);
    for (const _ of kinds) await page.waitForSelector('.tile');
    await page.waitForFunction(() => document.querySelectorAll('.tile .drawing svg').length >= 6);
    await page.waitForSelector('.tile .funnel-lines [data-reached="1"]');
    assert.equal(await page.locator('.tile .state[role=alert]').count(), 0, 'no tile failed');
    assert.deepEqual(await serious_problems(page), []);

    await page.click('.tile .funnel-lines [data-reached="1"]');
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    await page.click('.ant-drawer-close');
    await page.click('.tile h2 a[href^="/insights/questions/retention"]');
    await page.waitForSelector('.answer .triangle');
    assert.deepEqual(page.faults, []);
  });
});

test('a tile of another kind is added, moved by keyboard and kept', async () => {
  await with_page(await as_person('admin'), 'board-edit', async (page) => {
    await page.goto(base);
    const { id } = await board_of_all_kinds(page);
    await page.goto(`${base}/boards/${id}?edit=1`);
    await page.waitForSelector('.board.editing .tile');
    await page.click('.page-head button:has-text("添加图块")');
    await page.fill('#tile-title-zh', '留下多少');
    await page.click('.ant-select:has(#tile-kind)');
    await page.click('.ant-select-item-option:has-text("留存")');
    await page.waitForSelector('.ant-drawer .question-sentence [data-slot=first]');
    await page.click('.ant-select:has(#tile-refresh)');
    await page.click('.ant-select-item-option:has-text("每小时")');
    await page.waitForSelector('.ant-drawer .tile .drawing svg');
    assert.deepEqual(await serious_problems(page), []);
    await page.click('.ant-drawer-footer .ant-btn-primary');
    const tile = page.locator('.tile[aria-label="留下多少"]');
    await tile.locator('.grip').focus();
    const before = await tile.evaluate((one) => one.style.gridColumn);
    await page.keyboard.press('ArrowRight');
    assert.notEqual(await tile.evaluate((one) => one.style.gridColumn), before);
    await page.click('.page-head .ant-btn-primary');
    await page.waitForSelector('.board:not(.editing) .tile[aria-label="留下多少"] .drawing svg');
    const kept = await page.evaluate(
      async (board) => (await (await fetch(`/api/v1/boards/${board}`)).json()).tiles,
      id,
    );
    const made = kept.find((one) => one.title_zh === '留下多少');
    assert.deepEqual([made.question.kind, made.refresh, made.chart], ['retention', '1h', 'auto']);
    assert.deepEqual(page.faults, []);
  });
});

test('what has a page of its own is put on a board, opens to that page, and is changed', async () => {
  await with_page(await as_person('admin'), 'board-pages', async (page) => {
    await page.goto(`${base}/stages`);
    const model = await page.locator('a[href^="/stages/stm_"]').first().getAttribute('href');
    const pages = {
      '排行图块': '/insights/leagues?units=outlet&per=week',
      '入口图块': '/insights/entries?window=7d',
      '流转图块': `${model}?within=90d`,
      '获客图块': '/insights/acquisition?within=90d',
      '收益图块': '/insights/returns?within=30d',
      '产品图块': '/insights/products?measure=value',
      '活跃图块': '/insights/leagues',
    };
    const panels = { '活跃图块': '.panel:has-text("近 60 天")' };
    let board;
    for (const [title, path] of Object.entries(pages)) {
      await page.goto(base + path);
      await page.click(`${panels[title] ?? '.panel'} > header button:has-text("放到看板")`);
      await page.fill('#question-title', title);
      assert.deepEqual(await serious_problems(page), []);
      await page.click('.ant-modal .ant-btn-primary');
      board = await page.locator('.ant-message a[href^="/boards/"]').last().getAttribute('href');
    }
    await page.goto(base + board);
    await page.waitForSelector('.tile[aria-label="排行图块"] .league-table tbody .num');
    await page.waitForSelector('.tile[aria-label="入口图块"] tbody .entry-step');
    await page.waitForSelector('.tile[aria-label="流转图块"] .drawing svg');
    await page.waitForSelector('.tile[aria-label="获客图块"] .chain');
    await page.waitForSelector('.tile[aria-label="产品图块"] .product-funnel');
    await page.waitForSelector('.tile[aria-label="活跃图块"] .link-button');
    await page.waitForSelector('.tile[aria-label="收益图块"] :is(.returns-costs, .state, tbody)');
    assert.deepEqual(await serious_problems(page), []);
    const open = (title) => page.click(`.tile[aria-label="${title}"] h2 a`);
    await open('排行图块');
    await page.waitForFunction(() => /units=outlet/.test(location.search));
    await page.waitForSelector('.league-table tbody .num');
    await page.goto(base + board);
    await open('流转图块');
    await page.waitForFunction(() => location.search.includes('within=90d'));
    await page.waitForSelector('.drawing svg');
    assert.deepEqual(page.faults, []);

    await page.goto(`${base}${board}?edit=1`);
    const change = async (title, ...choices) => {
      const tile = page.locator(`.tile[aria-label="${title}"]`);
      await tile.getByRole('button', { name: '更多操作' }).click();
      await page.click('.ant-dropdown:not(.ant-dropdown-hidden) .ant-dropdown-menu-item >> nth=0');
      await page.waitForSelector('.ant-drawer .ant-segmented, .ant-drawer [aria-label="多久之内"]');
      for (const [field, words] of choices)
        if (field === 'segment') await page.click(`.ant-drawer .ant-segmented-item >> text=${words}`);
        else {
          await page.locator('.ant-drawer').getByRole('combobox', { name: field }).click();
          await page.locator('.ant-select-item-option', { hasText: words }).last().click();
        }
      await page.waitForSelector('.ant-drawer .tile tbody .num, .ant-drawer .tile .drawing svg');
      assert.deepEqual(await serious_problems(page), []);
      await page.click('.ant-drawer-footer .ant-btn-primary');
      await page.waitForSelector('.ant-drawer', { state: 'detached' });
    };
    await change('排行图块', ['segment', '客户经理'], ['segment', '月']);
    await change('入口图块', ['多久之内', '1 天内完成'], ['按什么分入口', '分行']);
    await change('流转图块', ['segment', '近 30 天']);
    await page.click('.page-head .ant-btn-primary');
    await page.waitForSelector('.board:not(.editing)');
    const kept = await page.evaluate(
      async (path) => (await (await fetch(`/api/v1${path}`)).json()).tiles,
      board,
    );
    const asked = (title) => {
      const { question } = kept.find((one) => one.title_zh === title);
      return question[question.kind];
    };
    assert.deepEqual([asked('排行图块').units, asked('排行图块').per], ['manager', 'month']);
    assert.deepEqual([asked('入口图块').window, asked('入口图块').by], ['1d', ['$branch']]);
    assert.deepEqual([asked('流转图块').within, asked('流转图块').per], ['30d', 'day']);
    assert.deepEqual(page.faults, []);
  });
});

test('a board fills the screen, turns to the next on request, and is left by Escape', async () => {
  await with_page(await as_person('admin'), 'board-full', async (page) => {
    await page.goto(base);
    const { id } = await board_of_all_kinds(page);
    await page.goto(`${base}/boards/${id}?full=1`);
    await page.waitForSelector('.full-screen .tile');
    const turn = page.locator('.full-screen button[aria-pressed]');
    assert.equal(await turn.getAttribute('aria-pressed'), 'false', 'it stays by itself');
    assert.deepEqual(await serious_problems(page), []);
    await page.clock.install();
    await turn.click();
    await page.waitForFunction(() => location.search.includes('turn=1'));
    // The timer starts at some moment after the click.
    for (let turns = 0; turns < 20 && page.url().includes(id); ++turns) await page.clock.runFor(31_000);
    assert.ok(!page.url().includes(id), 'the next board is shown');
    await page.waitForSelector('.full-screen');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.full-screen', { state: 'detached' });
  });
});

test('a board is set up to go out by e-mail, to colleagues alone', async () => {
  await with_page(await as_person('admin'), 'board-mail', async (page) => {
    await page.goto(base);
    const { id } = await board_of_all_kinds(page);
    await page.goto(`${base}/boards/${id}`);
    await page.waitForSelector('.tile');
    await page.click('.page-head button[aria-label="更多操作"]');
    await page.click('.ant-dropdown-menu-item:has-text("邮件推送")');
    await page.click('.ant-drawer button:has-text("新建")');
    await page.fill('#mail-to', 'nobody@elsewhere.example');
    await page.keyboard.press('Enter');
    assert.deepEqual(await serious_problems(page), []);
    await page.click('.ant-drawer .ant-btn-primary:has-text("保存")');
    await page.waitForSelector('.ant-message:has-text("只发给员工")');
    if (!on_mock) return;
    await page.click('#mail-to');
    await page.keyboard.press('Backspace');
    await page.fill('#mail-to', 'lin@bank.example');
    await page.keyboard.press('Enter');
    await page.click('.ant-drawer .ant-btn-primary:has-text("保存")');
    await page.waitForSelector('.ant-drawer .panel:has-text("lin@bank.example")');
  });
});
