// The watch: what turned worse, one thread a situation, with what it rests on; each series against what was expected; what was foreseen,
// and what that was worth.
import { get, may, offers, send } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { series } from '../lib/chart.js';
import { changed } from '../lib/filters.js';
import { followDialog } from '../lib/follow.js';
import { forecastsPart } from '../lib/forecasts.js';
import { decimal, seriesName } from '../lib/format.js';
import { interval } from '../lib/interval.js';
import { failure, dialog, note, trouble } from '../lib/shell.js';
import { date, moment, number, t, word } from '../lib/strings.js';

/** What makes a series, of what the program can count by. */
const BY = ['country', 'admin1', 'admin2', 'actor', 'dyad', 'type', 'sub-type', 'all'];
const EVERY = ['day', 'week', 'month'];
const COUNTS = ['incidents', 'deaths', 'reports'];
/** Rows of a table at first. */
const FEW = 12;

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, params: [wanted], signal, push }) {
  let query = first;
  root.classList.add('column', 'watch-page');
  const situations = h('div.situations', null, h('p.dim', null, t('loading')));
  const closedBox = h('input', { type: 'checkbox', onchange: () => push(changed(query, { closed: closedBox.checked ? 'true' : null })) });
  const crumbs = wanted ? h('nav.crumbs', { 'aria-label': t('nav.where') }, h('a', { href: '/watch' }, t('nav.watch')), h('span', { 'aria-hidden': 'true' }, '›'), h('span.id', null, wanted)) : null;
  put(root, h('header.page-head', null, crumbs, h('h1', { tabindex: '-1' }, wanted ? t('watch.situation') : t('nav.watch')), !wanted && h('p.lead', null, t('watch.about')),
    !wanted && h('div.row', null, h('label.check', null, closedBox, h('span', null, t('watch.closed'))), h('span.gap'), button(t('watch.follow'), () => followDialog(t('watch.follow_about'), { atom: '/feeds/situations.atom', json: '/feeds/situations.json' }), { icon: 'feed' }))), situations);

  async function load() {
    closedBox.checked = query.get('closed') === 'true';
    try {
      if (wanted) {
        const one = await get(`/watch/situations/${encodeURIComponent(wanted)}`, undefined, { signal });
        const drawn = h('div');
        put(situations, situation(one), drawn, story(one.history ?? []));
        await chart(one, drawn);
      } else {
        const { items } = await get('/watch/situations', { closed: query.get('closed') }, { signal });
        put(situations, items.length === 0 ? h('div.empty', null, h('h2', null, t('watch.none')), h('p', null, t('watch.none_how'))) : items.map(situation));
      }
    } catch (error) { if (!signal.aborted) put(situations, failure(error, load)); }
  }

  /** @param {any} one */
  function situation(one) {
    const chief = one.chief;
    const revisions = one.revisions ?? {};
    const open = one.state !== 'closed' && one.state !== 'joined';
    return h(`article.situation${one.acknowledged ? '.seen' : ''}`, { 'data-state': one.state, id: one.id },
      h('div.title-line', null, h('span.condition', { 'data-state': CONDITIONS[one.state] ?? 'paused' }, t(`watch.state.${one.state}`)), h('a.id', { href: `/watch/${one.id}` }, one.id), h('span.dim', null, t('watch.since', { day: date(one.since) }), ' · ', word('every', one.every), ' · ', t('watch.judged_to', { day: date(one.judged_to) }))),
      h('h2.says', { dir: 'auto', title: one.says }, t('watch.says', { series: seriesName(chief.series), seen: number(chief.count), what: t(`count.${one.count_of}`), every: t(`period.${one.every}`), day: date(chief.date), expected: decimal(chief.expected) })),
      h('dl.numbers', null, pair('period', `${date(chief.date)}${chief.so_far ? ` ${t('watch.so_far')}` : ''}`), pair('seen', number(chief.count)), chief.nowcast && pair('in_end', t('range', { best: decimal(chief.nowcast.count), low: number(chief.nowcast.low), high: number(chief.nowcast.high) })), pair('expected', decimal(chief.expected)), pair('upper', decimal(chief.upper)), pair('unusual', chance(chief.p_value)),
        pair('reports', number(one.independent_reports)), pair('since_then', t('watch.of_expected', { seen: number(one.seen_since), expected: decimal(one.expected_since) }))),
      h('p.why', null, t('watch.reason', { why: one.reason })),
      h('p.why', null, [revisions.decisive?.length > 0 ? t('watch.decisive', { n: revisions.decisive.length }) : revisions.rejections ? t('watch.rejections', { n: revisions.rejections }) : null,
        revisions.corroborated !== undefined && t('watch.corroborated', { n: revisions.corroborated, verdict: t(revisions.holds_corroborated ? 'watch.still' : 'watch.no_more') }),
        revisions.accepted !== undefined && t('watch.accepted', { n: revisions.accepted, verdict: t(revisions.holds_accepted ? 'watch.still' : 'watch.no_more') })].filter(Boolean).join(' ')),
      one.joined_to && h('p.why', null, t('watch.joined'), ' ', h('a.id', { href: `/watch/${one.joined_to}` }, one.joined_to)),
      one.acknowledged && h('p.why', null, t('watch.acknowledged', { name: one.acknowledged.by.name, when: moment(one.acknowledged.at) }), one.acknowledged.why && [' ', h('q', { dir: 'auto' }, one.acknowledged.why)]),
      one.snoozed && h('p.why', null, t('watch.snoozed', { day: date(one.snoozed.until), name: one.snoozed.by?.name ?? '' }), one.snoozed.why && [' ', h('q', { dir: 'auto' }, one.snoozed.why)]),
      h('footer', null, one.incidents?.length > 0 && h('details', { open: Boolean(wanted) }, h('summary', null, t('watch.incidents', { n: one.incidents.length })), refs(one.incidents, revisions.decisive)),
        one.alarms?.length > 1 && h('details', { open: Boolean(wanted) }, h('summary', null, t('watch.alarms', { n: one.alarms.length })), alarmTable(one.alarms)), h('span.gap'),
        may('decide') && open && [!one.acknowledged && button(t('watch.acknowledge'), () => say(one, 'acknowledge'), { icon: 'check' }), button(t('watch.snooze'), () => say(one, 'snooze'), { icon: 'pause' })], !wanted && h('a.button.quiet', { href: `/watch/${one.id}`, 'aria-label': t('watch.open_one', { id: one.id }) }, t('watch.open'))));
  }

  const pair = (/** @type {string} */ name, /** @type {string} */ value) => h('div', null, h('dt', null, t(`watch.${name}`)), h('dd', null, value));

  /** @param {any[]} alarms */
  const alarmTable = (alarms) => h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': t('watch.alarms', { n: alarms.length }) }, h('table', null, h('thead', null, h('tr', null, ['series', 'period', 'seen', 'expected', 'upper', 'ratio', 'unusual'].map((name, at) => h(at > 1 ? 'th.num' : 'th', { scope: 'col' }, t(`watch.${name}`))))),
    h('tbody', null, alarms.slice().reverse().map((one) => h('tr', null, h('th', { scope: 'row' }, told(seriesName(one.series)), h('small', null, one.why)), h('td', null, date(one.date), one.so_far && ` ${t('watch.so_far')}`), ...figures(one))))));

  /** @param {any} one @param {HTMLElement} drawn */
  async function chart(one, drawn) {
    const answer = await get('/watch/series', { situation: one.id }, { signal });
    const alarms = new Set((one.alarms ?? []).filter((/** @type {any} */ alarm) => alarm.series === one.chief.series && alarm.by === one.chief.by).map((/** @type {any} */ alarm) => alarm.date));
    put(drawn, series(title(answer), answer.items.map((/** @type {any} */ point) => ({ ...point, alarm: point.alarm || alarms.has(point.date) })), signal));
  }

  /** Asks why, and says it of a situation. @param {any} one @param {'acknowledge'|'snooze'} what */
  async function say(one, what) {
    const asked = await reason(t(`watch.${what}`), what === 'snooze');
    if (!asked) return;
    try { await send(`/watch/situations/${encodeURIComponent(one.id)}/${what}`, asked); note(t('watch.did')); await load(); } catch (error) { trouble(error); }
  }

  void load();
  if (wanted) return (now) => { query = now; void load(); };

  const surges = surgesPart(push, signal);
  const forecasts = forecastsPart(signal);
  root.append(surges.element, forecasts);
  void offers('/watch/surges').then((there) => { if (there) surges.show(query); });
  return (now) => {
    const before = query;
    query = now;
    if (before.get('closed') !== now.get('closed')) void load();
    surges.show(now);
  };
}

/** How a situation came to be what it is, the last step first. @param {any[]} steps the first step first */
const story = (steps) => h('section', { 'aria-labelledby': 'history-title' }, h('h2', { id: 'history-title' }, t('history.title')), h('ol.history', { reversed: true }, steps.slice().reverse().map((step) => {
  const { name, values, program } = asStep(step);
  return h('li', { 'data-what': name }, h('p', null, h('b', null, t(`step.${name}`, values)), h('span.dim', null, ' · ', moment(step.at), ' · ', told(program === null ? step.by : t('log.program', { name: program })))),
    step.why && h('p', null, program === null ? h('q', { dir: 'auto' }, step.why) : told(step.why)), step.says && h('p.says', { dir: 'auto' }, said(step.says)));
})));

/** What the program said of it, its series as people say it: "MLI; Gao (admin1): 8 incidents …" is "Gao, Mali: 8 incidents …". @param {string} says */
const said = (says) => says.replace(/^(.+?) \([\w, -]+\): /, (_, name) => `${seriesName(name)}: `);

/** A step in words of ours: what it was, until which day, and which program's it is. @param {any} step */
function asStep({ what, by }) {
  const [, snoozed] = /^snoozed until (\d{4}-\d{2}-\d{2})$/.exec(what) ?? [];
  const [, program = null] = /^(.+) \(program\)$/.exec(by) ?? [];
  return { name: snoozed ? 'snoozed' : what, values: { day: date(snoozed) }, program };
}

const CONDITIONS = /** @type {Record<string, string>} */ ({ opened: 'failing', grew: 'failing', changed: 'quiet', eased: 'fine' });

/**
 * The last whole period of every series against what was expected of it, and one of them drawn.
 * @param {(query: URLSearchParams) => void} push @param {AbortSignal} signal
 */
function surgesPart(push, signal) {
  let query = new URLSearchParams();
  const select = (/** @type {string} */ name, /** @type {string[]} */ values, /** @type {string} */ usual) => {
    const input = h('select', { id: `surges-${name}`, onchange: () => push(changed(query, { [name]: input.value === usual ? null : input.value, series: null })) }, values.map((value) => h('option', { value }, t(`${name}.${value}`))));
    return { input, usual, field: h('div.field', null, h('label', { for: `surges-${name}` }, t(`watch.choose_${name}`)), input) };
  };
  const controls = { by: select('by', BY, 'admin1'), every: select('every', EVERY, 'week'), count: select('count', COUNTS, 'incidents') };
  const drawn = h('div');
  const body = h('div');
  const element = h('section.surges', { 'aria-labelledby': 'surges-title', hidden: true }, h('h2', { id: 'surges-title' }, t('watch.surges')), h('p.why', null, t('watch.surges_about')), h('div.row', null, Object.values(controls).map((one) => one.field)), drawn, body);
  let shown = '';
  /** @type {any[]} */
  let items = [];

  const asked = () => Object.fromEntries(Object.entries(controls).map(([name, { usual }]) => [name, query.get(name) ?? usual]));

  async function load() {
    element.hidden = false;
    for (const [name, { input, usual }] of Object.entries(controls)) input.value = query.get(name) ?? usual;
    const wanted = JSON.stringify(asked());
    try {
      if (wanted !== shown) {
        put(body, h('p.dim', null, t('loading')));
        const answer = await get('/watch/surges', { ...asked(), limit: 500 }, { signal });
        if (JSON.stringify(asked()) !== wanted) return;
        shown = wanted;
        items = answer.items;
        put(body, items.length === 0 ? h('p.dim', null, t('watch.no_series')) : table(FEW), answer.unjudged > 0 && h('p.why', null, t('watch.unjudged', { n: answer.unjudged })));
      }
      await draw();
    } catch (error) { if (!signal.aborted) { shown = ''; put(body, failure(error, load)); } }
  }

  /** @param {number} most @returns {HTMLElement} */
  function table(most) {
    const alarms = items.filter((one) => one.alarm).length;
    const rows = items.slice(0, Math.max(most, alarms));
    const holder = h('div', null, h('p', null, t(alarms > 0 ? 'watch.alarmed' : 'watch.no_alarm', { n: alarms, all: number(items.length), day: date(items[0].date) })),
      h('div.scroll', { tabindex: '0', role: 'region', 'aria-labelledby': 'surges-title' }, h('table.wide', null, h('thead', null, h('tr', null, ['series', 'band', 'seen', 'expected', 'upper', 'ratio', 'unusual'].map((name, at) => h(at > 1 ? 'th.num' : 'th', { scope: 'col' }, t(`watch.${name}`))))),
        h('tbody', null, rows.map((one) => h('tr', { 'data-alarm': one.alarm ? '' : null }, h('th', { scope: 'row' }, button(seriesName(one.series), () => push(changed(query, { series: one.series })), { cls: 'inline', title: t('watch.draw') }), one.alarm && h('span.badge.warn', null, t('watch.alarm'))),
          h('td', null, interval({ low: 0, high: one.upper, middle: one.expected, came: one.count, most: Math.max(one.upper, one.count ?? 0), outside: one.alarm, label: t('watch.band_says', { seen: number(one.count), upper: decimal(one.upper) }) })), ...figures(one)))))));
    if (rows.length < items.length) holder.append(h('div.more', null, button(t('watch.all_series', { n: items.length }), () => holder.replaceWith(table(items.length)))));
    return holder;
  }

  async function draw() {
    const name = query.get('series');
    if (!name) { put(drawn); return; }
    const answer = await get('/watch/series', { ...asked(), series: name }, { signal });
    if (query.get('series') !== name) return;
    const of = items.find((one) => one.series === name);
    put(drawn, h('div.drawn', null, series(title(answer), answer.items, signal), of?.incidents?.length > 0 && h('p.why', null, t('watch.of_period', { n: of.incidents.length, day: date(of.date) })), of?.incidents?.length > 0 && refs(of.incidents),
      button(t('close'), () => push(changed(query, { series: null })), { icon: 'close' })));
    drawn.scrollIntoView({ block: 'nearest' });
  }

  return { element, show: (/** @type {URLSearchParams} */ now) => { query = now; void load(); } };
}

/** The cells of a period: seen, expected, up to, times, how unusual. @param {any} one */
const figures = (one) => [h('td.num', null, h('b', null, number(one.count))), h('td.num', null, decimal(one.expected)), h('td.num', null, decimal(one.upper)), h('td.num', null, one.expected > 0.005 ? decimal(one.count / one.expected) : '–'), h('td.num', null, chance(one.p_value))];

/** Incidents by their ids. @param {string[]} ids @param {string[]} [decisive] those each of which alone carries it */
const refs = (ids, decisive) => h('p.refs', null, ids.map((id) => [h(`a.id${decisive?.includes(id) ? '.decisive' : ''}`, { href: `/incidents/${id}` }, id), ' ']));

/** What is drawn, in words. @param {any} answer */
const title = (answer) => `${seriesName(answer.name)}: ${t(`count.${answer.count_of}`)}, ${word('every', answer.every)}`;

/** @param {string} title @param {boolean} until @returns {Promise<null|{why: string, until?: string}>} */
function reason(title, until) {
  return dialog(title, (close) => {
    const why = h('textarea', { id: 'watch-why', rows: 2, required: true });
    const day = h('input', { type: 'date', id: 'watch-until', required: true, value: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10) });
    return h('form', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); close(until ? { why: why.value.trim(), until: day.value } : { why: why.value.trim() }); } },
      until && h('div.field', null, h('label', { for: 'watch-until' }, t('watch.snooze_until')), day), h('div.field', null, h('label', { for: 'watch-why' }, t('decide.reason')), why), h('footer', null, button(t('cancel'), () => close()), h('button.primary', { type: 'submit' }, title)));
  }).then((answer) => answer ?? null);
}

/** How unlikely, in words that a reader knows. @param {number} p */
const chance = (p) => (p >= 0.5 || !p ? '–' : t('watch.one_in', { n: Number((1 / p).toPrecision(2)) }));
