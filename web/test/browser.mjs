// The pages of the desk over reports: overview, incident, review, reports, log, situation report.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COLOURS, accessible, api, base, fits, folder, has, open, run, serve, settled, shoot, shots } from './desk.mjs';

/** Each with the endpoint that it lives by. */
const PAGES = { '/': '/incidents', '/review': '/queue', '/watch': '/watch/situations', '/statements': '/statements', '/reports': '/reports', '/sources': '/sources', '/log?by=all': '/log', '/sitrep': '/facets' };

for (const [path, needs] of Object.entries(PAGES)) {
  test(`${path} is whole: wide and on a phone, light and dark, and WCAG AA`, async (t) => {
    if (!await has(needs)) { t.skip(`this desk has no ${needs}`); return; }
    const name = path.replace(/\W+/g, '') || 'overview';
    const page = await open(path);
    await settled(page);
    await accessible(page, `${path} light`);
    await fits(page, `${path} wide`);
    await shoot(page, name);
    await page.emulateMedia({ colorScheme: 'dark' });
    await accessible(page, `${path} dark`, COLOURS);
    await shoot(page, `${name}-dark`);
    await page.context().close();
    const phone = await open(path, { phone: true });
    await settled(phone);
    await fits(phone, `${path} phone`);
    await shoot(phone, `${name}-phone`);
    await phone.evaluate(() => { document.documentElement.dir = 'rtl'; });
    await fits(phone, `${path} right to left`);
    await phone.context().close();
  });
}

test('the address is what is seen: facets, time, back, a link that is opened anew', async () => {
  const page = await open('/');
  await settled(page);
  const { total } = await api('/incidents?limit=1');
  assert.equal(await page.locator('.results h1').textContent(), `${total.count} incidents`);
  const row = page.locator('[data-facet=type] li').first();
  const count = Number(await row.locator('.facet-count').textContent());
  await row.locator('input').click();
  await page.waitForURL(/type=/);
  await page.waitForFunction((n) => document.querySelector('.results h1').textContent.startsWith(`${n} `), count);
  assert.equal(await page.locator('.incidents li').count(), count);
  assert.ok(await page.locator('[data-facet=type] li').count() > 1, 'other types can be ticked beside it');
  const link = page.url();
  await page.locator('.brush').focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForURL(/from=.*to=|to=.*from=/);
  await page.goBack();
  await page.waitForFunction((n) => document.querySelector('.results h1').textContent.startsWith(`${n} `), count);
  assert.equal(page.url(), link);
  const again = await open(new URL(link).pathname + new URL(link).search);
  await settled(again);
  assert.equal(await again.locator('.incidents li').count(), count);
  await again.context().close();
  await page.context().close();
});

test('the export is exactly what is seen, all of it, with its count', async () => {
  const page = await open('/?status=unreviewed');
  await settled(page);
  const { total } = await api('/incidents?status=unreviewed&limit=1');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByText('JSON lines').click();
  const button = page.getByRole('link', { name: `Download ${total.count} incidents` });
  assert.match(await page.locator('.same code').textContent(), /^watchpost export --to jsonl --status unreviewed$/);
  await accessible(page, 'export');
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const rows = readFileSync(await download.path(), 'utf8').trim().split('\n');
  assert.equal(rows.length, total.count);
  await page.context().close();
});

test('the map draws what is known: areas for what is not known to the place', async (t) => {
  const page = await open('/', { map: true });
  await settled(page);
  if (!(await api('/session')).vendor) { t.skip('packs/web is not built (make setup)'); return; }
  await page.waitForFunction(() => Number(document.querySelector('.map').dataset.dots) > 0);
  const map = await api('/map?limit=5000');
  const unsure = map.features.filter(({ properties: p }) => p.precision > 1);
  assert.ok(unsure.length > 0);
  assert.ok(await page.evaluate(() => Number(document.querySelector('.map').dataset.areas)) > 0);
  const dots = await page.evaluate(() => Number(document.querySelector('.map').dataset.dots));
  const pins = map.features.filter(({ properties: p }) => p.precision !== 4 && p.precision !== 6);
  assert.equal(dots, pins.length, 'what is known to a province or a country alone has no dot');
  await accessible(page, 'map');
  // An area is drawn by hand, and is part of the address.
  await page.getByRole('button', { name: 'Draw an area' }).click();
  const box = await page.locator('.map canvas').boundingBox();
  for (const [x, y] of [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7], [0.3, 0.7]]) {
    await page.mouse.click(box.x + box.width * x, box.y + box.height * y);
    await page.waitForTimeout(350);
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(/polygon=/);
  await settled(page);
  const { total } = await api(`/incidents?limit=1&${new URL(page.url()).searchParams}`);
  assert.ok(total.count > 0 && total.count < map.total);
  assert.equal(await page.locator('.results h1').textContent(), `${total.count} incidents`);
  await page.waitForTimeout(1500);
  await shoot(page, 'map');
  await page.context().close();
});

test('without the pack the page is tables, and says what is missing', async () => {
  const page = await open('/', { quiet: [/vendor/] });
  await page.route('**/vendor/**', (route) => route.fulfill({ status: 404, body: '' }));
  await page.reload();
  await settled(page);
  await page.getByText('The map’s library').or(page.getByText("The map's library")).waitFor();
  assert.ok(await page.locator('.incidents li').count() > 0);
  await shoot(page, 'without-pack');
  await page.context().close();
});

test('every field shows its words in the archived report, to the letter', async () => {
  const { items } = await api('/incidents?text=Ogossagou&limit=5');
  const incident = items.find((one) => one.reports >= 3);
  assert.ok(incident, 'the example is told three times');
  const page = await open(`/incidents/${incident.id}`);
  await page.waitForSelector('.fact');
  for (const quote of await page.locator('.fact button.quote').all()) {
    const field = await quote.evaluate((one) => one.closest('.fact').dataset.field);
    await quote.click();
    const lit = await page.locator('mark.lit').allTextContents();
    assert.ok(lit.length > 0, `${field} lights up nothing`);
    const said = (await quote.locator('mark').allTextContents())[0];
    if (said) assert.ok(lit.join(' ').includes(said), `${field}: “${said}” is not among “${lit.join(' | ')}”`);
  }
  // What is lit is the slice of the archived text that the offsets name.
  for (const { report } of incident.events) {
    const kept = await api(`/reports/${report}`);
    const points = [...kept.text];
    for (const event of kept.coded.events) for (const one of event.evidence) assert.equal(points.slice(one.start, one.end).join(''), one.quote);
    const box = page.locator(`[data-report="${report}"] .text`);
    if (await box.count() > 0) assert.equal((await box.textContent()).replace(/\s+/g, ''), kept.text.replace(/\s+/g, ''));
  }
  assert.equal(await page.locator('article.report').count(), 2, 'the copy is folded');
  assert.match(await page.locator('.copies summary').textContent(), /^1 copy/);
  assert.ok(await page.locator('.figures tr.best').count() === 1);
  await accessible(page, 'incident');
  await fits(page, 'incident');
  await shoot(page, 'incident', true);
  await page.context().close();
});

test('decide, and take back: review, correct, split, merge', async () => {
  const { items } = await api('/incidents?text=Ogossagou&limit=5');
  const id = items.find((one) => one.reports >= 3).id;
  const page = await open(`/incidents/${id}`);
  await page.waitForSelector('.fact');
  const status = () => page.locator('.title-line .status').getAttribute('data-status');
  await page.keyboard.press('a');
  await page.waitForSelector('.title-line .status[data-status=accepted]');
  await page.locator('.log').getByText('Accepted').first().waitFor();
  await page.locator('.note').getByRole('button', { name: 'Undo' }).first().click();
  await page.waitForSelector('.title-line .status[data-status=unreviewed]');
  assert.equal(await status(), 'unreviewed');

  await page.getByRole('button', { name: 'Correct: Dead' }).click();
  await page.getByLabel('Best').fill('23');
  await page.getByLabel('Low').fill('20');
  await page.getByLabel('High').fill('30');
  await page.locator('#correct-reason').fill('the hospital’s list');
  await accessible(page, 'correction');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('.fact[data-field=killed] .badge.corrected').waitFor();
  assert.equal((await api(`/incidents/${id}`)).incident.figures.killed.best, 23);
  await page.keyboard.press('u');
  await page.waitForFunction(() => !document.querySelector('.fact[data-field=killed] .badge.corrected'));

  await page.keyboard.press('s');
  await page.locator('dialog .pick input').first().check();
  await page.locator('dialog button[type=submit]').click();
  await page.waitForFunction((was) => !location.pathname.endsWith(was), id);
  const made = new URL(page.url()).pathname.split('/').pop();
  assert.equal((await api(`/incidents/${made}`)).incident.standing, 'live');
  await page.waitForSelector('.fact');
  await page.keyboard.press('m');
  await page.getByLabel('Id of the other incident').fill(id);
  await page.locator('dialog button[type=submit]').click();
  await page.locator('.log').getByText('Merged').first().waitFor();
  const merged = await open(`/incidents/${id}`);
  await merged.waitForFunction((into) => location.pathname.endsWith(into), made);
  await merged.context().close();
  await page.context().close();
});

test('two people at one incident: nothing is overwritten', async () => {
  const { items } = await api('/incidents?status=unreviewed&limit=1');
  const [first, second] = [await open(`/incidents/${items[0].id}`), await open(`/incidents/${items[0].id}`, { quiet: [/412/] })];
  await first.waitForSelector('.fact');
  await second.waitForSelector('.fact');
  await first.keyboard.press('a');
  await first.waitForSelector('.title-line .status[data-status=accepted]');
  await second.keyboard.press('x');
  await second.getByText('Somebody else has changed this incident').waitFor();
  assert.equal((await api(`/incidents/${items[0].id}`)).incident.status, 'accepted');
  await first.context().close();
  await second.context().close();
});

test('what a report says is text, whatever it says', async () => {
  const { items } = await api('/reports?text=Gossi&limit=5');
  const page = await open(`/reports/${items[0].id}`);
  await page.waitForSelector('.text');
  const kept = await api(`/reports/${items[0].id}`);
  const home = kept.incidents.find((one) => one.incident)?.incident;
  assert.ok(home, 'the hostile report tells an event');
  const harmless = async () => {
    assert.notEqual(await page.title(), 'owned');
    assert.equal(await page.evaluate(() => document.querySelectorAll('main script, main img, main svg[onload], main [onerror], main [onload]').length), 0);
  };
  await harmless();
  assert.ok((await page.locator('.text').textContent()).includes('<script>'));
  await shoot(page, 'hostile-report');
  for (const path of [`/incidents/${home}`, '/', `/?text=Gossi`, '/review', '/reports?text=Gossi', '/statements', '/watch', '/log?by=all', '/sitrep?country=MLI']) {
    await page.goto(base + path);
    await settled(page).catch(() => {});
    await harmless();
  }
  await page.goto(`${base}/incidents/${home}`);
  await page.waitForSelector('.fact');
  await shoot(page, 'hostile-incident', true);
  await page.context().close();
});

test('the queue by its keys: decisions a minute, the longest action', async () => {
  const page = await open('/review');
  await page.waitForSelector('.card .sentences .voice');
  const { total } = await api('/queue?limit=1');
  const most = Math.min(30, total.count - 2);
  const started = performance.now();
  for (let n = 0; n < most; n += 1) {
    const before2 = await page.locator('.card h2').textContent();
    const id = await page.evaluate(() => document.querySelector('.card').dataset.id);
    await page.keyboard.press(['a', 'x', 'n', 'a', 'a'][n % 5]);
    await page.waitForFunction(([was, title]) => document.querySelector('.card')?.dataset.id !== was || document.querySelector('.card h2')?.textContent !== title, [id, before2]);
    await page.waitForSelector('.card .sentences .voice');
  }
  const minutes = (performance.now() - started) / 60_000;
  await page.waitForFunction((n) => JSON.parse(sessionStorage.getItem('watchpost.done')).length >= Math.min(n, 50), most);
  const measures = await page.evaluate(() => performance.getEntriesByType('measure').map(({ name, duration }) => ({ name, duration })));
  const of = (name) => measures.filter((one) => one.name === name).map((one) => one.duration).sort((a, b) => a - b);
  const middle = (list) => list[Math.floor(list.length / 2)] ?? 0;
  console.log(`desk: ${Math.round(most / minutes)} decisions a minute by the keys; the next incident on the screen after ${middle(of('watchpost:advance')).toFixed(0)} ms (longest ${Math.max(...of('watchpost:advance')).toFixed(0)} ms), in the log after ${middle(of('watchpost:decide')).toFixed(0)} ms (longest ${Math.max(...of('watchpost:decide')).toFixed(0)} ms); ${most} decisions`);
  assert.equal(await page.locator('.last li').count(), 10, 'the last ten are in sight');
  const left = (await api('/queue?limit=1')).total.count;
  assert.equal(left, total.count - most, 'each is in the log');
  await page.keyboard.press('u');
  await page.waitForFunction(() => document.querySelector('.last li.undone'));
  assert.equal((await api('/queue?limit=1')).total.count, left + 1);
  await page.keyboard.press('Space');
  await shoot(page, 'review-going');
  await page.context().close();
});

test('all of a filter at once, with its count, and one undo', async () => {
  const page = await open('/review?country=MLI');
  await settled(page);
  const { total } = await api('/incidents?country=MLI&status=unreviewed&limit=1');
  assert.ok(total.count > 0);
  await page.getByRole('button', { name: 'Decide on all of the filter' }).click();
  await page.locator('dialog .big').waitFor();
  assert.match(await page.locator('dialog .big').textContent(), new RegExp(`^${total.count} `));
  await page.locator('#bulk-reason').fill('checked against the bulletin');
  await page.locator('dialog button[type=submit]').click();
  await page.locator('.note').getByText(`Decided on ${total.count}`).waitFor();
  assert.equal((await api('/incidents?country=MLI&status=unreviewed&limit=1')).total.count, 0);
  await page.locator('.note').getByRole('button', { name: /^Undo/ }).click();
  await page.locator('.note').getByText('Taken back').waitFor();
  assert.equal((await api('/incidents?country=MLI&status=unreviewed&limit=1')).total.count, total.count);
  await page.context().close();
});

test('keys: everywhere, and as one likes them', async () => {
  const page = await open('/');
  await settled(page);
  await page.keyboard.press('/');
  assert.ok(await page.evaluate(() => document.activeElement.matches('header input[type=search]')));
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.waitForURL(/\/review$/);
  await page.waitForSelector('.card h2');
  await page.keyboard.press('?');
  await page.getByRole('button', { name: 'Change the key for “Skip”, now Space' }).click();
  await page.keyboard.press('z');
  await page.getByRole('button', { name: 'Change the key for “Skip”, now Z' }).waitFor();
  await page.getByRole('button', { name: 'Change the key for “Flag”, now F' }).click();
  await page.keyboard.press('a');
  await page.getByText('A is taken by “Accept”').waitFor();
  await accessible(page, 'keys');
  await page.keyboard.press('Escape');
  const now = await page.evaluate(() => document.querySelector('.card').dataset.id);
  await page.keyboard.press('z');
  await page.waitForFunction((was) => document.querySelector('.card').dataset.id !== was, now);
  await page.context().close();
});

test('the situation report prints as a sheet of its own', async () => {
  const page = await open('/sitrep?country=MLI', { map: true });
  await settled(page);
  await page.waitForSelector('.notable li');
  // The button waits for the map: what is printed is whole.
  await page.locator('.sitrep-form button.primary:enabled').waitFor({ timeout: 120_000 });
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('header.bar').isVisible(), false);
  assert.equal(await page.locator('.sitrep-form').isVisible(), false);
  const { total } = await api('/incidents?country=MLI&status=unreviewed,accepted&limit=1');
  assert.equal(await page.locator('.figure b').first().textContent(), String(total.count));
  const pdf = await page.pdf({ format: 'A4', printBackground: true });
  assert.ok(pdf.length > 10_000);
  if (shots) writeFileSync(join(shots, 'sitrep.pdf'), pdf);
  await page.context().close();
});

test('an empty project says what to do', async () => {
  const bare = join(folder, 'bare');
  run('init', bare);
  const { child, base: at } = await serve(bare);
  try {
    const page = await open('/', { at });
    await page.getByText('Nothing has been read yet').waitFor();
    await accessible(page, 'empty');
    await shoot(page, 'empty');
    await page.goto(`${at}/review`);
    await page.getByText('Nothing waits for review').waitFor();
    await page.goto(`${at}/sitrep`);
    await settled(page);
    await page.goto(`${at}/nowhere`);
    await page.getByText('There is no such page').waitFor();
    await page.context().close();
  } finally {
    child.kill();
  }
});
