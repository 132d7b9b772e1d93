// What tests of the desk in a browser stand on: the built program serves a project of ours, Chromium looks at it. `scripts/check-desk` runs them.
//
// WATCHPOST_DESK holds, on a line each: the program, the folder of the packages, Chromium, and (or not) a folder for pictures.
//
// Measures are printed and never asserted: the machine may be busy.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { fileURLToPath } from 'node:url';

export const [program, modules, chromium, shots] = (process.env.WATCHPOST_DESK ?? '').split('\n');
assert.ok(program && modules && chromium, 'run scripts/check-desk');
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
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

export const folder = mkdtempSync(join(tmpdir(), 'watchpost-desk-'));
const project = join(folder, 'sahel');
let server;
export let base = '';
let browser;
/** @type {string[]} What a page must not do. */
const wrongs = [];

export function run(...args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  assert.equal(done.status, 0, `watchpost ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

/** Serves a project to whoever is at the machine, or to those who have an account: then the link of the first account is told. */
export function serve(at, login = false) {
  return new Promise((found, lost) => {
    const child = spawn(program, ['serve', '--project', at, ...(login ? [] : ['--no-login']), '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      const link = /http:\/\/\S+\/login#link=\S+/.exec(said);
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
export async function open(path, { phone = false, at = base, quiet = [], map = false, within = null } = {}) {
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

export const shoot = async (page, name, whole = false) => {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: whole });
};
export const api = async (path, at = base) => (await fetch(`${at}/api/v1${path}`)).json();

const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** Of a page that was looked at in the light, what the dark can change. */
export const COLOURS = { type: 'rule', values: ['color-contrast'] };

/** What axe finds against WCAG 2.2 A and AA. The map is a canvas of a library: what lies around it is ours. */
export async function accessible(page, where, runOnly = WCAG) {
  // Through the tools' own channel: the page's policy lets no script in.
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axe);
  const found = await page.evaluate((which) => window.axe.run(document, { runOnly: which, resultTypes: ['violations'] }), runOnly);
  const told = found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 4).map((node) => `${node.target} ${node.any?.[0]?.message ?? node.failureSummary}`).join(' | ')}`);
  assert.deepEqual(told, [], where);
}

/** Nothing is cut off at the side. */
export async function fits(page, where) {
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
export const has = async (path) => Object.keys((await api('/openapi.json')).paths).some((one) => one.endsWith(path));

/** When all of a page is there. */
export const settled = async (page) => {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('[aria-busy]') && ![...document.querySelectorAll('main p.dim')].some((one) => one.textContent === 'Loading…'));
};
