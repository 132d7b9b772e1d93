// The log: who decided what, when, why, and what stood there before.
import { get, may } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { undoNumber } from '../lib/decide.js';
import { failure } from '../lib/shell.js';
import { has, moment, number, t } from '../lib/strings.js';
import { days, place, range } from '../lib/format.js';

/** @param {import('../main.js').Context} context */
export function show({ root, query, signal, push }) {
  root.classList.add('log-page', 'column');
  const by = query.get('by') ?? 'people';
  const people = by === 'people';
  const list = h('ol.log');
  const more = h('div.more');
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.log')), h('p.lead', null, t('log.about')),
    h('div.chips', { role: 'group', 'aria-label': t('log.which') }, ['people', 'all', ...(may('accounts') ? ['audit'] : [])].map((one) => button(t(`log.by_${one}`), () => push(new URLSearchParams(one === 'people' ? {} : { by: one })), { pressed: by === one })))), list, more);
  if (by === 'audit' && may('accounts')) { void audit(list, more, signal); return; }
  /** @type {number|null} */
  let before = null;
  let shown = 0;
  let looked = 0;
  async function load() {
    put(more, h('p.dim', null, t('loading')));
    try {
      let got = 0;
      // Most of the log is the program's; what people decided is looked for further back.
      for (let turns = 0; got < 50 && turns < 20; turns += 1) {
        const page = await get('/log', { before, limit: 200 }, { signal });
        const items = page.items.slice().sort((/** @type {any} */ a, /** @type {any} */ b) => b.seq - a.seq);
        looked += items.length;
        const wanted = items.filter((/** @type {any} */ one) => !people || one.by.kind === 'person');
        list.append(...wanted.map((/** @type {any} */ one) => decisionItem(one, { undo: may('decide') && one.by.kind === 'person' && one.change.what !== 'undone' ? () => undoNumber(one.seq, one.incidents?.[0] ?? String(one.seq), () => { location.reload(); }) : null })));
        got += wanted.length;
        shown += wanted.length;
        before = items.length > 0 ? items[items.length - 1].seq : 0;
        if (items.length === 0 || before !== null && before <= 1) { before = 0; break; }
      }
      put(more, h('p.dim', null, shown === 0 ? t(people ? 'log.nobody' : 'log.empty') : t('log.shown', { n: shown, all: number(looked) })), before !== 0 && button(t('list.more'), load));
    } catch (error) { put(more, failure(error, load)); }
  }
  void load();
}

/** What was done that is no decision. @param {HTMLElement} list @param {HTMLElement} more @param {AbortSignal} signal */
async function audit(list, more, signal) {
  put(more, h('p.dim', null, t('loading')));
  try {
    const { items } = await get('/audit', undefined, { signal });
    put(list, items.map((/** @type {any} */ one) => h('li', null, h('span.seq'), h('div.decision', null, h('p', null, told(one.by), ' ', h('b', null, one.what), ' ', one.of !== one.by && told(one.of), ' ', h('time.dim', { datetime: one.at }, moment(one.at)))))));
    put(more, h('p.dim', null, items.length === 0 ? t('log.no_audit') : t('log.audited', { n: items.length })));
  } catch (error) { if (!signal.aborted) put(more, failure(error, () => audit(list, more, signal))); }
}

/** A decision: in words, with what it changed. @param {any} one @param {{here?: string, undo?: null|(() => any), taken?: boolean}} how */
export function decisionItem(one, how = {}) {
  const what = one.change.what === 'undone' ? t('log.undone', { n: String(one.change.decision) }) : t(`did.${one.change.what.replaceAll('_', '-')}`);
  const effects = (one.effects ?? []).filter((/** @type {any} */ effect) => JSON.stringify(effect.before) !== JSON.stringify(effect.after));
  const others = (one.incidents ?? []).filter((/** @type {string} */ id) => id !== how.here);
  return h(`li${how.taken ? '.taken' : ''}`, null,
    h('span.seq', null, `${one.seq}`),
    h('div.decision', null, h('p', null, h('b', null, what), ' ', h('span.dim', null, one.by.kind === 'person' ? told(one.by.name) : t('log.program', { name: one.by.name })), ' ', h('time.dim', { datetime: one.at }, moment(one.at)), how.taken && h('span.badge', null, t('review.undone'))),
      others.length > 0 && h('p.refs', null, others.slice(0, 6).map((/** @type {string} */ id) => h('a.id', { href: `/incidents/${id}` }, id)), others.length > 6 && t('log.and_more', { n: others.length - 6 })),
      one.change.report && h('p.refs', null, h('a.id', { href: `/reports/${one.change.report}` }, one.change.report)),
      effects.length > 0 && h('ul.effects', null, effects.slice(0, 8).map((/** @type {any} */ effect) => h('li', null, h('span.of', null, has(`field.${effect.what}`) ? t(`field.${effect.what}`) : effect.what), ' ', h('del', null, shown(effect.before)), ' → ', h('ins', null, shown(effect.after)), effect.of !== how.here && h('small.id', null, ` ${effect.of}`)))),
      one.why && h('p.why', null, told(one.why))),
    how.undo && button(t('log.undo', { n: String(one.seq) }), how.undo, { icon: 'undo', bare: true, cls: 'quiet.mini' }));
}

/** A value of the log in few words. @param {any} value @returns {string} */
function shown(value) {
  if (value === null || value === undefined) return t('log.nothing');
  if (Array.isArray(value)) return value.map(shown).join('; ') || t('log.nothing');
  if (typeof value !== 'object') return String(value);
  if ('event_date' in value) return days(value);
  if ('where_precision' in value) return place(value);
  if ('best' in value) return range(value);
  if ('label' in value) return value.label ?? t('person.unnamed');
  return JSON.stringify(value);
}
