// Forecasts as they were issued, beside what came, and what each model's were worth so far.
import { get, offers } from './api.js';
import { append, button, h, put, told } from './dom.js';
import { seriesName } from './format.js';
import { fan } from './interval.js';
import { failure } from './shell.js';
import { date, moment, number, t, word } from './strings.js';

/** Series of a forecast that are shown at first. */
const FEW = 10;
/** Forecasts that are asked for at a time: each has all its series and periods. */
const PAGE = 5;

/** The part of the watch. @param {AbortSignal} signal @returns {HTMLElement} */
export function forecastsPart(signal) {
  const body = h('div', null, h('p.dim', null, t('loading')));
  const part = h('section.forecasts', { 'aria-labelledby': 'forecasts-title', hidden: true }, h('h2', { id: 'forecasts-title' }, t('forecasts.title')), h('p.why', null, t('forecasts.about')), body);
  const list = h('div');
  const more = h('div.more');
  /** @type {string|null} */
  let next = null;
  async function load() {
    if (!await offers('/forecasts')) return;
    part.hidden = false;
    try {
      const page = await get('/forecasts', { limit: PAGE }, { signal });
      put(list);
      put(body, page.items.length === 0 ? [h('p', null, t('forecasts.none')), h('pre', { tabindex: '0' }, h('code', null, 'watchpost forecast --by country --every month --horizon 6 --issue'))] : [worths(page.models), list, more]);
      show(page);
    } catch (error) { if (!signal.aborted) put(body, failure(error, load)); }
  }
  async function loadMore() {
    put(more, h('p.dim', null, t('loading')));
    try { show(await get('/forecasts', { limit: PAGE, cursor: next }, { signal })); } catch (error) { if (!signal.aborted) put(more, failure(error, loadMore)); }
  }
  /** @param {any} page */
  function show(page) {
    const before = list.childElementCount;
    append(list, page.items.map((/** @type {any} */ one, /** @type {number} */ at) => forecast(one, before + at === 0)));
    next = page.next;
    put(more, next && button(t('forecasts.more'), loadMore));
    // The button that was pressed is gone: on with what it brought.
    if (before > 0) list.children[before]?.querySelector('summary')?.focus();
  }
  void load();
  return part;
}

/** What forecasts of each model were worth, beside the baseline over the same series and periods. @param {any[]} models */
const worths = (models) => h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': t('forecasts.record') }, h('table.wide', null, h('caption', null, t('forecasts.record')),
  h('thead', null, h('tr', null, ['model', 'of', 'issued', 'waiting', 'scored', 'crps', 'baseline', 'first', 'coverage'].map((name, at) => h(at > 1 ? 'th.num' : 'th', { scope: 'col', title: t(`forecasts.${name}_how`) }, t(`forecasts.${name}`))))),
  h('tbody', null, models.map((one) => h('tr', null, h('th', { scope: 'row' }, told(one.model)), h('td', null, unit(one.of)), h('td.num', null, number(one.issued)), h('td.num', null, number(one.waiting)), h('td.num', null, number(one.now?.forecasts ?? 0)),
    h('td.num', null, one.now && one.baseline && one.now.crps < one.baseline.crps ? h('b', null, score(one.now)) : score(one.now)), h('td.num', null, score(one.baseline)), h('td.num', null, score(one.first)), h('td.num', null, one.now ? t('forecasts.share', { share: number(Math.round(one.now.coverage * 100)) }) : '–'))))));

/** What was counted by which period, "deaths by the month", in words of ours. @param {string} of */
function unit(of) {
  const [, what, every] = /^(incidents|deaths|reports) by the (day|week|month)$/.exec(of) ?? [];
  return what ? t('forecasts.unit', { what: t(`count.${what}`), every: t(`period.${every}`) }) : of;
}

/** What forecasts of its model and unit were worth. @param {any} record */
const worth = (record) => record?.now && h('p.why', null, t('forecasts.worth', { n: record.now.forecasts, score: score(record.now), baseline: score(record.baseline), share: number(Math.round(record.now.coverage * 100)) }));

/** @param {any} summary */
const score = (summary) => (summary ? number(Number(summary.crps.toPrecision(3))) : '–');

/** @param {any} one @param {boolean} open */
function forecast(one, open) {
  /** @type {Map<string, any[]>} */
  const bySeries = new Map();
  for (const period of one.periods) bySeries.set(period.series, [...bySeries.get(period.series) ?? [], period]);
  const rows = [...bySeries].sort((a, b) => b[1][0].median - a[1][0].median || b[1][0].high - a[1][0].high || a[0].localeCompare(b[0]));
  const came = one.periods.filter((/** @type {any} */ period) => known(period.came));
  const inside = came.filter(within);
  const box = h('div');
  const fill = (/** @type {number} */ most) => put(box, h('p.why', null, t('forecasts.made', { draws: number(one.draws), when: moment(one.issued), from: date(one.of.since), to: date(one.of.until), cursor: String(one.cursor) })), worth(one.record),
    h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': one.id }, h('table.wide.foreseen', null, h('thead', null, h('tr', null, h('th', { scope: 'col' }, t('watch.series')), h('th', { scope: 'col' }, t('forecasts.drawn')), (rows[0]?.[1] ?? []).map((/** @type {any} */ period) => h('th.num', { scope: 'col' }, when(period.date, one.of.every))))),
      h('tbody', null, rows.slice(0, most).map(([name, periods]) => h('tr', null, h('th', { scope: 'row' }, told(seriesName(name))), h('td', null, fan(periods.map((period) => ({ ...period, came: known(period.came) ? period.came : null })), t('forecasts.fan', { name: seriesName(name), n: periods.length }))),
        periods.map((period) => h('td.num', null, h('b', null, number(period.median)), h('small', null, t('forecasts.between', { low: number(period.low), high: number(period.high) })), known(period.came) && h(`small.came${within(period) ? '' : '.out'}`, null, t(within(period) ? 'forecasts.came' : 'forecasts.came_out', { n: period.came }))))))))),
    most < rows.length && h('div.more', null, button(t('watch.all_series', { n: rows.length }), () => fill(rows.length))));
  fill(FEW);
  return h('details.forecast', { open, id: one.id }, h('summary', null, h('b', null, t('forecasts.name', { what: t(`count.${one.of.count}`), by: one.of.by.map((/** @type {string} */ by) => word('by', by)).join(', '), every: word('every', one.of.every) })), ' ',
    h('span.dim', null, [told(one.model), ' · ', date(one.issued), ' · ', t('forecasts.ahead', { n: one.horizon })]), ' ', h('span.badge', null, came.length > 0 ? t('forecasts.inside', { n: inside.length, all: number(came.length) }) : t('forecasts.not_due')), ' ', h('span.id', null, one.id)), box);
}

/** @param {any} value */
const known = (value) => value !== null && value !== undefined;
/** @param {any} period */
const within = (period) => period.came >= period.low && period.came <= period.high;
/** @param {string} day @param {string} every */
const when = (day, every) => date(day, every === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' });
