// The desk's rooms: accounts, feeds, the watch with forecasts and statements, sources.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { accessible, api, base, fits, folder, has, open, program, root, run, serve, settled, shoot } from './desk.mjs';

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
    await bo.goto(`${at}/sources`);
    await bo.getByText('No source is followed yet').waitFor();
    assert.equal(await bo.getByRole('button', { name: 'Add' }).count(), 0);
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
  const SAID = 'GAO, Mali, 1 March 2024 - Attacks in Gao will rise by the end of April 2024, the United Nations mission said. If the truce fails, violence in Mopti could spread, an analyst at Example Institute said. Attacks by Boko Haram in Mopti will fall by June 2024, the United Nations said.';
  writeFileSync(join(folder, 'said.jsonl'), `${JSON.stringify({ title: 'More attacks expected in Gao', published: '2024-03-01', text: SAID, publisher: 'The Daily Example' })}\n`);
  run('ingest', '--project', rooms, join(folder, 'said.jsonl'));
  for (const count of ['events', 'deaths']) run('forecast', '--project', rooms, '--by', 'admin1', '--every', 'month', '--count', count, '--horizon', '3', '--as-of', day(44), '--issue', '--summary');
  run('watch', '--project', rooms, '--as-of', day(70));
  const { child, base: at } = await serve(rooms);
  try {
    const { items: [found] } = await api('/watch/situations', at);
    const page = await open('/watch', { at });
    await page.locator(`.situation[id="${found.id}"]`).waitFor();
    assert.match(await page.locator('.situation .says').textContent(), new RegExp(`^Gao, Mali: ${found.chief.count} incidents in the week of `));
    // Alarms are followed.
    await page.getByRole('button', { name: 'Follow the alarms' }).click();
    await accessible(page, 'follow alarms');
    const feed = await (await fetch(await page.getByRole('link', { name: 'JSON Feed' }).getAttribute('href'))).json();
    assert.deepEqual(feed.items.map((one) => one.url), [`${at}/watch/${found.id}`]);
    assert.match(await (await fetch(await page.getByRole('link', { name: 'Atom' }).getAttribute('href'))).text(), /<entry>/);
    await page.keyboard.press('Escape');
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
    const { items: all, models } = await api('/forecasts', at);
    const [issued] = all;
    const shown = page.locator('details.forecast').first();
    await shown.waitFor();
    assert.equal(await page.locator('.forecasts caption').count(), 1);
    assert.equal(await shown.locator('svg.fan').count(), new Set(issued.periods.map((one) => one.series)).size);
    assert.equal(await shown.locator('.came').count(), issued.periods.filter((one) => one.came !== null).length);
    assert.ok(issued.periods.some((one) => one.came !== null) && models.length > 0, 'some of it has come');
    // Each has the record of its own unit; where there are more than a page, they are asked for.
    await page.route('**/forecasts?limit=5*', (route) => route.continue({ url: route.request().url().replace('limit=5', 'limit=1') }));
    await page.reload();
    await page.getByRole('button', { name: 'Earlier forecasts' }).click();
    await page.locator('details.forecast').nth(1).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Earlier forecasts' }).count(), 0, 'there are two');
    for (const [number, { id, record }] of all.entries()) {
      const one = page.locator('details.forecast').nth(number);
      assert.equal(await one.getAttribute('id'), id);
      assert.ok((await one.textContent()).includes(`CRPS ${Number(record.now.crps.toPrecision(3))} over ${record.now.forecasts} `), id);
    }
    assert.notEqual(all[0].record.of, all[1].record.of);
    await accessible(page, 'watch with all');
    await fits(page, 'watch with all');
    await shoot(page, 'watch-all', true);
    await page.setViewportSize({ width: 390, height: 844 });
    await fits(page, 'watch with all, narrow');
    await shoot(page, 'watch-all-phone');
    await page.setViewportSize({ width: 1440, height: 900 });

    // What it rests on is looked at first.
    await page.goto(`${at}/review`);
    const { items: [waiting] } = await api('/queue?limit=1', at);
    assert.equal(waiting.situation, found.id);
    assert.equal(await page.locator('.why-first li').first().textContent(), `an open alarm rests on it: ${waiting.why[0].text}`);
    await accessible(page, 'review in an alarm');
    await shoot(page, 'review-alarm');
    await page.locator('.why-first a').click();
    await page.waitForURL(`${at}/watch/${found.id}`);
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
    const { snoozed, history } = await api(`/watch/situations/${found.id}`, at);
    assert.equal(snoozed.until, '2030-01-31');
    // How it came to be, the last first.
    const steps = page.locator('.history > li');
    assert.deepEqual(await steps.evaluateAll((all) => all.map((one) => one.dataset.what)), ['snoozed', 'acknowledged', 'opened']);
    assert.match(await steps.first().textContent(), /^kept quiet until Jan 31, 2030 .* localelsewhere$/);
    assert.ok((await steps.last().textContent()).includes(history[0].why));
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForFunction(() => [...document.querySelectorAll('.uplot')].every((one) => one.clientWidth < 390));
    await fits(page, 'situation, narrow');
    await shoot(page, 'situation-phone', true);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await accessible(page, 'situation');
    await shoot(page, 'situation-dark', true);
    await page.emulateMedia({ colorScheme: 'light' });

    /** @type {string[]} */
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${at}/statements?kind=forecast`);
    const { items: said } = await api('/statements?kind=forecast', at);
    await page.locator('.statement-list > li').first().waitFor();
    assert.equal(await page.locator('.statement-list > li').count(), said.length);
    const due = said.find((one) => one.state === 'due');
    assert.ok(due?.record, 'what fell due is held against the record');
    const entry = page.locator('.statement-list > li[data-state=due]').first();
    assert.ok((await entry.locator('blockquote').textContent()).includes(due.quote.trim()));
    assert.ok((await entry.locator('.of-record').textContent()).includes(due.record.says));
    assert.equal(await page.locator('.statement-list a[href="/?actor=boko-haram"]').textContent(), 'Boko Haram');
    await page.getByText('What speakers’ statements were worth').click();
    const { items: speakers } = await api('/statements/speakers?kind=forecast', at);
    await page.locator('.speakers tbody tr').first().waitFor();
    assert.deepEqual(await page.locator('.speakers tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent).join(' '))),
      speakers.map((one) => [one.speaker === 'united-nations' ? 'United Nations' : one.speaker, one.statements, one.tested, one.supported, one.not_supported, one.cannot_tell, 'too few'].join(' ')));
    assert.ok(!asked.some((one) => one.includes('/facets')), 'names come with the statements');
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

test('sources: how each fares; added, tried, paused, resumed, removed', async (t) => {
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
    const page = await open('/sources', { at, quiet: [/409|422/] });
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

    // What is refused is said at its field, a folded one too.
    const add = page.getByRole('button', { name: 'Add', exact: true });
    const more = page.getByText('More about it');
    const refused = async (field, says) => {
      await page.locator(`#source-${field}[aria-invalid=true]:focus`).waitFor();
      assert.match(await page.locator(`#source-${field}-wrong`).textContent(), says);
    };
    await page.locator('#source-url').fill('ftp://example.org/');
    await add.click();
    await refused('url', /https/);
    await page.locator('#source-url').fill(`${site}/feed.xml`);
    await add.click();
    await refused('url', /it is there already: The Gao Post/);
    await page.locator('#source-url').fill(`${site}/more.xml`);
    await more.click();
    await fill(page, { Name: 'The Mopti Mail', Folder: 'Sahel/Mali', Language: 'French, mostly', 'Minutes between fetches': '90' });
    await more.click();
    await add.click();
    await refused('language', /BCP 47/);
    await accessible(page, 'sources, refused');
    await fits(page, 'sources, refused');
    await shoot(page, 'sources-refused');
    await page.locator('#source-language').fill('fr');
    await page.getByLabel('What it is').selectOption('feed');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /The Mopti Mail/ }).locator('.condition[data-state=new]').waitFor();
    const { items } = await api('/sources', at);
    const { url, folder: put, kind, language, every } = items.find((one) => one.name === 'The Mopti Mail');
    assert.deepEqual({ url, put, kind, language, every }, { url: `${site}/more.xml`, put: ['Sahel', 'Mali'], kind: 'feed', language: 'fr', every: 90 });
    assert.equal(await page.locator('#source-url').inputValue(), '');

    // What is removed is asked about; its reports stay.
    await page.getByRole('button', { name: 'Remove The Gao Post' }).click();
    await page.locator('dialog').getByText('Its reports stay').waitFor();
    await accessible(page, 'remove');
    await page.locator('dialog button[type=submit]').click();
    await row.waitFor({ state: 'detached' });
    assert.ok(await page.evaluate(() => document.activeElement.matches('h1')), 'the focus is not lost with the row');
    assert.equal((await api('/sources', at)).items.length, 2);
    assert.equal((await api('/reports', at)).items.length, 1);
    await page.context().close();
  } finally {
    child.kill();
    web.close();
  }
});
