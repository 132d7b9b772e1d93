// A situation report of a period and an area: figures, map, table, what stands out and who says so, and how it was made. It is meant to be printed.
import { all, get, meta } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { chosen } from '../lib/filters.js';
import { days, dead, parties, place, percent } from '../lib/format.js';
import { incidentMap, missing } from '../lib/map.js';
import { failure } from '../lib/shell.js';
import { allCountries, country, date, moment, number, t, word } from '../lib/strings.js';
import { grain, timeline } from '../lib/timeline.js';
import { said } from './overview.js';

/** Incidents that a report is written over at most; more is said. */
const MOST = 5000;
const NOTABLE = 12;

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, signal, push }) {
  let query = first;
  root.classList.add('sitrep');
  const head = h('header.no-print.sitrep-form');
  const sheet = h('article.sheet');
  put(root, head, sheet);

  /** Pressed once the map is drawn: paper waits for nothing. @type {HTMLButtonElement|null} */
  let print = null;
  const printable = () => { if (print) print.disabled = false; };

  function form() {
    const from = h('input', { type: 'date', id: 'sit-from', value: query.get('from') ?? '' });
    const to = h('input', { type: 'date', id: 'sit-to', value: query.get('to') ?? '' });
    const land = h('select', { id: 'sit-country' }, h('option', { value: '' }, t('sitrep.everywhere')), allCountries().sort((a, b) => a[1].localeCompare(b[1])).map(([iso3, name]) => h('option', { value: iso3, selected: query.get('country') === iso3 }, name)));
    const admin1 = h('input', { type: 'text', id: 'sit-admin1', value: query.get('admin1') ?? '', autocomplete: 'off' });
    print = button(t('sitrep.print'), () => window.print(), { icon: 'print', cls: 'primary', disabled: true });
    const reviewed = h('input', { type: 'checkbox', checked: query.get('status') === 'accepted' });
    put(head, h('form.row', { onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const next = new URLSearchParams(query);
      for (const [name, value] of [['from', from.value], ['to', to.value], ['country', land.value], ['admin1', admin1.value.trim()], ['status', reviewed.checked ? 'accepted' : '']]) { if (value) next.set(name, value); else next.delete(name); }
      push(next);
    } },
      h('div.field', null, h('label', { for: 'sit-from' }, t('filters.from')), from), h('div.field', null, h('label', { for: 'sit-to' }, t('filters.to')), to), h('div.field', null, h('label', { for: 'sit-country' }, t('facet.country')), land), h('div.field', null, h('label', { for: 'sit-admin1' }, t('filters.admin1')), admin1),
      h('label.check', null, reviewed, h('span', null, t('sitrep.accepted_only'))), h('button', { type: 'submit' }, t('sitrep.make')), print));
  }

  async function load() {
    form();
    put(sheet, h('p.dim', null, t('loading')));
    const filter = chosen(query);
    // What people have ruled out is no part of a report.
    if (!filter.get('status')) filter.set('status', 'unreviewed,accepted');
    try {
      const deadliest = new URLSearchParams(filter);
      deadliest.set('order', 'deadliest');
      const [items, line, facets, points] = await Promise.all([
        all('/incidents', deadliest, MOST), get('/timeline', new URLSearchParams([...filter, ['every', grain(filter.get('from'), filter.get('to'))]]), { signal }), get('/facets', filter, { signal }), get('/map', new URLSearchParams([...filter, ['limit', '5000']]), { signal }),
      ]);
      if (!signal.aborted) draw(items, line, facets, points, filter);
    } catch (error) { if (!signal.aborted) put(sheet, failure(error, load)); }
  }

  /** @param {any[]} items @param {any} line @param {any} facets @param {any} points @param {URLSearchParams} filter */
  function draw(items, line, facets, points, filter) {
    const total = (facets.type.items ?? facets.type).reduce((/** @type {number} */ sum, /** @type {any} */ row) => sum + row.count, 0) || items.length;
    const sum = (/** @type {string} */ part) => items.reduce((n, one) => n + (one.deaths?.[part] ?? one.deaths?.best ?? 0), 0);
    const harm = (/** @type {string} */ name) => items.reduce((n, one) => n + (one.figures?.[name]?.best ?? 0), 0);
    const area = [filter.get('admin1'), filter.get('country')?.split(',').map((one) => country(one)).join(', ')].filter(Boolean).join(', ') || t('sitrep.everywhere');
    const [lo, hi] = span(items);
    const [from, to] = [filter.get('from') ?? lo, filter.get('to') ?? hi];
    const accepted = items.filter((one) => one.status === 'accepted').length;
    /** @type {Map<string, {n: number, best: number, low: number, high: number}>} */
    const byPlace = new Map();
    /** @type {Map<string, {n: number, best: number}>} */
    const byType = new Map();
    for (const one of items) {
      const where = [one.place?.admin1 ?? (one.place ? t('sitrep.no_division') : t('place.unknown')), filter.get('country')?.length === 3 ? null : country(one.place?.country)].filter(Boolean).join(', ');
      const a = byPlace.get(where) ?? { n: 0, best: 0, low: 0, high: 0 };
      byPlace.set(where, { n: a.n + 1, best: a.best + (one.deaths?.best ?? 0), low: a.low + (one.deaths?.low ?? one.deaths?.best ?? 0), high: a.high + (one.deaths?.high ?? one.deaths?.best ?? 0) });
      const b = byType.get(one.sub_event_type ?? '') ?? { n: 0, best: 0 };
      byType.set(one.sub_event_type ?? '', { n: b.n + 1, best: b.best + (one.deaths?.best ?? 0) });
    }
    const others = [...chosen(query)].filter(([name]) => !['from', 'to', 'country', 'admin1'].includes(name));
    const map = h('div.sitrep-map');
    const bars = timeline({ onchoose: () => {}, onwindow: () => {} });
    put(sheet,
      h('header', null, h('p.kicker', null, t('sitrep.kicker')), h('h1', { tabindex: '-1' }, area), h('p.lead', null, from && to ? t('sitrep.period', { from: date(from), to: date(to) }) : t('sitrep.all_time')), others.length > 0 && h('p.dim', null, others.map(([name, value]) => said(name, value)).join(' · ')), h('p.dim', null, t('sitrep.made', { when: moment(new Date().toISOString()), project: meta?.project?.name ?? '' }))),
      h('section.figures-row', { 'aria-label': t('sitrep.figures') }, figure(total, 'incidents'), figure(sum('best'), 'dead', sum('low') === sum('high') ? null : t('sitrep.between', { low: number(sum('low')), high: number(sum('high')) })), figure(harm('injured'), 'injured'), figure(harm('abducted'), 'abducted'), figure(accepted, 'accepted', t('sitrep.of', { share: percent(items.length ? accepted / items.length : 0) }))),
      items.length < total && h('p.badge.warn', null, t('sitrep.cut', { n: items.length, all: number(total) })),
      h('section', null, h('h2', null, t('sitrep.where_when')), map, bars.element),
      items.length > 0 && h('div.two', null,
        h('section', null, h('h2', null, t('sitrep.by_place')), table(['place', 'incidents', 'dead', 'range'], [...byPlace].sort((a, b) => b[1].n - a[1].n).slice(0, 15).map(([name, one]) => [name, number(one.n), number(one.best), one.low === one.high ? '' : `${number(one.low)}–${number(one.high)}`]), byPlace.size > 15 ? t('sitrep.more_rows', { n: byPlace.size - 15 }) : null)),
        h('section', null, h('h2', null, t('sitrep.by_type')), table(['type', 'incidents', 'dead'], [...byType].sort((a, b) => b[1].n - a[1].n).map(([name, one]) => [word('sub_event_type', name) || t('type.unknown'), number(one.n), number(one.best)])))),
      items.length > 0 && h('section', null, h('h2', null, t('sitrep.notable')), h('p.dim', null, t('sitrep.notable_how', { n: Math.min(NOTABLE, items.length) })), h('ol.notable', null, items.slice(0, NOTABLE).map((one) => h('li', null,
        h('p', null, h('b', null, days(one)), ' · ', told(place(one.place)), ' · ', word('sub_event_type', one.sub_event_type), dead(one) && [' · ', h('b', null, t('sitrep.killed', { figure: dead(one) }))], one.status === 'unreviewed' && h('span.badge', null, t('status.unreviewed'))),
        h('p', { dir: 'auto' }, told(parties(one.actors)), one.recipients?.length > 0 && [' → ', told(parties(one.recipients))]),
        h('p.sources', null, t('sitrep.told_by', { n: one.independent_reports }), ' ', (one.sources ?? []).map((/** @type {any} */ source) => source.publisher ?? t('reports.no_outlet')).join(', '), ' · ', h('a.id', { href: `/incidents/${one.id}` }, one.id)))))),
      items.length === 0 && h('p.empty', null, t('empty.filtered')),
      h('section.method', null, h('h2', null, t('sitrep.method')), h('p', null, t('sitrep.method_1', { n: items.reduce((n, one) => n + one.reports, 0), voices: number(items.reduce((n, one) => n + one.independent_reports, 0)) })), h('p', null, t('sitrep.method_2')), h('p', null, t('sitrep.method_3', { share: percent(items.length ? items.filter((one) => (one.place?.where_precision ?? 9) <= 2).length / items.length : 0) })), h('p', null, t('sitrep.method_4', { version: meta?.version ?? '' }), ' ', h('span.id', null, `${location.origin}/sitrep?${chosen(query)}`))));
    bars.show(line, null, null);
    incidentMap(map, { signal, still: true }).then(async (made) => { await made.show(points); made.map.once('idle', printable); made.map.triggerRepaint(); }).catch((error) => { if (!signal.aborted) { put(map, missing(error)); printable(); } });
  }

  /** @param {number} value @param {string} name @param {string|null} [under] */
  const figure = (value, name, under) => h('div.figure', null, h('b', null, number(value)), h('span', null, t(`sitrep.figure_${name}`, { n: value })), under && h('small', null, under));

  /** @param {string[]} heads @param {string[][]} rows @param {string|null} [foot] */
  const table = (heads, rows, foot) => h('table', null, h('thead', null, h('tr', null, heads.map((name, at) => h(at > 0 ? 'th.num' : 'th', { scope: 'col' }, t(`sitrep.${name}`))))), h('tbody', null, rows.map((cells) => h('tr', null, cells.map((cell, at) => (at === 0 ? h('th', { scope: 'row' }, told(cell)) : h('td.num', null, cell)))))), foot && h('tfoot', null, h('tr', null, h('td', { colspan: String(heads.length) }, foot))));

  void load();
  return (now) => { const before = chosen(query).toString(); query = now; if (chosen(now).toString() !== before) void load(); };
}

/** The first and last day. @param {any[]} items @returns {[string|null, string|null]} */
function span(items) {
  const all2 = items.map((one) => one.event_date).filter(Boolean).sort();
  return [all2[0] ?? null, all2[all2.length - 1] ?? null];
}
