// The questions: a funnel is asked and the people who left a step become an audience; retention and
// paths are drawn; a question is linked, undone, and kept as a draft; it can be put on a board.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, serious_problems, with_page } from './browser.mjs';

const at = (kind, fragment = '') => `${base}/insights/questions/${kind}${fragment}`;
const number_in = (text) => Number(text.replace(/[^\d]/g, ''));

async function pick_event(page, slot, name) {
  await page.click(`.question-sentence [data-slot="${slot}"]`);
  await page.fill('.ant-popover:not(.ant-popover-hidden) [role=combobox]', name);
  await page.press('.ant-popover:not(.ant-popover-hidden) [role=combobox]', 'Enter');
  await page.waitForSelector('.ant-popover:not(.ant-popover-hidden)', { state: 'detached' });
}

test('a funnel is asked, and who left a step becomes an audience', async () => {
  await with_page(await as_person('admin'), 'funnel', async (page) => {
    await page.goto(`${base}/insights/questions`);
    await page.click('[data-example=fund_funnel]');
    await page.waitForSelector('.answer [data-dropped="1"]');
    const left = page.locator('.answer [data-dropped="1"] .num');
    const dropped = number_in((await left.getAttribute('title')) ?? (await left.textContent()));
    assert.ok(dropped > 0);

    await page.click('.answer [data-dropped="1"]');
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    const total = await page.textContent('[data-testid=people-total]');
    assert.equal(number_in(total.split('，')[0]), dropped);
    await page.click('.ant-drawer-close');

    await page.click('.answer [data-audience="1"]');
    await page.click('.ant-message a[href^="/audiences/"]');
    await page.waitForSelector('[data-testid=preview-count]');
    const counted = page.locator('[data-testid=preview-count]');
    const shown = (await counted.getAttribute('title')) ?? (await counted.textContent());
    assert.equal(number_in(shown), dropped, 'the audience counts who left the step');
    assert.deepEqual(page.faults, []);
  });
});

test('a question is built by its chips, undone, and found again by its link and as a draft', async () => {
  await with_page(await as_person('sunwei'), 'built', async (page) => {
    await page.goto(at('interval'));
    await page.waitForSelector('.question-sentence');
    await pick_event(page, 'first', 'login');
    await pick_event(page, 'then', 'app_open');
    const slot = (name) => page.textContent(`.question-sentence [data-slot="${name}"]`);
    const built = [await slot('first'), await slot('then')];
    await page.waitForSelector('.answer .drawing svg');

    await page.keyboard.press('Control+z');
    await page.waitForFunction(
      (text) => document.querySelector('[data-slot="then"]').textContent !== text,
      built[1],
    );
    await page.keyboard.press('Control+Shift+z');
    await page.waitForFunction(
      (text) => document.querySelector('[data-slot="then"]').textContent === text,
      built[1],
    );
    await page.waitForFunction(() => location.hash.startsWith('#1.'));
    const link = await page.evaluate(() => location.hash);

    await page.waitForFunction(() =>
      localStorage.getItem('qiao.draft.question.interval')?.includes('app_open'),
    );
    await page.goto(`${base}/insights/questions`);
    await page.goto(at('interval'));
    await page.waitForSelector('.notice.info');
    assert.deepEqual([await slot('first'), await slot('then')], built);
    await page.evaluate(() => localStorage.removeItem('qiao.draft.question.interval'));
    await page.goto(`${base}/insights/questions`);
    await page.goto(at('interval', link));
    await page.waitForSelector('.question-sentence');
    assert.deepEqual([await slot('first'), await slot('then')], built);
    assert.deepEqual(page.faults, []);
  });
});

test('retention marks what is not over and opens a cell to its people', async () => {
  await with_page(await as_person('admin'), 'retention', async (page) => {
    await page.goto(at('retention'));
    await page.waitForSelector('.answer .drawing svg');
    await page.waitForSelector('.triangle .cell.open');
    await page.locator('.triangle tbody tr:not(.total) .cell:not(.open) button').first().click();
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    assert.deepEqual(page.faults, []);
  });
});

test('paths are drawn forward and backward and open to people', async () => {
  await with_page(await as_person('admin'), 'paths', async (page) => {
    await page.goto(at('paths'));
    await page.waitForSelector('.answer .drawing svg');
    const first = await page.textContent('.answer > header h2');
    await page.locator('.top-paths .link-button').first().click();
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    await page.click('.ant-drawer-close');
    await page.click('.question-sentence [data-slot=direction]');
    await page.waitForFunction(
      (old) => document.querySelector('.answer > header h2')?.textContent !== old,
      first,
    );
    await page.waitForSelector('.answer .drawing svg');
    assert.deepEqual(page.faults, []);
  });
});

test('a node and a link of the paths open just the people that they count', async () => {
  await with_page(await as_person('admin'), 'path-parts', async (page) => {
    const asked = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/insights/people')) asked.push(request.postDataJSON());
    });
    const people_total = async () => {
      await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
      const total = await page.textContent('[data-testid=people-total]');
      await page.click('.ant-drawer-close');
      await page.waitForSelector('.ant-drawer-content-wrapper', { state: 'hidden' });
      return number_in(total.split('，')[0]);
    };
    await page.goto(at('paths'));
    await page.waitForSelector('.answer .drawing svg');
    const [, people] = (await page.textContent('.answer .stack > p.soft'))
      .match(/([\d,]+) 次，来自 ([\d,]+) 人/)
      .slice(1)
      .map(number_in);

    await page.click('.answer .figures > summary');
    const rows = page.locator('.answer .figures tbody tr');
    const row = async (text) => {
      const found = rows.filter({ hasText: text }).first();
      const shown = found.locator('.link-button .num');
      const times = (await shown.getAttribute('title')) ?? (await shown.textContent());
      await found.locator('.link-button').click();
      return { times: number_in(times), people: await people_total() };
    };
    const start = await row('1. ');
    assert.equal(start.people, people, 'everyone with a path began one');
    assert.deepEqual(asked.at(-1).node.depth, 0);
    const link = await row(' → ');
    assert.ok(link.people > 0 && link.people <= link.times, 'a link counts times of its people');
    assert.equal(asked.at(-1).link.depth, 0);
    const other = rows.filter({ hasText: '其他' });
    if ((await other.count()) > 0) assert.ok((await row('其他')).people > 0);

    // The drawing itself: the label of the first node opens the same people.
    await page.locator('.answer .drawing svg text').first().click();
    await people_total();
    assert.ok(asked.at(-1).node, 'a click on the drawing asks for a node');
    assert.deepEqual(page.faults, []);
  });
});

test('a funnel is split by audiences, and each group opens to its people', async () => {
  await with_page(await as_person('admin'), 'audience-split', async (page) => {
    await page.goto(`${base}/insights/questions`);
    await page.click('[data-example=fund_funnel]');
    await page.waitForSelector('.answer [data-dropped="1"]');
    await page.click('.question-sentence [data-offer=audiences]');
    await page.waitForSelector('.question-sentence [data-slot=audiences]');
    await page.waitForSelector('.answer .groups th:has-text("都不在")');
    await page.keyboard.press('Escape');
    const rows = page.locator('.answer .groups tbody tr');
    assert.equal(await rows.count(), 2);
    const number = rows.filter({ hasText: '都不在' }).locator('.link-button').first();
    const shown = number.locator('.num');
    const counted = number_in((await shown.getAttribute('title')) ?? (await shown.textContent()));
    await number.click();
    await page.waitForSelector('[data-testid=people-total]');
    const total = await page.textContent('[data-testid=people-total]');
    assert.equal(number_in(total.split('，')[0]), counted);
    assert.deepEqual(page.faults, []);
  });
});

test('a metric is split by audiences, and its numbers open to their people', async () => {
  await with_page(await as_person('admin'), 'metric-split', async (page) => {
    await page.goto(at('metric'));
    await page.waitForSelector('.answer .figures');
    await page.click('.question-sentence [data-offer=audiences]');
    await page.waitForSelector('.question-sentence [data-slot=audiences]');
    await page.waitForSelector('.answer:not(.stale) .figures th:has-text("都不在")', { state: 'attached' });
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.question-sentence [data-offer=top]').count(), 0, 'all groups are shown');
    await page.click('.answer .figures > summary');
    const number = page
      .locator('.answer .figures .link-button[aria-label*="都不在"]:not([aria-label$=": 0"])')
      .first();
    const asked = page.waitForRequest('**/api/v1/insights/people');
    await number.click();
    assert.deepEqual((await asked).postDataJSON().group, [null]);
    await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
    assert.deepEqual(page.faults, []);
  });
});

test('intervals and attribution open to people, who may become an audience', async () => {
  await with_page(await as_person('admin'), 'pairs', async (page) => {
    const people_total = async () => {
      await page.waitForSelector('.ant-drawer tbody a[href^="/customers/"]');
      const total = await page.textContent('[data-testid=people-total]');
      return number_in(total.split('，')[0]);
    };
    const close = async () => {
      await page.click('.ant-drawer-close');
      await page.waitForSelector('.ant-drawer-content-wrapper', { state: 'hidden' });
    };
    const number_of = async (number) => {
      const shown = number.locator('.num');
      return number_in((await shown.getAttribute('title')) ?? (await shown.textContent()));
    };
    await page.goto(at('attribution'));
    await page.waitForSelector('.answer .drawing svg');
    await page.click('.answer .figures > summary');
    const row = page.locator('.answer .figures .link-button').first();
    const of_row = await number_of(row);
    await row.click();
    assert.equal(await people_total(), of_row);
    await close();

    await page.goto(at('interval'));
    await page.waitForSelector('.question-sentence');
    await pick_event(page, 'first', 'login');
    await pick_event(page, 'then', 'app_close');
    await page.waitForSelector('.answer .drawing svg');
    await page.click('.answer .figures > summary');
    const bucket = page.locator('.answer .figures .link-button:not([aria-label$=": 0"])').first();
    await bucket.click();
    assert.ok((await people_total()) > 0);
    await close();
    const everyone = page.locator('.answer .middle .link-button');
    const counted = await number_of(everyone);
    await everyone.click();
    assert.equal(await people_total(), counted);
    await page.click('[data-keep-people]');
    await page.click('.ant-modal input[value=living]');
    await page.click('.ant-modal-footer .ant-btn-primary');
    await page.click('.ant-message a[href^="/audiences/"]');
    await page.waitForSelector('[data-testid=preview-count]');
    const preview = page.locator('[data-testid=preview-count]');
    const shown = (await preview.getAttribute('title')) ?? (await preview.textContent());
    assert.equal(number_in(shown), counted, 'the audience counts who has a pair');
    assert.deepEqual(page.faults, []);
  });
});

test('every kind of question answers, and its page is accessible', async () => {
  for (const view of [{}, { look: 'dark', locale: 'en-US', width: 390, height: 844 }]) {
    await with_page(await as_person('admin', view), `kinds-${view.width ?? 1440}`, async (page) => {
      const problems = [];
      await page.goto(`${base}/insights/questions`);
      await page.waitForSelector('.kind');
      problems.push(...(await serious_problems(page)));
      const kinds = [
        'funnel',
        'retention',
        'metric',
        'paths',
        'lifecycle',
        'distribution',
        'interval',
        'attribution',
      ];
      for (const kind of kinds) {
        await page.goto(at(kind));
        await page
          .waitForSelector('.answer .drawing svg, .answer [data-reached]')
          .catch(() => problems.push(`${kind}: no answer`));
        await page.waitForTimeout(250);
        for (const problem of await serious_problems(page)) problems.push(`${kind}: ${problem}`);
        const beyond = await page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        if (beyond > 0) problems.push(`${kind}: ${beyond} px wider than the window`);
      }
      assert.deepEqual([...problems, ...page.faults], []);
    });
  }
});

test('a question that fails says so with its request id, and nobody is no odd chart', async () => {
  await with_page(await as_person('viewer'), 'question-states', async (page) => {
    await page.route('**/api/v1/insights/lifecycle', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'server.fault', detail: '测试', request_id: 'req-q-1' }),
      }),
    );
    await page.goto(at('lifecycle'));
    await page.waitForSelector('.state[role=alert]:has-text("req-q-1")');
    const points = ['2026-11-02', '2026-11-09'].map((day) => ({
      at: day,
      new: 0,
      current: 0,
      resurrected: 0,
      dormant: 0,
    }));
    await page.unroute('**/api/v1/insights/lifecycle');
    await page.route('**/api/v1/insights/lifecycle', (route) =>
      route.fulfill({ json: { points, elapsed_ms: 1, data_version: '1' } }),
    );
    await page.click('.state button:has-text("重试")');
    await page.waitForSelector('.answer .state:has-text("没有人符合")');
  });
});

test('a metric is put on a board and shows its answer there', async () => {
  await with_page(await as_person('admin'), 'question-board', async (page) => {
    await page.goto(at('metric'));
    await page.waitForSelector('.answer .drawing svg');
    await page.click('.page-head .ant-btn-primary');
    await page.fill('#question-title', '每日活跃');
    await page.click('.ant-modal .ant-btn-primary');
    await page.click('.ant-message a[href^="/boards/"]');
    await page.waitForSelector('.tile[aria-label="每日活跃"] svg');
    assert.deepEqual(page.faults, []);
  });
});

test('a question that takes long shows how far it is and can be stopped', async () => {
  await with_page(await as_person('sunwei'), 'stopped', async (page) => {
    const asked = [];
    await page.route('**/api/v1/insights/metric', (route) => {
      asked.push(route.request().headers()['x-question-id']);
    });
    await page.route('**/api/v1/questions/*/progress', (route) => {
      assert.ok(route.request().url().includes(asked[0]));
      return route.fulfill({ json: { done: 0.4, elapsed_ms: 6_000, left_ms: 9_000 } });
    });
    await page.goto(at('metric'));
    const bar = page.locator('main .under-way');
    await bar.getByText(/9/).waitFor();
    assert.equal(await bar.locator('[role=progressbar]').getAttribute('aria-valuenow'), '40');
    assert.deepEqual(await serious_problems(page), []);

    await page.unroute('**/api/v1/insights/metric');
    await bar.locator('button').click();
    const stopped = page.locator('main [role=alert]');
    await stopped.waitFor();
    await stopped.locator('.ant-btn').last().click();
    await page.waitForSelector('.answer');
    assert.equal(await bar.count(), 0);
  });
});
