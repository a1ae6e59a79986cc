// Fields of days and times follow the console's language and look, not the browser's: they are typed
// into, picked from with the keyboard or a thumb, and fit a phone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { as_person, base, serious_problems, with_page } from './browser.mjs';

const shown = '.ant-picker-dropdown:not(.ant-picker-dropdown-hidden)';

// What the editor would send, from the draft that it keeps on the device.
const kept_schedule = (page) =>
  page.waitForFunction(() => {
    const draft = Object.entries(localStorage).find(([name]) => name.includes('campaign.new'));
    return draft && JSON.parse(draft[1]).value.schedule.at;
  });

test('the moment of a campaign is typed, emptied and picked', async () => {
  await with_page(await as_person('zhoumin'), 'moment', async (page) => {
    await page.goto(`${base}/campaigns/new`);
    await page.waitForSelector('.steps');
    await page.click('label:has-text("指定时间发送一次")');
    await page.mouse.move(0, 0); // A day under the pointer is shown in the field.
    const at = page.getByLabel('发送时间');
    await at.fill('2030/1/5 9：05');
    await at.press('Enter');
    assert.equal(await at.inputValue(), '2030-01-05 09:05');
    assert.equal(await (await kept_schedule(page)).jsonValue(), '2030-01-05T09:05:00+08:00');

    await at.fill('2030-01-06 10:00');
    await at.press('Tab');
    assert.equal(await at.inputValue(), '2030-01-06 10:00', 'what was typed stands when it is left');
    await at.fill('');
    await at.press('Enter');
    await page.fill('#campaign-name', '别处');
    await page.waitForFunction(() => document.querySelector('#schedule-at').value === '');

    await at.click();
    await page.waitForSelector(`${shown} >> text=一`);
    assert.deepEqual(await serious_problems(page), []);
    assert.deepEqual(page.faults, []);
  });
});

test('a calendar with hours fits a phone, in English and in the dark', async () => {
  const phone = { width: 390, height: 844, locale: 'en-US', look: 'dark' };
  await with_page(await as_person('zhoumin', phone), 'moment-phone', async (page) => {
    await page.goto(`${base}/campaigns/new`);
    await page.waitForSelector('.steps');
    await page.click('label:has-text("Once at a set time")');
    await page.getByLabel('Send at').click();
    await page.waitForSelector(`${shown} >> text=Mo`);
    const box = await page.locator(shown).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 390, `from ${box.x}, ${box.width} px wide`);
    assert.deepEqual(await serious_problems(page), []);
    await page.click(`${shown} .ant-picker-cell-in-view >> nth=14`);
    await page.click(`${shown} .ant-picker-time-panel-column >> nth=0 >> text=09`);
    await page.click('#campaign-name');
    await page.waitForFunction(() => /-15 09:00$/.test(document.querySelector('#schedule-at').value));
    assert.deepEqual(page.faults, []);
  });
});
