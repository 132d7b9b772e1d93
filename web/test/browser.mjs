// The desk in a browser: the built program serves a project of ours, Chromium looks at it. `scripts/check-desk` runs it.
//
// WATCHPOST_DESK holds, on a line each: the program, the folder of the packages, Chromium, and (or not) a folder for pictures.
//
// Measures are printed and never asserted: the machine may be busy.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const [program, modules, chromium, shots] = (process.env.WATCHPOST_DESK ?? '').split('\n');
assert.ok(program && modules && chromium, 'run scripts/check-desk');
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(join(modules, 'x.js'));
const { chromium: browserType } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A report that tries to be more than text; its event is an ordinary one. */
const HOSTILE = `Gunmen kill nine in <script>document.title='owned'</script> Gao region

GAO, Mali, March 5, 2024 - Gunmen on motorcycles attacked the village of Gossi in the Gao region on Monday, killing at least nine villagers, a local official said.

<img src=x onerror="document.title='owned'"> Twelve people were wounded near Gossi, the official said. "><svg onload="document.title='owned'"> 😀 𝔘𝔫𝔦 \u202eoverride\u202c
`;

/** Another voice on the first attack of examples/mali-two-attacks.txt, with another toll. */
const SECOND = `Dozens dead in raid on Ogossagou

BAMAKO, February 17, 2020 - At least 24 people died when gunmen raided Ogossagou, a village in the Mopti region of central Mali, on Friday night, the regional hospital said on Monday.

The attackers set fire to homes before they left. It is the second massacre in the village within a year.
`;

const folder = mkdtempSync(join(tmpdir(), 'watchpost-desk-'));
const project = join(folder, 'sahel');
let server;
let base = '';
let browser;
/** @type {string[]} What a page must not do. */
const wrongs = [];

function run(...args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(done.status, 0, `watchpost ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

/** Serves a project to whoever is at the machine, or to those who have an account: then the link of the first account is told. */
function serve(at, login = false) {
  return new Promise((found, lost) => {
    const child = spawn(program, ['serve', '--project', at, ...(login ? [] : ['--no-login']), '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      const link = /http:\/\/\S+\/login#\S+/.exec(said);
      if (address && (link || !login)) found({ child, base: address[0], link: link?.[0] });
    });
    child.on('exit', (code) => lost(new Error(`watchpost serve ended with ${code}: ${said}`)));
  });
}

before(async () => {
  run('init', project);
  const hostile = join(folder, 'hostile.txt');
  writeFileSync(hostile, HOSTILE);
  const examples = readdirSync(join(root, 'examples')).filter((file) => /\.(txt|html)$/.test(file)).map((file) => join(root, 'examples', file));
  // A second outlet tells the first example's attack with another toll, a third repeats the first word for word.
  const batch = join(folder, 'batch.jsonl');
  writeFileSync(batch, [
    { text: SECOND, publisher: 'Desert Dispatch', published: '2020-02-17', url: 'https://example.org/b' },
    { text: readFileSync(join(root, 'examples/mali-two-attacks.txt'), 'utf8'), publisher: 'Agence du Fleuve', published: '2020-02-17', url: 'https://example.org/c' },
  ].map((line) => `${JSON.stringify(line)}\n`).join(''));
  run('ingest', '--project', project, ...examples, hostile, batch);
  ({ child: server, base } = await serve(project));
  browser = await browserType.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
}, { timeout: 300_000 });

afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close();
});

after(async () => {
  await browser?.close();
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(wrongs, [], 'a page did what no page may do');
});

/** A page that tells of every error and of every request that leaves the desk. */
async function open(path, { phone = false, at = base, quiet = [], map = false, within = null } = {}) {
  const context = within ?? await browser.newContext({ viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 }, reducedMotion: 'reduce', hasTouch: phone, isMobile: phone, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  // A map that is drawn without a graphics card takes seconds: only where it is looked at.
  if (!map) await page.route('**/maplibre-gl.mjs', (route) => route.fulfill({ status: 404, body: '' }));
  // Taking a picture, the tool puts a style of its own into the page, and the policy refuses it.
  const wrong = (what) => { if (![...quiet, ...(map ? [] : [/maplibre/]), ...(shots ? [/Applying inline style/] : [])].some((one) => one.test(what))) wrongs.push(`${path}: ${what}`); };
  page.on('pageerror', (error) => wrong(`error: ${error.stack}`));
  page.on('dialog', (dialog) => { wrong(`dialog: ${dialog.message()}`); void dialog.dismiss(); });
  page.on('console', (message) => { if (message.type() === 'error') wrong(`console: ${message.text()} ${message.location().url}`); });
  page.on('request', (request) => { if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(at)) wrong(`request: ${request.url()}`); });
  await page.goto(at + path);
  return page;
}

const shoot = async (page, name, whole = false) => {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: whole });
};
const api = async (path, at = base) => (await fetch(`${at}/api/v1${path}`)).json();

const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** Of a page that was looked at in the light, what the dark can change. */
const COLOURS = { type: 'rule', values: ['color-contrast'] };

/** What axe finds against WCAG 2.2 A and AA. The map is a canvas of a library: what lies around it is ours. */
async function accessible(page, where, runOnly = WCAG) {
  // Through the tools' own channel: the page's policy lets no script in.
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  const found = await page.evaluate((which) => window.axe.run(document, { runOnly: which, resultTypes: ['violations'] }), runOnly);
  const told = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 4).map((node) => `${node.target} ${node.any?.[0]?.message ?? node.failureSummary}`).join(' | ')}`);
  assert.deepEqual(told, [], where);
}

/** Nothing is cut off at the side. */
async function fits(page, where) {
  const wide = await page.evaluate(() => {
    const most = document.documentElement.clientWidth + 1;
    return [...document.querySelectorAll('main, main *, header.bar')].filter((one) => {
      const box = one.getBoundingClientRect();
      if (box.right <= most && box.left >= -1 || box.width === 0) return false;
      for (let up = one.parentElement; up; up = up.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(up).overflowX) && up !== document.body && up.id !== 'main') return false;
      return !one.closest('.maplibregl-map, svg, .visually-hidden');
    }).map((one) => `${one.tagName}.${one.className}`);
  });
  assert.deepEqual(wide, [], where);
}

/** Whether this desk has an endpoint. */
const has = async (path) => Object.keys((await api('/openapi.json')).paths).some((one) => one.endsWith(path));

/** Each with the endpoint that it lives by. */
const PAGES = { '/': '/incidents', '/review': '/queue', '/watch': '/watch/situations', '/statements': '/statements', '/reports': '/reports', '/sources': '/sources', '/log?by=all': '/log', '/sitrep': '/facets' };
const settled = async (page) => {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('[aria-busy]') && ![...document.querySelectorAll('main p.dim')].some((one) => one.textContent === 'Loading…'));
};

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

const PASSWORD = 'four words in a row';
const fill = async (page, values) => { for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value); };

test('people log in: the first account, roles, links, tokens, and what the audit says of it', async (t) => {
  if (!await has('/users')) { t.skip('this desk has no accounts'); return; }
  const team = join(folder, 'team');
  run('init', team);
  run('ingest', '--project', team, join(root, 'examples/mali-two-attacks.txt'));
  const { child, base: at, link } = await serve(team, true);
  const refused = [/40[13]/];
  try {
    const ada = await open('/review?country=MLI', { at, quiet: refused });
    await ada.getByRole('heading', { name: 'Log in' }).waitFor();
    assert.equal(await ada.locator('header.bar nav').count(), 0, 'nobody sees rooms that they may not enter');
    await accessible(ada, 'login');
    await shoot(ada, 'login');
    await fill(ada, { Name: 'Ada', Password: PASSWORD });
    await ada.getByRole('button', { name: 'Log in' }).click();
    await ada.getByText('the name or the password is wrong').waitFor();
    // The first link makes the first account.
    await ada.goto(`${at}/login${new URL(link).hash}`);
    await fill(ada, { Name: 'Ada', Password: PASSWORD, 'The same again': 'four words in a hurry' });
    await ada.getByRole('button', { name: 'Choose and log in' }).click();
    assert.ok(await ada.locator('#login-twice:invalid').count() === 1, 'a slip of the keys is no password');
    await accessible(ada, 'first account');
    await fill(ada, { 'The same again': PASSWORD });
    await ada.getByRole('button', { name: 'Choose and log in' }).click();
    await ada.waitForSelector('.results h1');
    await ada.getByRole('button', { name: 'Account and help: Ada' }).click();
    await accessible(ada, 'menu');
    await shoot(ada, 'menu');
    await ada.getByRole('link', { name: 'People', exact: true }).click();
    await ada.getByRole('row', { name: /Ada/ }).waitFor();
    await fill(ada, { Name: 'Bo' });
    await ada.getByLabel('Role', { exact: true }).selectOption('viewer');
    await ada.getByRole('button', { name: 'Add' }).click();
    const address = await ada.locator('.told-once code').textContent();
    await accessible(ada, 'people');
    await fits(ada, 'people');
    await shoot(ada, 'people');
    await ada.setViewportSize({ width: 390, height: 844 });
    await fits(ada, 'people, narrow');
    await shoot(ada, 'people-phone');
    await ada.setViewportSize({ width: 1440, height: 900 });

    // What somebody is called is text too.
    await fill(ada, { Name: '<img src=x onerror=alert(1)>' });
    await ada.getByRole('button', { name: 'Add' }).click();
    await ada.getByRole('row', { name: /<img src=x/ }).waitFor();
    assert.equal(await ada.locator('main img').count(), 0);

    // Bo comes by the link, and may look.
    const bo = await open(address.replace(at, ''), { at, quiet: refused });
    assert.equal(await bo.getByLabel('Name', { exact: true }).inputValue(), 'Bo');
    await fill(bo, { Password: PASSWORD, 'The same again': PASSWORD });
    await bo.getByRole('button', { name: 'Choose and log in' }).click();
    await bo.waitForSelector('.incidents li');
    await bo.locator('.incidents a').first().click();
    await bo.waitForSelector('.fact');
    const id = new URL(bo.url()).pathname.split('/').pop();
    for (const name of ['Accept', 'Reject', 'Merge', 'Split']) assert.equal(await bo.getByRole('button', { name, exact: false }).count(), 0, `a viewer is not offered ${name}`);
    await bo.keyboard.press('a');
    await bo.goto(`${at}/review`);
    await bo.getByText('Your account may look and not decide.').waitFor();
    assert.equal(await bo.getByRole('button', { name: 'Decide on all of the filter' }).count(), 0);
    await bo.goto(`${at}/people`);
    await bo.getByText('Only admins see this.').waitFor();
    await bo.getByRole('button', { name: 'Account and help: Bo' }).click();
    assert.equal(await bo.getByRole('link', { name: 'People', exact: true }).count(), 0);
    await bo.goto(`${at}/log`);
    await bo.getByText('Nobody has decided anything yet.').waitFor();
    assert.equal(await bo.getByRole('button', { name: 'Accounts, tokens, sources' }).count(), 0);

    // As a coder Bo decides one at a time, as a reviewer about many; in the log by name.
    await ada.getByLabel('Role of Bo').selectOption('coder');
    await ada.getByText('Bo: Coder').waitFor();
    await bo.goto(`${at}/review`);
    await bo.getByRole('button', { name: 'Accept' }).waitFor();
    assert.equal(await bo.getByRole('button', { name: 'Decide on all of the filter' }).count(), 0);
    await ada.getByLabel('Role of Bo').selectOption('reviewer');
    await ada.getByText('Bo: Reviewer').waitFor();
    await bo.reload();
    await bo.getByRole('button', { name: 'Decide on all of the filter' }).waitFor();
    await bo.goto(`${at}/incidents/${id}`);
    await bo.waitForSelector('.fact');
    await bo.keyboard.press('a');
    await bo.waitForSelector('.title-line .status[data-status=accepted]');
    await bo.locator('.log').getByText('Bo').first().waitFor();

    // A token is told once, works, and ends.
    await bo.goto(`${at}/account`);
    await fill(bo, { 'What for': 'weekly export' });
    await bo.getByRole('button', { name: 'Make a token' }).click();
    const token = await bo.locator('.told-once .secret code').textContent();
    const asked = () => fetch(`${at}/api/v1/incidents?limit=1`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal((await asked()).status, 200);
    await accessible(bo, 'account');
    await fits(bo, 'account');
    await shoot(bo, 'account');
    await bo.reload();
    await bo.getByRole('row', { name: /weekly export/ }).waitFor();
    assert.ok(!(await bo.locator('main').textContent()).includes(token), 'it is told once');
    await bo.getByRole('button', { name: 'End it' }).click();
    await bo.locator('dialog button[type=submit]').click();
    await bo.getByText('You have none.').waitFor();
    assert.equal((await asked()).status, 401);

    // Who is logged in elsewhere anew, in the same browser, still decides here.
    const tab = await open('/login', { at, quiet: refused, within: bo.context() });
    await tab.waitForSelector('.results h1');
    await bo.goto(`${at}/incidents/${id}`);
    await bo.waitForSelector('.fact');
    await tab.evaluate(async (word) => { await fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Watchpost-CSRF': (await (await fetch('/api/v1/session')).json()).csrf }, body: JSON.stringify({ name: 'Bo', password: word }) }); }, PASSWORD);
    await bo.keyboard.press('x');
    await bo.waitForSelector('.title-line .status[data-status=rejected]');
    await tab.close();

    // A closed account is out at once; what stands on the page stays, and somebody is asked for.
    await ada.getByRole('row', { name: /Bo/ }).getByRole('button', { name: 'Close' }).click();
    await ada.locator('dialog button[type=submit]').click();
    await ada.getByRole('row', { name: /Bo.*closed/ }).waitFor();
    await bo.keyboard.press('a');
    await bo.getByRole('heading', { name: 'You are no longer logged in' }).waitFor();
    await accessible(bo, 'logged out');
    await bo.locator('dialog').getByRole('button', { name: 'Close' }).click();
    await bo.getByRole('heading', { name: 'Log in' }).waitFor();

    await ada.goto(`${at}/log?by=audit`);
    await ada.getByText('closed the account of').waitFor();
    await ada.getByText('made the first account').waitFor();
    await accessible(ada, 'audit');
    await shoot(ada, 'audit');
    // Out, and in again to where one was going.
    await ada.getByRole('button', { name: 'Account and help: Ada' }).click();
    await ada.getByRole('button', { name: 'Sign out' }).click();
    await ada.getByRole('heading', { name: 'Log in' }).waitFor();
    await ada.goto(`${at}/log?by=all`);
    await fill(ada, { Name: 'ada', Password: PASSWORD });
    await ada.keyboard.press('Enter');
    await ada.waitForURL(`${at}/log?by=all`);
    await ada.locator('.log li').first().waitFor();
    await bo.context().close();
    await ada.context().close();
  } finally {
    child.kill();
  }
});

test('what is seen is followed by feed, and the addresses for programs are said', async (t) => {
  if (!await has('/feeds/incidents.atom')) { t.skip('this desk has no feeds'); return; }
  const page = await open('/?country=MLI');
  await settled(page);
  const { total } = await api('/incidents?country=MLI&limit=1');
  await page.getByRole('button', { name: 'Follow by feed or map layer' }).click();
  await accessible(page, 'follow');
  await shoot(page, 'follow');
  const feed = await (await fetch(await page.getByRole('link', { name: 'JSON Feed' }).getAttribute('href'))).json();
  assert.equal(feed.items.length, Math.min(50, total.count));
  assert.match(await (await fetch(await page.getByRole('link', { name: 'Atom' }).getAttribute('href'))).text(), /<entry>/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Account and help' }).click();
  await page.getByRole('button', { name: 'About, and addresses for programs' }).click();
  await page.getByText(`${base}/ogc`, { exact: true }).waitFor();
  await accessible(page, 'about');
  await shoot(page, 'about');
  await page.context().close();
});

/** A Monday. */
const FIRST = Date.UTC(2023, 0, 2);
const day = (week, more = 0) => new Date(FIRST + (week * 7 + more) * 86_400_000).toISOString().slice(0, 10);

/** Rows of ACLED's columns, invented: seventy quiet weeks in two provinces, and at their end one that is not. */
function quietThenNot() {
  const lines = ['event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp'];
  const row = (on, admin1) => {
    const told = Date.parse(`${on}T00:00:00Z`) / 1000 + 86_400;
    lines.push(`MLI${lines.length},${on},${on.slice(0, 4)},1,Political violence,Battles,Armed clash,Jund Rifles,,Rebel group,Military Forces of Mali (2021-),,State forces,State forces-Rebel group,,466,Western Africa,Mali,${admin1},,,${admin1},${admin1 === 'Gao' ? '16.27,-0.04' : '14.49,-4.18'},1,Radio Example ${lines.length},National,"On ${on}, Jund Rifles clashed with soldiers near ${admin1} (${lines.length}).",2,,${told}`);
  };
  for (let week = 0; week < 70; week += 1) {
    for (let one = 0; one < [1, 0, 2, 1][week % 4]; one += 1) row(day(week, 1 + one), 'Gao');
    if (week % 3 === 0) row(day(week, 3), 'Mopti');
  }
  for (let one = 0; one < 8; one += 1) row(day(69, one % 6), 'Gao');
  // So that the record covers the last week.
  row(day(70, 1), 'Mopti');
  return `${lines.join('\n')}\n`;
}

test('the watch: situations, series with their band, forecasts with their record; statements that fell due', async (t) => {
  if (!await has('/watch/situations')) { t.skip('this desk has no watch'); return; }
  const rooms = join(folder, 'rooms');
  run('init', rooms);
  writeFileSync(join(folder, 'rows.csv'), quietThenNot());
  run('import', '--project', rooms, join(folder, 'rows.csv'), '--from', 'acled');
  const SAID = 'GAO, Mali, 1 March 2024 - Attacks in Gao will rise by the end of April 2024, the United Nations mission said. If the truce fails, violence in Mopti could spread, an analyst at Example Institute said.';
  writeFileSync(join(folder, 'said.jsonl'), `${JSON.stringify({ title: 'More attacks expected in Gao', published: '2024-03-01', text: SAID, publisher: 'The Daily Example' })}\n`);
  run('ingest', '--project', rooms, join(folder, 'said.jsonl'));
  run('forecast', '--project', rooms, '--by', 'admin1', '--every', 'month', '--horizon', '3', '--as-of', day(44), '--issue', '--summary');
  run('watch', '--project', rooms, '--as-of', day(70));
  const { child, base: at } = await serve(rooms);
  try {
    const { items: [found] } = await api('/watch/situations', at);
    const page = await open('/watch', { at });
    await page.locator(`.situation[id="${found.id}"]`).waitFor();
    assert.match(await page.locator('.situation .says').textContent(), new RegExp(`^Gao, Mali: ${found.chief.count} incidents in the week of `));
    // The surges are those of the API, the least likely first, and one is drawn with its past.
    const surges = await api('/watch/surges', at);
    await page.locator('.surges tbody tr').first().waitFor();
    assert.match(await page.locator('.surges tbody tr').first().textContent(), /^Gao, Mali/);
    assert.equal(await page.locator('.surges tbody tr[data-alarm]').count(), surges.items.filter((one) => one.alarm).length);
    await page.locator('.surges tbody button').first().click();
    await page.waitForURL(/series=/);
    await page.locator('.drawn .chart').waitFor();
    if ((await api('/session', at)).vendor) await page.locator('.drawn .uplot canvas').waitFor();
    await page.locator('.drawn summary').click();
    assert.ok(await page.locator('.drawn tbody tr').count() > 20, 'the figures stand beside the drawing');
    await page.getByLabel('A series for each').selectOption('country');
    await page.waitForURL(/by=country/);
    await page.locator('.surges tbody th').getByText('Mali').waitFor();
    // A forecast is a table and drawings, with what came.
    const { items: [issued], models } = await api('/forecasts', at);
    const shown = page.locator('details.forecast').first();
    await shown.waitFor();
    assert.equal(await page.locator('.forecasts caption').count(), 1);
    assert.equal(await shown.locator('svg.fan').count(), new Set(issued.periods.map((one) => one.series)).size);
    assert.equal(await shown.locator('.came').count(), issued.periods.filter((one) => one.came !== null).length);
    assert.ok(issued.periods.some((one) => one.came !== null) && models.length > 0, 'some of it has come');
    await accessible(page, 'watch with all');
    await fits(page, 'watch with all');
    await shoot(page, 'watch-all', true);
    await page.setViewportSize({ width: 390, height: 844 });
    await fits(page, 'watch with all, narrow');
    await shoot(page, 'watch-all-phone');
    await page.setViewportSize({ width: 1440, height: 900 });

    await page.goto(`${at}/watch/${found.id}`);
    await page.locator('.chart').waitFor();
    await page.getByRole('button', { name: 'Acknowledge' }).click();
    await page.locator('#watch-why').fill('known to the team');
    await accessible(page, 'acknowledge');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('.situation').getByText('known to the team').waitFor();
    assert.equal((await api(`/watch/situations/${found.id}`, at)).acknowledged.why, 'known to the team');
    await page.getByRole('button', { name: 'Snooze' }).click();
    await page.locator('#watch-until').fill('2030-01-31');
    await page.locator('#watch-why').fill('elsewhere');
    await page.locator('dialog button[type=submit]').click();
    await page.locator('.situation').getByText('quiet until').waitFor();
    assert.equal((await api(`/watch/situations/${found.id}`, at)).snoozed.until, '2030-01-31');
    await page.emulateMedia({ colorScheme: 'dark' });
    await accessible(page, 'situation');
    await shoot(page, 'situation-dark', true);
    await page.emulateMedia({ colorScheme: 'light' });

    await page.goto(`${at}/statements?kind=forecast`);
    const { items: said } = await api('/statements?kind=forecast', at);
    await page.locator('.statement-list > li').first().waitFor();
    assert.equal(await page.locator('.statement-list > li').count(), said.length);
    const due = said.find((one) => one.state === 'due');
    assert.ok(due?.record, 'what fell due is held against the record');
    const entry = page.locator('.statement-list > li[data-state=due]').first();
    assert.ok((await entry.locator('blockquote').textContent()).includes(due.quote.trim()));
    assert.ok((await entry.locator('.of-record').textContent()).includes(due.record.says));
    await accessible(page, 'statements');
    await fits(page, 'statements');
    await shoot(page, 'statements-said');
    await page.getByRole('button', { name: 'waiting' }).click();
    await page.waitForURL(/state=waiting/);
    await page.getByText('No such statement was read').waitFor();
    await page.goBack();
    await entry.locator('a').first().click();
    await page.locator('mark.lit').first().waitFor();
    assert.equal((await page.locator('mark.lit').allTextContents()).join('').replace(/\s+/g, ' ').trim(), due.quote.replace(/\s+/g, ' ').trim(), 'its words, to the letter');
    await page.context().close();
  } finally {
    child.kill();
  }
});

test('sources: how each fares; tried, paused, resumed', async (t) => {
  if (!await has('/sources')) { t.skip('this desk has no sources'); return; }
  const RAID = 'GAO, Mali, March 6, 2024 - Gunmen on motorcycles attacked the village of Tassiga near Gao on Tuesday, killing 21 villagers and wounding nine, a local official said. The attackers opened fire on the weekly market and set dozens of houses ablaze.';
  const web = createServer((request, answer) => {
    const body = { '/feed.xml': "<rss version='2.0'><channel><title>The Gao Post</title><item><title>Gunmen kill 21 near <b>Gao</b></title><link>/raid</link><pubDate>Wed, 06 Mar 2024 09:00:00 GMT</pubDate></item></channel></rss>", '/raid': `<!doctype html><html lang=en><head><title>News</title></head><body><article><p>${RAID}</p></article></body></html>` }[request.url];
    answer.writeHead(body ? 200 : 404, { 'Content-Type': request.url === '/feed.xml' ? 'application/rss+xml' : 'text/html' });
    answer.end(body ?? '');
  });
  await new Promise((ready) => { web.listen(0, '127.0.0.1', () => ready(null)); });
  const site = `http://127.0.0.1:${/** @type {any} */ (web.address()).port}`;
  const desk = join(folder, 'sources');
  run('init', desk);
  const settings = join(desk, 'watchpost.toml');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('[fetch]\n', '[fetch]\npause = 0\nallow = ["127.0.0.1"]\n'));
  run('sources', 'add', `${site}/feed.xml`, '--project', desk, '--folder', 'Sahel/Mali', '--name', 'The Gao Post');
  run('sources', 'add', `${site}/gone.xml`, '--project', desk, '--name', 'The Lost Times');
  // Not at once with this program: it answers what is fetched.
  await new Promise((done) => { spawn(program, ['ingest', '--sources', '--project', desk], { stdio: 'ignore' }).on('exit', done); });
  const { child, base: at } = await serve(desk);
  try {
    const page = await open('/sources', { at });
    const row = page.getByRole('row', { name: /The Gao Post/ });
    await row.waitFor();
    assert.equal(await row.locator('td.num').textContent(), '1');
    await page.getByRole('row', { name: /The Lost Times/ }).locator('.error').waitFor();
    await accessible(page, 'sources');
    await fits(page, 'sources');
    await shoot(page, 'sources-two');
    await page.getByRole('button', { name: 'Try The Gao Post now' }).click();
    await page.locator('dialog').getByText('It would bring 1 report').waitFor();
    await page.locator('dialog').getByText('Nothing of this was kept.').waitFor();
    await accessible(page, 'tried');
    await shoot(page, 'sources-tried');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Pause The Gao Post' }).click();
    await row.locator('.condition[data-state=paused]').waitFor();
    await page.getByRole('button', { name: /1 paused/ }).click();
    await page.waitForURL(/state=paused/);
    assert.equal(await page.locator('tbody tr').count(), 1);
    await page.getByRole('button', { name: 'Resume The Gao Post' }).click();
    await page.getByRole('button', { name: /all/ }).click();
    await page.locator('tr[data-state=fine]').waitFor();
    await page.context().close();
  } finally {
    child.kill();
    web.close();
  }
});
