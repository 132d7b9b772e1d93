// One archived report, with what was read in it.
import { get } from '../lib/api.js';
import { append, h, outside, put, told } from '../lib/dom.js';
import { light, marked, spansOf } from '../lib/evidence.js';
import { days, parties, percent, placeShort, range } from '../lib/format.js';
import { failure, mark } from '../lib/shell.js';
import { date, moment, t, word } from '../lib/strings.js';

/** @param {import('../main.js').Context} context */
export function show({ root, query, params: [id], signal }) {
  root.classList.add('incident-page');
  put(root, h('p.dim', null, t('loading')));
  async function load() {
    try {
      const kept = await get(`/reports/${encodeURIComponent(id)}`, undefined, { signal });
      draw(kept);
    } catch (error) { if (!signal.aborted) put(root, failure(error, load)); }
  }
  /** @param {any} kept */
  function draw(kept) {
    const coded = kept.coded;
    const source = coded.document;
    mark('reports', source.title ?? kept.report);
    const text = h('div.text', { lang: source.language ?? null });
    const spans = [...coded.events.flatMap(spansOf), ...(coded.statements ?? []).map((/** @type {any} */ one) => ({ start: one.start, end: one.end, fields: new Set(['statements']), event: '' }))];
    // `?at=120-180`: these words, in code points.
    const at = /^(\d{1,9})-(\d{1,9})$/.exec(query.get('at') ?? '');
    if (at) spans.push({ start: Number(at[1]), end: Number(at[2]), fields: new Set(['asked']), event: '' });
    append(text, marked(kept.text, spans));
    const home = (/** @type {string} */ event) => kept.incidents.find((/** @type {any} */ one) => one.event === event)?.incident;
    const only = (/** @type {any} */ event) => marked(kept.text, spansOf(event));
    put(root,
      h('header.incident-head', null, h('nav.crumbs', { 'aria-label': t('nav.where') }, h('a', { href: '/reports' }, t('nav.reports')), h('span', { 'aria-hidden': 'true' }, '›'), h('span.id', null, kept.report)),
        h('h1', { tabindex: '-1', dir: 'auto' }, source.title ?? t('reports.untitled')),
        h('p.lead', null, told(source.publisher ?? t('reports.no_outlet')), source.published && ` · ${date(String(source.published).slice(0, 10))}`, source.url && [' · ', outside(source.url, t('reports.page'))], kept.fetched && ` · ${t('reports.fetched', { when: moment(kept.fetched) })}`, kept.source && ` · ${t('reports.came_from', { name: kept.source })}`, kept.copy_of && [' · ', h('a', { href: `/reports/${kept.copy_of}` }, t('reports.copy'))]),
        h('div.actions', null, h('a.button.quiet', { href: `/api/v1/reports/${kept.report}`, target: '_blank' }, 'JSON'))),
      h('div.incident-body', null,
        h('div.held', null, h('section', null, h('h2', null, t('reports.events', { n: coded.events.length })), coded.events.length === 0 && h('p.dim', null, t('reports.no_events')), h('ol.coded', null, coded.events.map((/** @type {any} */ event) => {
          const card = h('li', { tabindex: '0' }, h('div.title-line', null, h('i.swatch', { 'data-type': event.event_type }), h('b', null, word('sub_event_type', event.sub_event_type)), h('span.dim', null, percent(event.confidence)), home(event.id) ? h('a.id', { href: `/incidents/${home(event.id)}` }, home(event.id)) : h('small', null, t('reports.no_incident'))),
            h('p', null, [days(event), event.places?.[0] && placeShort({ name: event.places[0].name ?? event.places[0].text }), parties((event.actors ?? []).map(named)), event.recipients?.length ? parties(event.recipients.map(named)) : null, event.deaths?.best ? t('deaths', { n: event.deaths.best }) + (event.deaths.low !== event.deaths.high ? ` (${range(event.deaths)})` : '') : null].filter(Boolean).join(' · ')));
          const focus = () => { text.replaceChildren(...only(event)); light(text, 'evidence'); };
          const all = () => { text.replaceChildren(...marked(kept.text, spans)); };
          card.addEventListener('mouseenter', focus); card.addEventListener('focusin', focus);
          card.addEventListener('mouseleave', all); card.addEventListener('focusout', all);
          return card;
        }))),
        (coded.statements ?? []).length > 0 && h('section', null, h('h2', null, t('nav.statements')), h('ul.coded', null, coded.statements.map((/** @type {any} */ one) => h('li', null, h('b', null, t(`statement.${one.kind}`)), h('q.quote', { dir: 'auto' }, one.quote.trim())))))),
        h('div.told', null, h('article.report', null, text))));
    if (at) light(text, 'asked');
  }
  void load();
}

/** A participant of a coded event as a party. @param {any} one */
const named = (one) => ({ label: one.name ?? one.mentions?.[0]?.text ?? null });
