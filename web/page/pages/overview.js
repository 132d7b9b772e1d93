// The overview: where and when, what is counted, and the incidents, always of one and the same filter, which is the address.
import { get, offers } from '../lib/api.js';
import { button, h, icon, put, told } from '../lib/dom.js';
import { asObject, changed, chosen, command, toggled, values } from '../lib/filters.js';
import { followDialog } from '../lib/follow.js';
import { days, daysPrecision, dead, parties, placePrecision, placeShort, statusToken, statusWord } from '../lib/format.js';
import { listen } from '../lib/keys.js';
import { incidentMap, missing } from '../lib/map.js';
import { copy, dialog, failure, note, say, trouble } from '../lib/shell.js';
import { country, date, number, t, word } from '../lib/strings.js';
import { grain, timeline } from '../lib/timeline.js';

const PAGE = 60;

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, signal, go, push, replace }) {
  let query = first;
  root.classList.add('overview');
  const facets = h('div.facets');
  const chips = h('div.chips');
  const from = h('input', { type: 'date', name: 'from', id: 'filter-from', onchange: () => push(changed(query, { from: from.value })) });
  const to = h('input', { type: 'date', name: 'to', id: 'filter-to', onchange: () => push(changed(query, { to: to.value })) });
  const dead0 = h('input', { type: 'number', min: '0', step: '1', inputmode: 'numeric', id: 'filter-deaths', onchange: () => push(changed(query, { deaths_min: dead0.value })) });
  const admin1 = h('input', { type: 'text', id: 'filter-admin1', autocomplete: 'off', onchange: () => push(changed(query, { admin1: admin1.value.trim() })) });
  const filters = h('aside.filters', { 'aria-label': t('filters.title') },
    h('details.filter-sheet', { open: matchMedia('(min-width: 900px)').matches }, h('summary', null, icon('filter'), t('filters.title')),
      h('div.filter-body', null,
        h('div.field-pair', null,
          h('div.field', null, h('label', { for: 'filter-from' }, t('filters.from')), from),
          h('div.field', null, h('label', { for: 'filter-to' }, t('filters.to')), to)),
        h('div.field-pair', null,
          h('div.field', null, h('label', { for: 'filter-deaths' }, t('filters.deaths_min')), dead0),
          h('div.field', null, h('label', { for: 'filter-admin1' }, t('filters.admin1')), admin1)),
        facets)));

  const line = timeline({
    onchoose: (a, b) => push(changed(query, { from: a, to: b })),
    onwindow: (a, b) => map?.window(a, b),
  });
  const sheet = h('div.map', { 'aria-label': t('map.title'), role: 'region' });
  const placed = h('span.placed');
  const drawTool = button(t('map.draw'), () => { note(t('map.draw_how')); map?.draw(); }, { icon: 'draw' });
  const viewTool = button(t('map.view'), () => { if (map) push(changed(query, { bbox: map.view().bbox.join(','), polygon: null })); }, { icon: 'filter' });
  const tools = h('div.map-tools', null, drawTool, viewTool, placed);
  const stage = h('section.stage', { 'aria-label': t('overview.stage') }, h('div.map-holder', null, sheet, tools), line.element);

  const count = h('h1', { tabindex: '-1' });
  const order = h('select.small', { 'aria-label': t('order.label'), onchange: () => replace(changed(query, { order: order.value === 'newest' ? null : order.value })) },
    ['newest', 'deadliest', 'touched'].map((name) => h('option', { value: name }, t(`order.${name}`))));
  const following = button(t('feed.button'), () => follow(), { icon: 'feed', bare: true });
  following.hidden = true;
  void offers('/feeds/incidents.atom').then((there) => { following.hidden = !there; });
  const list = h('ol.incidents', { 'aria-label': t('list.label') });
  const more = h('div.more');
  const results = h('section.results', { 'aria-label': t('overview.results') },
    h('header.results-head', null, count, order, following, button(t('export.button'), () => exportDialog(), { icon: 'download' })), chips, list, more);
  put(root, filters, stage, results);

  /** @type {Awaited<ReturnType<typeof incidentMap>>|null} */
  let map = null;
  let total = 0;
  /** @type {any} */
  let pending = null;
  const ready = incidentMap(sheet, {
    signal,
    ondraw: (ring) => push(changed(query, { polygon: ring.map((point) => point.join(',')).join(';'), bbox: null })),
    onmove: (view) => { if (crowded) void regroup(view); },
  }).then((made) => { map = made; if (pending) draw(pending); }).catch((error) => {
    if (signal.aborted) return;
    put(sheet, missing(error));
    root.classList.add('mapless');
    tools.hidden = true;
  });

  let crowded = false;
  let turn = new AbortController();
  let next = null;
  /** @type {string[]} */
  let ids = [];

  async function refresh() {
    turn.abort();
    turn = new AbortController();
    const how = { signal: AbortSignal.any([turn.signal, signal]) };
    const filter = chosen(query);
    sync();
    root.setAttribute('aria-busy', 'true');
    const listed = new URLSearchParams(filter);
    listed.set('limit', String(PAGE));
    if (query.get('order')) listed.set('order', query.get('order') ?? '');
    const parts = [
      get('/incidents', listed, how).then((page) => fill(page)).catch((error) => { put(count, t('overview.title')); put(list); put(more, failure(error, refresh)); }),
      get('/facets', filter, how).then((answer) => drawFacets(answer)).catch((error) => { if (error.name !== 'AbortError') put(facets, failure(error)); }),
      lineOf(filter, how).catch(() => {}),
      get('/map', mapQuery(filter), how).then((answer) => { pending = answer; crowded = answer.clustered === true; if (map) draw(answer); }).catch(() => {}),
    ];
    await Promise.all(parts);
    if (!how.signal.aborted) root.removeAttribute('aria-busy');
  }

  /** @param {URLSearchParams} filter */
  const mapQuery = (filter) => { const asked = new URLSearchParams(filter); asked.set('limit', '5000'); return asked; };

  /** @param {URLSearchParams} filter @param {any} how */
  async function lineOf(filter, how) {
    const asked = new URLSearchParams(filter);
    let every = grain(filter.get('from'), filter.get('to'));
    asked.set('every', every);
    let answer = await get('/timeline', asked, how);
    const items = answer.items ?? [];
    if (items.length > 0) {
      const finer = grain(items[0].date, items[items.length - 1].date);
      if (finer !== every) { every = finer; asked.set('every', every); answer = await get('/timeline', asked, how); }
    }
    line.show(answer, filter.get('from'), filter.get('to'));
  }

  /** @type {string} */
  let drawn = '';
  /** @param {any} answer */
  function draw(answer) {
    // The map keeps its place while the area is chosen on it.
    const area = query.get('bbox') ?? query.get('polygon') ?? '';
    const fit = drawn === '' || area === '' || !drawn.includes(area);
    drawn = `${area} `;
    void map?.show(answer, { fit: fit && area === '' || fit && drawn === '' });
    const ring = query.get('polygon')?.split(';').map((point) => /** @type {[number, number]} */ (point.split(',').map(Number)));
    const edge = query.get('bbox')?.split(',').map(Number);
    map?.outline(ring ?? (edge ? [[edge[0], edge[1]], [edge[2], edge[1]], [edge[2], edge[3]], [edge[0], edge[3]]] : []));
    const without = (answer.total?.count ?? answer.total ?? 0) - (answer.placed ?? 0);
    put(placed, without > 0 ? t('map.unplaced', { n: without }) : '');
  }

  /** Groups anew what is too much to draw one by one. @param {{bbox: number[], zoom: number}} view */
  async function regroup(view) {
    const asked = mapQuery(chosen(query));
    if (!asked.get('bbox') && view.zoom > 2) asked.set('bbox', view.bbox.join(','));
    asked.set('zoom', String(Math.max(0, Math.min(14, view.zoom))));
    try {
      const answer = await get('/map', asked, { signal: AbortSignal.any([turn.signal, signal]) });
      void map?.show(answer, { fit: false });
    } catch (error) { trouble(error); }
  }

  /** What is set, in the fields and as chips. */
  function sync() {
    from.value = query.get('from') ?? '';
    to.value = query.get('to') ?? '';
    dead0.value = query.get('deaths_min') ?? '';
    admin1.value = query.get('admin1') ?? '';
    order.value = query.get('order') ?? 'newest';
    const set = [...chosen(query)].flatMap(([name]) => values(query, name).map((value) => ({ name, value })));
    chips.hidden = set.length === 0;
    put(chips, set.map(({ name, value }) => h('button.chip', { type: 'button', title: t('filters.remove'), 'aria-label': t('filters.remove_one', { what: said(name, value) }), onclick: () => push(toggled(query, name, value)) },
      h('span', null, said(name, value)), icon('close'))),
      set.length > 1 && button(t('filters.clear'), () => go('/'), { cls: 'inline' }));
  }

  /** @param {any} page */
  function fill(page, add = false) {
    total = page.total?.count ?? page.total;
    const open = page.total?.more === true;
    put(count, t(open ? 'overview.more_than' : 'overview.count', { n: total }));
    if (!add) { ids = []; list.replaceChildren(); say(t('overview.count', { n: total })); }
    ids.push(...page.items.map((/** @type {any} */ incident) => incident.id));
    list.append(...page.items.map(row));
    next = page.next;
    put(more, ids.length === 0 ? nothing() : h('p.dim', null, t('overview.shown', { n: ids.length, all: number(total) })), next && button(t('list.more'), load, { cls: 'quiet' }));
    list.querySelector('a')?.setAttribute('tabindex', '0');
  }

  function nothing() {
    const filtered = chosen(query).size > 0;
    return h('div.empty', null, h('h2', null, t(filtered ? 'empty.filtered' : 'empty.project')),
      filtered ? h('p', null, button(t('filters.clear'), () => go('/'))) : [h('p', null, t('empty.how')), h('pre', { tabindex: '0' }, h('code', null, 'watchpost ingest ~/reports/\nwatchpost sources add https://example.org/feed.xml && watchpost run'))]);
  }

  async function load() {
    if (!next) return;
    const asked = chosen(query);
    asked.set('limit', String(PAGE));
    asked.set('cursor', next);
    if (query.get('order')) asked.set('order', query.get('order') ?? '');
    next = null;
    try { fill(await get('/incidents', asked, { signal: turn.signal }), true); } catch (error) { trouble(error); }
  }
  const nearEnd = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) void load(); }, { rootMargin: '600px' });
  nearEnd.observe(more);
  signal.addEventListener('abort', () => { nearEnd.disconnect(); line.stop(); turn.abort(); });

  /** One facet's rows, with its counts. @param {any} answer */
  function drawFacets(answer) {
    const open = new Set([...facets.querySelectorAll('details[open]')].map((part) => part.dataset.facet));
    const fresh = facets.childElementCount === 0;
    put(facets, ['type', 'country', 'status', 'actor', 'source'].filter((name) => answer[name]).map((name) => {
      const rows = answer[name].items ?? answer[name];
      const picked = values(query, name);
      const most = Math.max(1, ...rows.map((/** @type {any} */ row) => row.count));
      const entry = (/** @type {any} */ row) => {
        const value = name === 'status' ? statusToken(row.value) : String(row.value ?? '');
        const on = picked.includes(value) || picked.includes(row.value);
        const bar = h('i.bar-share', { 'aria-hidden': 'true' });
        bar.style.inlineSize = `${row.count / most * 100}%`;
        return h('li', null, h('label', null, h('input', { type: 'checkbox', checked: on, onchange: () => push(toggled(query, name, on && picked.includes(row.value) ? row.value : value)) }),
          name === 'type' && h('i.swatch', { 'data-type': row.value }), told(said(name, value, row.label), 'facet-name'), h('span.facet-count', null, number(row.count)), bar));
      };
      const shown = rows.filter((/** @type {any} */ row, /** @type {number} */ at) => at < 7 || picked.includes(row.value));
      const ul = h('ul', null, shown.map(entry));
      const rest = rows.length - shown.length;
      const section = h('details.facet', { 'data-facet': name, open: fresh || open.has(name) }, h('summary', null, h('h2', null, t(`facet.${name}`)), picked.length > 0 && h('span.badge', null, number(picked.length))), ul,
        rest > 0 && button(t('facet.more', { n: rest }), (event) => { put(ul, rows.map(entry)); /** @type {HTMLElement} */ (event.currentTarget).remove(); }, { cls: 'inline' }),
        answer[name].more && h('p.dim', null, t('facet.cut', { n: rows.length })));
      if (rows.length === 0) section.hidden = true;
      if (name === 'type' && answer.sub_type) {
        const subs = (answer.sub_type.items ?? answer.sub_type);
        const subPicked = values(query, 'sub_type');
        if (picked.length > 0 || subPicked.length > 0) {
          section.append(h('ul.sub', null, subs.slice(0, 12).map((/** @type {any} */ row) => h('li', null, h('label', null,
            h('input', { type: 'checkbox', checked: subPicked.includes(row.value), onchange: () => push(toggled(query, 'sub_type', row.value)) }),
            told(word('sub_event_type', row.value), 'facet-name'), h('span.facet-count', null, number(row.count)))))));
        }
      }
      return section;
    }));
  }

  async function exportDialog() {
    const formats = ['xlsx', 'csv', 'acled', 'ged', 'hapi', 'plover', 'geojson', 'parquet', 'jsonl'];
    await dialog(t('export.title'), (close) => {
      const line2 = h('code');
      const pick = () => /** @type {HTMLInputElement} */ (form.querySelector('input:checked')).value;
      const link = h('a.button.primary', { download: '', onclick: () => { setTimeout(() => close(), 0); } }, icon('download'), t('export.go', { n: total }));
      const update = () => {
        const asked = chosen(query);
        asked.set('to', query.get('to') ?? '');
        const wanted = chosen(query);
        wanted.append('format', pick());
        link.href = `/api/v1/export?${wanted}`;
        const typed = command(query, pick());
        put(line2, typed ?? t('export.no_command'));
      };
      const form = h('form', { onchange: update }, h('fieldset', null, h('legend', null, t('export.format')), formats.map((name, at) =>
        h('label.choice', null, h('input', { type: 'radio', name: 'format', value: name, checked: at === 0 }), h('span', null, h('b', null, t(`export.${name}`)), h('small', null, t(`export.${name}.about`)))))));
      update();
      return [h('p', null, t('export.exactly', { n: total }), ' ', chosen(query).size > 0 ? h('span.dim', null, Object.entries(asObject(query)).map(([name, value]) => said(name, value)).join(' · ')) : null), form,
        h('div.same', null, h('span.dim', null, t('export.same')), line2, button(t('copy'), () => copy(line2.textContent ?? ''), { icon: 'copy', bare: true })),
        h('footer', null, button(t('cancel'), () => close()), link)];
    }, 'wide');
  }

  /** Addresses at which other programs follow what is seen here. */
  function follow() {
    const filter = chosen(query).toString();
    const of = (/** @type {string} */ path) => (filter ? `${path}?${filter}` : path);
    return followDialog([t('feed.about', { n: total }), ' ', filter ? h('span.dim', null, Object.entries(asObject(query)).map(([name, value]) => said(name, value)).join(' · ')) : null],
      { atom: of('/feeds/incidents.atom'), json: of('/feeds/incidents.json'), ogc: '/ogc' }, h('p.why', null, t('feed.ogc_how')));
  }

  let at = -1;
  const move = (/** @type {number} */ step) => {
    const rows = /** @type {HTMLElement[]} */ ([...list.querySelectorAll('a.incident')]);
    at = Math.max(0, Math.min(rows.length - 1, rows.indexOf(/** @type {any} */ (document.activeElement)) + step));
    rows[at]?.focus();
  };
  listen('list', { down: () => move(1), up: () => move(-1), open: () => /** @type {HTMLElement|null} */ (list.querySelector('a.incident:focus'))?.click() }, signal);
  list.addEventListener('focusin', (/** @type {FocusEvent} */ event) => map?.choose(/** @type {HTMLElement} */ (event.target).dataset?.id ?? null));
  list.addEventListener('mouseover', (/** @type {MouseEvent} */ event) => { const hit = /** @type {Element} */ (event.target).closest('a.incident'); if (hit) map?.choose(/** @type {HTMLElement} */ (hit).dataset.id ?? null); });
  list.addEventListener('mouseleave', () => map?.choose(null));

  void refresh();
  void ready;
  return (changedQuery) => {
    const before = chosen(query).toString();
    const orderBefore = query.get('order');
    query = changedQuery;
    if (chosen(query).toString() !== before || query.get('order') !== orderBefore) void refresh();
  };
}

/** One filter in words. @param {string} name @param {string} value @param {string} [label] */
export function said(name, value, label) {
  switch (name) {
    case 'from': return t('filters.said_from', { day: date(value) });
    case 'to': return t('filters.said_to', { day: date(value) });
    case 'country': return value.split(',').map((one) => country(one)).join(', ');
    case 'type': return value.split(',').map((one) => word('event_type', one)).join(', ');
    case 'sub_type': return value.split(',').map((one) => word('sub_event_type', one)).join(', ');
    case 'status': return value.split(',').map((one) => statusWord(one)).join(', ');
    case 'deaths_min': return t('filters.said_deaths', { n: Number(value) });
    case 'confidence_min': return t('filters.said_confidence', { share: value });
    case 'text': return t('filters.said_text', { text: value });
    case 'bbox': return t('filters.said_bbox');
    case 'polygon': return t('filters.said_polygon');
    default: return label ?? (value || t('facet.none'));
  }
}

/** An incident in two lines. @param {any} incident */
export function row(incident) {
  const toll = dead(incident);
  const exact = incident.place?.where_precision;
  const unsure = daysPrecision(incident);
  return h('li', null, h('a.incident', { href: `/incidents/${incident.id}`, 'data-id': incident.id, 'data-status': statusToken(incident.status) },
    h('span.when', null, days(incident), unsure && h('span.visually-hidden', null, ` (${unsure})`)),
    h('i.swatch', { 'data-type': incident.event_type ?? '' }),
    h('span.what', null, told(placeShort(incident.place), 'where'), exact > 1 && h('span.exact', { title: placePrecision(exact) }, t(`where_short.${exact}`))),
    h('span.toll', null, toll && toll !== '0' ? [h('b', null, toll), h('span', null, t('list.dead'))] : null),
    h('span.sides', { dir: 'auto' }, h('span.kind', null, word('sub_event_type', incident.sub_event_type) || t('type.unknown')), ' ', incident.actors?.length ? told(parties(incident.actors)) : null, incident.actors?.length && incident.recipients?.length ? h('span.arrow', { 'aria-label': t('list.against') }, ' → ') : null,
      incident.recipients?.length ? told(parties(incident.recipients)) : null),
    h('span.state', null, country(incident.place?.country) && h('span.land', null, country(incident.place?.country)), h('span', { title: t('list.voices', { n: incident.independent_reports, all: number(incident.reports) }) }, t('list.reports', { n: incident.independent_reports })),
      incident.status !== 'unreviewed' && h('span.status', { 'data-status': statusToken(incident.status) }, statusWord(incident.status)))));
}
