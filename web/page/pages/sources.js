// Sources: whether each still speaks, how much, what went wrong, and what to do about it; added and removed.
import { get, may, send } from '../lib/api.js';
import { button, h, outside, put, s, told } from '../lib/dom.js';
import { sourceForm } from '../lib/sourceform.js';
import { ask, dialog, failure, note, trouble } from '../lib/shell.js';
import { ago, date, moment, number, t, word } from '../lib/strings.js';

/** Days that volume is shown of. */
const SHOWN = 30;
const ORDER = ['failing', 'quiet', 'paused', 'new', 'fine'];
const COLUMNS = ['name', 'state', 'last', 'next', 'reports', 'volume', 'do'];

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, signal, push }) {
  let query = first;
  root.classList.add('column', 'sources-page');
  const body = h('div', null, h('p.dim', null, t('loading')));
  /** @type {any[]} */
  let items = [];
  const adding = may('sources') ? sourceForm(added, () => items) : null;
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.sources')), h('p.lead', null, t('sources.about'))), adding, body);
  async function load() {
    try { ({ items } = await get('/sources', undefined, { signal })); draw(); } catch (error) { if (!signal.aborted) put(body, failure(error, load)); }
  }

  function draw() {
    const held = focused();
    const how = h('details.how', { open: items.length === 0 }, h('summary', null, t('sources.command')), h('p', null, t('sources.how')), h('pre', { tabindex: '0' }, h('code', null, 'watchpost run\nwatchpost sources import feeds.opml\nwatchpost sources add https://example.org/feed.xml --folder "Sahel/Mali"')));
    if (items.length === 0) { put(body, h('div.empty', null, h('h2', null, t('sources.none')), how)); focus(held); return; }
    const wanted = query.get('state');
    const now = new Map();
    for (const { health } of items) now.set(health, (now.get(health) ?? 0) + 1);
    const rows = items.filter((one) => !wanted || one.health === wanted).sort((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health) || String(a.name).localeCompare(String(b.name)));
    put(body, h('div.chips.tally', { role: 'group', 'aria-label': t('sources.state') }, ['', ...ORDER.filter((one) => now.has(one))].map((one) => h('button.quiet', { type: 'button', 'data-state': one, 'aria-pressed': String((wanted ?? '') === one), onclick: () => push(new URLSearchParams(one ? { state: one } : {})) }, h('b', null, number(one ? now.get(one) : items.length)), ' ', t(one ? `sources.${one}` : 'sources.all')))),
      h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': t('nav.sources') }, h('table.wide', null, h('thead', null, h('tr', null, COLUMNS.map((name) => h(`th${name === 'reports' ? '.num' : ''}`, { scope: 'col' }, t(`sources.${name}`))))), h('tbody', null, rows.map(line)))), how);
    focus(held);
  }

  /** Which action of which source has the focus: the table is drawn anew under the hand. */
  function focused() {
    const row = document.activeElement?.closest('tr[data-id]');
    return row && body.contains(row) ? { id: row.getAttribute('data-id'), at: [...row.querySelectorAll('button')].findIndex((one) => one === document.activeElement) } : null;
  }

  /** @param {{id: string|null, at: number}|null} held */
  function focus(held) {
    if (!held) return;
    const row = [...body.querySelectorAll('tr[data-id]')].find((one) => one.getAttribute('data-id') === held.id);
    /** @type {HTMLElement|null} */ (row?.querySelectorAll('button')[held.at] ?? root.querySelector('h1'))?.focus();
  }

  /** @param {any} source */
  async function added(source) {
    note(t('sources.did_add', { name: source.name }), { label: t('sources.try_it'), action: () => attempt(source) });
    if (query.get('state')) push(new URLSearchParams());
    await load();
    [...body.querySelectorAll('tr[data-id]')].find((one) => one.getAttribute('data-id') === source.id)?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {any} source */
  function line(source) {
    const days = month(source.days);
    return h('tr', { 'data-state': source.health, 'data-id': source.id },
      h('th', { scope: 'row' }, told(source.name), h('small', null, outside(source.page ?? source.url, source.url)), h('small', null, [...(source.folder ?? []), word('source_kind', source.found ?? (source.kind === 'auto' ? null : source.kind))].filter(Boolean).join(' / '))),
      h('td', null, h('span.condition', { 'data-state': source.health }, t(`sources.${source.health}`)), source.health === 'paused' && source.paused ? h('small', { dir: 'auto' }, source.paused.why, ' · ', moment(source.paused.at)) : source.why && h('small.error', { dir: 'auto' }, source.why)),
      h('td', { title: source.last_success ? moment(source.last_success) : null }, source.last_success ? ago(source.last_success) : t('sources.never'), source.last_new && h('small', null, t('sources.last_new', { ago: ago(source.last_new) }))),
      h('td', { title: source.next_try ? moment(source.next_try) : null }, source.paused ? '–' : source.next_try && Date.parse(source.next_try) > Date.now() ? ago(source.next_try) : t('sources.now')),
      h('td.num', null, h('b', null, number(days.reduce((sum, day) => sum + day.new, 0)))),
      h('td', null, spark(days)),
      h('td.actions', null, may('sources') && [button(t(source.paused ? 'sources.resume_one' : 'sources.pause_one', { name: source.name }), () => act(source, source.paused ? 'resume' : 'pause'), { icon: source.paused ? 'play' : 'pause', bare: true }), button(t('sources.try', { name: source.name }), (event) => attempt(source, /** @type {HTMLButtonElement} */ (event.currentTarget)), { icon: 'refresh', bare: true }),
        button(t('sources.remove_one', { name: source.name }), () => remove(source), { icon: 'remove', bare: true })]));
  }

  /** @param {any} source @param {'pause'|'resume'} what */
  async function act(source, what) {
    try { await send(`/sources/${encodeURIComponent(source.id)}/${what}`, {}); note(t(`sources.did_${what}`, { name: source.name })); await load(); } catch (error) { trouble(error); }
  }

  /** @param {any} source */
  async function remove(source) {
    if (!await ask(t('sources.remove_ask', { name: source.name }), { yes: t('sources.remove'), title: t('sources.remove_title') })) return;
    try { await send(`/sources/${encodeURIComponent(source.id)}`, null, { method: 'DELETE' }); note(t('sources.did_remove', { name: source.name })); } catch (error) { trouble(error); }
    await load();
  }

  /** @param {any} source @param {HTMLButtonElement} [pressed] */
  async function attempt(source, pressed) {
    if (pressed) pressed.disabled = true;
    const asking = note(t('sources.asking', { name: source.name }), { stay: true });
    try {
      const { body: came } = await send(`/sources/${encodeURIComponent(source.id)}/try`, {});
      asking.remove();
      await dialog(t('sources.tried', { name: source.name }), () => tried(came), 'wide');
    } catch (error) { trouble(error); }
    asking.remove();
    if (pressed) pressed.disabled = false;
  }
  void load();
  return (now) => { query = now; draw(); };
}

/** What a source would bring. @param {any} came */
const tried = (came) => [came.error ? h('p.failure', { dir: 'auto' }, came.error) : h('p', null, t('sources.brought', { n: came.read, refused: number(came.refused) }), came.title && [' ', told(came.title)], came.kind && h('span.badge', null, word('source_kind', came.kind))),
  came.hint && h('p', { dir: 'auto' }, came.hint), came.notes.length > 0 && h('ul.notes-of', null, came.notes.map((/** @type {string} */ one) => h('li', { dir: 'auto' }, one))),
  came.reports.length > 0 && h('ul.report-list', null, came.reports.map((/** @type {any} */ one) => h('li', null, h('p', null, outside(one.url, one.title ?? t('reports.untitled'))), h('p.dim', null, [one.published && date(one.published), t('sources.chars', { n: one.chars })].filter(Boolean).join(' · '))))), h('p.why', null, t('sources.nothing_kept'))];

/** The last days, those on which nothing was asked too. @param {any[]} days */
function month(days) {
  const of = new Map((days ?? []).map((day) => [day.day, day]));
  return Array.from({ length: SHOWN }, (_, at) => {
    const day = new Date(Date.now() - (SHOWN - 1 - at) * 86_400_000).toISOString().slice(0, 10);
    return of.get(day) ?? { day, tries: 0, successes: 0, new: 0 };
  });
}

/** New reports a day, as bars; a stroke where it was asked and did not answer. @param {{day: string, tries: number, successes: number, new: number}[]} days */
function spark(days) {
  const most = Math.max(1, ...days.map((one) => one.new));
  const failed = days.filter((one) => one.tries > 0 && one.successes === 0).length;
  return s('svg.spark', { viewBox: `0 0 ${days.length * 4} 24`, role: 'img', 'aria-label': [t('sources.volume_says', { n: days.length, most: number(Math.max(0, ...days.map((one) => one.new))) }), failed > 0 && t('sources.failed_days', { n: failed })].filter(Boolean).join('; ') },
    s('rect.base', { x: 0, y: 20, width: days.length * 4, height: 0.5 }),
    days.map((one, at) => s(`rect${one.tries > 0 && one.successes === 0 ? '.failed' : ''}`, one.tries > 0 && one.successes === 0 ? { x: at * 4, y: 21, width: 3, height: 3 } : { x: at * 4, y: 20 - one.new / most * 20, width: 3, height: one.new > 0 ? Math.max(1, one.new / most * 20) : 0 }, s('title', null, `${date(one.day)}: ${number(one.new)}`))));
}
