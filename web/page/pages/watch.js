// The watch: what turned worse, one thread a situation, with what it rests on; what was foreseen, and what that was worth.
import { Problem, get, may, offers, send } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { series } from '../lib/chart.js';
import { failure, dialog, note, trouble } from '../lib/shell.js';
import { country, date, moment, number, t, word } from '../lib/strings.js';

/** @param {import('../main.js').Context} context */
export function show({ root, query, params: [wanted], signal, push }) {
  root.classList.add('column', 'watch-page');
  const closed = query.get('closed') === 'true';
  const situations = h('div.situations');
  const surges = h('div');
  const forecasts = h('div');
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.watch')), h('p.lead', null, t('watch.about')),
    h('div', null, h('label.check', null, h('input', { type: 'checkbox', checked: closed, onchange: () => push(new URLSearchParams(closed ? {} : { closed: 'true' })) }), h('span', null, t('watch.closed'))))), situations, surges, forecasts);

  async function load() {
    try {
      const answer = await get('/watch/situations', closed ? { closed: 'true' } : {}, { signal });
      const items = answer.items ?? answer;
      const shown = wanted ? items.filter((/** @type {any} */ one) => one.id === wanted) : items;
      put(situations, shown.length === 0 ? h('div.empty', null, h('h2', null, t('watch.none')), h('p', null, t('watch.none_how'))) : shown.map(situation));
      drawSurges(items);
      if (wanted && shown.length === 1) void chart(shown[0]);
    } catch (error) {
      if (signal.aborted) return;
      put(situations, error instanceof Problem && error.status === 404 ? h('div.empty', null, h('h2', null, t('watch.none')), h('p', null, t('watch.none_how'))) : failure(error, load));
    }
    void loadForecasts();
  }

  /** @param {any} one */
  function situation(one) {
    const chief = one.chief;
    const label = nameOf(chief.series);
    const revisions = one.revisions ?? {};
    return h(`article.situation${one.acknowledged ? '.seen' : ''}`, { 'data-state': one.state, id: one.id },
      h('div.title-line', null, h('span.condition', { 'data-state': one.state === 'eased' ? 'fine' : one.state === 'changed' ? 'quiet' : one.state === 'closed' ? 'paused' : 'failing' }, t(`watch.state.${one.state}`)), h('a.id', { href: `/watch/${one.id}` }, one.id), h('span.dim', null, t('watch.since', { day: date(one.since) }), ' · ', word('every', one.every))),
      h('p.says', { dir: 'auto' }, one.says),
      h('dl.numbers', null, pair('seen', `${number(chief.count)}${chief.so_far ? ` ${t('watch.so_far')}` : ''}`), pair('expected', decimal(chief.expected)), pair('upper', decimal(chief.upper)), pair('unusual', chance(chief.p_value)), pair('period', date(chief.date)),
        h('div', null, h('dt', null, t('watch.reports')), h('dd', null, number(one.independent_reports)))),
      chief.nowcast && h('p.why', null, t('watch.in_end', { count: decimal(chief.nowcast.count), low: number(chief.nowcast.low), high: number(chief.nowcast.high) })),
      h('p.why', null, [one.reason, revisions.decisive?.length > 0 ? t('watch.decisive', { n: revisions.decisive.length }) : revisions.rejections ? t('watch.rejections', { n: revisions.rejections }) : null,
        revisions.corroborated !== undefined && t('watch.corroborated', { n: revisions.corroborated, verdict: t(revisions.holds_corroborated ? 'watch.still' : 'watch.no_more') })].filter(Boolean).join(' ')),
      one.acknowledged && h('p.why', null, t('watch.acknowledged', { name: one.acknowledged.by.name, when: moment(one.acknowledged.at) }), one.acknowledged.why && ` “${one.acknowledged.why}”`),
      one.snoozed && h('p.why', null, t('watch.snoozed', { day: date(one.snoozed.until), name: one.snoozed.by?.name ?? '' })),
      h('footer', null, one.incidents?.length > 0 && h('details', null, h('summary', null, t('watch.incidents', { n: one.incidents.length })), h('p.refs', null, one.incidents.map((/** @type {string} */ id) => [h(`a.id${revisions.decisive?.includes(id) ? '.decisive' : ''}`, { href: `/incidents/${id}` }, id), ' ']))),
        one.alarms?.length > 1 && h('details', null, h('summary', null, t('watch.alarms', { n: one.alarms.length })), alarmTable(one.alarms)), h('span.gap'),
        may('decide') && !one.acknowledged && button(t('watch.acknowledge'), () => acknowledge(one), { icon: 'check' }), may('decide') && button(t('watch.snooze'), () => snooze(one), { icon: 'pause' }), h('a.button.quiet', { href: `/watch/${one.id}`, title: label }, t('watch.open'))));
  }

  const pair = (/** @type {string} */ name, /** @type {string} */ value) => h('div', null, h('dt', null, t(`watch.${name}`)), h('dd', null, value));

  /** @param {any[]} items */
  function drawSurges(items) {
    const alarms = items.filter((one) => one.state !== 'closed').flatMap((one) => one.alarms ?? []);
    if (alarms.length === 0 || wanted) { put(surges); return; }
    const last = new Map();
    for (const one of alarms) { const key = `${one.by} ${one.series}`; if (!last.has(key) || last.get(key).date < one.date) last.set(key, one); }
    put(surges, h('h2', null, t('watch.surges')), alarmTable([...last.values()].sort((a, b) => a.p_value - b.p_value)));
  }

  /** @param {any[]} alarms */
  const alarmTable = (alarms) => h('div.scroll', { tabindex: '0' }, h('table', null, h('thead', null, h('tr', null, ['series', 'period', 'seen', 'expected', 'upper', 'ratio', 'unusual'].map((name, at) => h(at > 1 ? 'th.num' : 'th', { scope: 'col' }, t(`watch.${name}`))))),
    h('tbody', null, alarms.map((one) => h('tr', null, h('th', { scope: 'row' }, told(nameOf(one.series)), h('small', null, one.why)), h('td', null, date(one.date), one.so_far && ` ${t('watch.so_far')}`), h('td.num', null, h('b', null, number(one.count))), h('td.num', null, decimal(one.expected)), h('td.num', null, decimal(one.upper)), h('td.num', null, one.expected > 0 ? decimal(one.count / one.expected) : '–'), h('td.num', null, chance(one.p_value)))))));

  /** @param {any} one */
  async function chart(one) {
    if (!await offers('/watch/series')) return;
    try {
      const answer = await get('/watch/series', { situation: one.id }, { signal });
      const alarms = new Set(one.alarms.filter((/** @type {any} */ alarm) => alarm.series === one.chief.series).map((/** @type {any} */ alarm) => alarm.date));
      situations.append(series(nameOf(one.chief.series), answer.items.map((/** @type {any} */ point) => ({ ...point, alarm: point.alarm ?? alarms.has(point.date) })), signal));
    } catch (error) { if (!(error instanceof Problem && error.status === 404)) trouble(error); }
  }

  /** @param {any} one */
  async function acknowledge(one) {
    const why = await reason(t('watch.acknowledge'));
    if (why === null) return;
    await act(one, 'acknowledge', { why: why.why });
  }

  /** @param {any} one */
  async function snooze(one) {
    const asked = await reason(t('watch.snooze'), true);
    if (asked) await act(one, 'snooze', asked);
  }

  /** @param {any} one @param {string} what @param {any} body */
  async function act(one, what, body) {
    try { await send(`/watch/situations/${encodeURIComponent(one.id)}/${what}`, body); note(t('watch.did')); await load(); } catch (error) { trouble(error); }
  }

  async function loadForecasts() {
    if (wanted || !await offers('/forecasts')) return;
    try {
      const answer = await get('/forecasts', undefined, { signal });
      const items = answer.items ?? answer;
      if (items.length > 0) put(forecasts, h('h2', null, t('watch.forecasts')), items.map(forecast));
    } catch (error) { if (!(error instanceof Problem && error.status === 404)) trouble(error); }
  }

  /** @param {any} one */
  const forecast = (one) => h('pre', { tabindex: '0' }, h('code', null, JSON.stringify(one, null, 1)));
  void load();
}

/** @param {string} title @param {boolean} [until] @returns {Promise<null|{why: string, until?: string}>} */
function reason(title, until = false) {
  return dialog(title, (close) => {
    const why = h('textarea', { id: 'watch-why', rows: 2 });
    const day = h('input', { type: 'date', id: 'watch-until', required: true, value: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10) });
    return h('form', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); close(until ? { why: why.value.trim(), until: day.value } : { why: why.value.trim() }); } },
      until && h('div.field', null, h('label', { for: 'watch-until' }, t('watch.snooze_until')), day), h('div.field', null, h('label', { for: 'watch-why' }, t('decide.reason')), why), h('footer', null, button(t('cancel'), () => close()), h('button.primary', { type: 'submit' }, title)));
  }).then((answer) => answer ?? null);
}

/** "MLI; Gao" as people say it. @param {string} name */
export const nameOf = (name) => name.split(';').map((part) => part.trim()).map((part) => (/^[A-Z]{3}$/.test(part) ? country(part) : part)).reverse().join(', ');

/** @param {number} value */
const decimal = (value) => number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

/** How unlikely, in words that a reader knows. @param {number} p */
const chance = (p) => (p >= 0.5 || !p ? '–' : t('watch.one_in', { n: Number((1 / p).toPrecision(2)) }));
