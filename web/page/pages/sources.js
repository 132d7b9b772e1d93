// Sources: whether each still speaks, how much, what went wrong, and what to do about it.
import { get, may, send } from '../lib/api.js';
import { button, h, outside, put, s, told } from '../lib/dom.js';
import { dialog, failure, note, trouble } from '../lib/shell.js';
import { ago, number, t } from '../lib/strings.js';

/** @param {import('../main.js').Context} context */
export function show({ root, signal }) {
  root.classList.add('column', 'sources-page');
  const body = h('div');
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.sources')), h('p.lead', null, t('sources.about'))), body);
  async function load() {
    try {
      const answer = await get('/sources', undefined, { signal });
      const items = answer.items ?? answer;
      if (items.length === 0) { put(body, h('div.empty', null, h('h2', null, t('sources.none')), h('p', null, t('sources.how')), h('pre', { tabindex: '0' }, h('code', null, 'watchpost sources add https://example.org/feed.xml\nwatchpost run')))); return; }
      const now = new Map();
      for (const item of items) now.set(state(item), (now.get(state(item)) ?? 0) + 1);
      put(body, h('ul.tally', null, ['failing', 'quiet', 'paused', 'fine', 'new'].filter((one) => now.has(one)).map((one) => h('li', { 'data-state': one }, h('b', null, number(now.get(one))), ' ', t(`sources.${one}`)))),
        h('div.scroll', null, h('table.wide', null, h('caption.visually-hidden', null, t('nav.sources')), h('thead', null, h('tr', null, ['name', 'state', 'last', 'next', 'reports', 'volume', 'do'].map((name) => h(`th${name === 'reports' ? '.num' : ''}`, { scope: 'col' }, t(`sources.${name}`))))),
          h('tbody', null, items.slice().sort((/** @type {any} */ a, /** @type {any} */ b) => ORDER.indexOf(state(a)) - ORDER.indexOf(state(b)) || String(a.name).localeCompare(String(b.name))).map(line)))));
    } catch (error) { put(body, failure(error, load)); }
  }
  const ORDER = ['failing', 'quiet', 'paused', 'new', 'fine'];

  /** @param {any} source */
  function line(source) {
    const how = state(source);
    return h('tr', { 'data-state': how },
      h('th', { scope: 'row' }, told(source.name), h('small', null, outside(source.url, source.url)), source.folder?.length > 0 && h('small', null, source.folder.join(' / '))),
      h('td', null, h('span.condition', { 'data-state': how }, t(`sources.${how}`)), source.why && h('small.error', { dir: 'auto' }, source.why)),
      h('td', { title: source.last_success ?? '' }, source.last_success ? ago(source.last_success) : t('sources.never')),
      h('td', null, source.paused ? '–' : source.next_try ? ago(source.next_try) : t('sources.now')),
      h('td.num', null, number((source.days ?? []).reduce((/** @type {number} */ sum, /** @type {any} */ day) => sum + day.new, 0))),
      h('td', null, spark(source.days)),
      h('td.actions', null, may('sources') && [button(t(source.paused ? 'sources.resume' : 'sources.pause'), () => act(source, source.paused ? 'resume' : 'pause'), { icon: source.paused ? 'play' : 'pause', bare: true }), button(t('sources.try'), (event) => attempt(source, /** @type {HTMLButtonElement} */ (event.currentTarget)), { icon: 'refresh', bare: true })]));
  }

  /** New reports a day, as bars. @param {{day: string, new: number}[]} volume */
  function spark(volume) {
    if (!volume?.length) return null;
    const counts = volume.map((one) => one.new);
    const most = Math.max(1, ...counts);
    return s('svg.spark', { viewBox: `0 0 ${counts.length * 4} 20`, role: 'img', 'aria-label': t('sources.volume_says', { n: counts.length, most: number(most) }) }, counts.map((count, at) => s('rect', { x: at * 4, y: 20 - count / most * 20, width: 3, height: Math.max(count / most * 20, count > 0 ? 1 : 0) })));
  }

  /** @param {any} source @param {string} what */
  async function act(source, what) {
    try { await send(`/sources/${encodeURIComponent(source.name)}/${what}`, {}); note(t(`sources.did_${what}`, { name: source.name })); await load(); } catch (error) { trouble(error); }
  }

  /** @param {any} source @param {HTMLButtonElement} pressed */
  async function attempt(source, pressed) {
    pressed.disabled = true;
    try {
      const { body: answer } = await send(`/sources/${encodeURIComponent(source.name)}/try`, {});
      await dialog(t('sources.tried', { name: source.name }), () => h('div', null, h('p', null, answer.says ?? answer.text ?? ''), h('pre', { tabindex: '0' }, h('code', null, JSON.stringify(answer, null, 1)))), 'wide');
      await load();
    } catch (error) { trouble(error); }
    pressed.disabled = false;
  }
  void load();
}

/** How a source is, as the program says it. @param {any} source @returns {string} */
const state = (source) => (source.paused ? 'paused' : source.health);
