// What experts say of trends, causes and what is to come, and what the record says when it has come.
import { get } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { changed } from '../lib/filters.js';
import { failure } from '../lib/shell.js';
import { country, date, number, t, word } from '../lib/strings.js';

const KINDS = ['forecast', 'trend', 'cause', 'estimate', 'demand', 'allegation'];

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, signal, push }) {
  let query = first;
  root.classList.add('column', 'statements-page');
  const list = h('ol.statement-list');
  const more = h('div.more');
  const kinds = h('div.chips', { role: 'group', 'aria-label': t('statements.kind') });
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.statements')), h('p.lead', null, t('statements.about')), kinds), list, more);
  let next = null;
  async function load(fresh = false) {
    put(kinds, ['', ...KINDS].map((kind) => button(kind ? t(`statement.${kind}`) : t('statements.all'), () => push(changed(query, { kind })), { pressed: (query.get('kind') ?? '') === kind })));
    const asked = new URLSearchParams([...query].filter(([, value]) => value));
    asked.set('limit', '50');
    if (!fresh && next) asked.set('cursor', next);
    try {
      const page = await get('/statements', asked, { signal });
      if (fresh) list.replaceChildren();
      const items = page.items ?? page;
      list.append(...items.map(row));
      next = page.next ?? null;
      put(more, list.childElementCount === 0 ? h('div.empty', null, h('h2', null, t('statements.none'))) : null, next && button(t('list.more'), () => load()));
    } catch (error) { if (!signal.aborted) put(more, failure(error, () => load(fresh))); }
  }
  void load(true);
  return (now) => { query = now; void load(true); };
}

/** @param {any} item */
function row(item) {
  const one = item.statement ?? item;
  const due = item.due ?? one.horizon?.end;
  return h('li', null,
    h('div', null, h('b', null, t(`statement.${one.kind}`)), one.about?.direction && h('p', null, word('direction', one.about.direction)), h('p.dim', null, item.published && date(item.published))),
    h('div', null, h('blockquote', { dir: 'auto' }, one.quote?.trim()), h('p.dim', null, told(speaker(one, item)), item.publisher && [' · ', told(item.publisher)], item.report && [' · ', h('a.id', { href: `/reports/${item.report}` }, item.report)]),
      one.condition && h('p.why', null, t('statements.if', { condition: one.condition.text ?? one.condition }))),
    h('div', null, due && h('p', null, h('b', null, t('statements.due', { day: date(due) }))), [...(one.about?.places ?? [])].map((/** @type {any} */ place) => h('p.dim', null, told(place.name ?? place.text), place.country && place.country !== place.name && `, ${country(place.country)}`)), item.record && h('p.why', null, typeof item.record === 'string' ? item.record : item.record.says ?? item.record.text), item.count !== undefined && number(item.count)));
}

/** Who speaks: an affiliation, never a private person. @param {any} one @param {any} item */
const speaker = (one, item) => item.speaker ?? one.speaker?.affiliation ?? (one.speaker?.kind === 'individual' ? one.speaker?.actor_id ?? t('statements.expert') : one.speaker?.name) ?? t('statements.expert');
