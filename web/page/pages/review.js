// The review queue: one incident at a time, the keys under the hand, the last decisions in sight.
import { get, getWhole, may, send } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { decide, done, undo } from '../lib/decide.js';
import { HARMS, passages, spansOf } from '../lib/evidence.js';
import { asObject, chosen } from '../lib/filters.js';
import { days, percent, place, statusToken, statusWord, title } from '../lib/format.js';
import { keyCap, keyOf, listen } from '../lib/keys.js';
import { ask, dialog, failure, keyList, navigate, note, ourOwn, say, trouble } from '../lib/shell.js';
import { date, has, t } from '../lib/strings.js';
import { correctionDialog, nearItem, valueOf } from './incident.js';
import { said } from './overview.js';

const FLAGS = 'watchpost.flags';
/** What was flagged stays in this browser: it is a note to oneself and no decision. @returns {Record<string, string>} */
const flags = () => { try { return JSON.parse(localStorage.getItem(FLAGS) ?? '{}'); } catch { return {}; } };

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, signal }) {
  let query = first;
  root.classList.add('review');
  const left = h('h1', { tabindex: '-1' });
  const bar = h('header.review-head', null, left, h('div.chips'), h('span.gap'), may('bulk') && button(t('bulk.button'), () => bulk(), { icon: 'check' }));
  const card = h('article.card', { 'aria-live': 'off' });
  const side = h('aside.review-side', null);
  put(root, bar, h('div.review-body', null, card, side));

  /** @type {any[]} What is to be looked at, the first of it now. */
  let ahead = [];
  /** @type {any[]} */
  const behind = [];
  /** @type {Set<string>} */
  const seen = new Set();
  let cursor = null;
  let total = 0;
  let loading = false;
  let ended = false;

  async function fetchMore() {
    if (loading || ended) return;
    loading = true;
    try {
      const asked = chosen(query);
      asked.set('limit', '20');
      if (cursor) asked.set('cursor', cursor);
      const page = await get('/queue', asked, { signal });
      total = page.total?.count ?? page.total ?? total;
      cursor = page.next;
      ended = !page.next;
      ahead.push(...page.items.filter((/** @type {any} */ item) => !seen.has(item.incident.id)));
      for (const item of page.items) seen.add(item.incident.id);
      for (const item of ahead.slice(0, 5)) void whole(item);
    } catch (error) {
      ended = true;
      if (!signal.aborted && ahead.length === 0) put(card, failure(error, () => { ended = false; void fetchMore().then(draw); }));
    }
    loading = false;
  }

  /** Reports, their texts and the version of an incident, before it is its turn. @param {any} item */
  function whole(item) {
    item.whole ??= (async () => {
      if (!item.reports || !item.etag) {
        const { body, etag } = await getWhole(`/incidents/${item.incident.id}`, undefined, { signal });
        Object.assign(item, { incident: body.incident, reports: body.reports, etag });
      }
      const voices = item.reports.filter((/** @type {any} */ one) => !one.copy_of);
      await Promise.all(voices.map(async (/** @type {any} */ one) => { one.text = (await get(`/reports/${one.report}`, undefined, { signal })).text; }));
      item.ready = true;
    })().catch((error) => { item.whole = null; if (!signal.aborted) trouble(error); });
    return item.whole;
  }

  let drawnFor = '';
  function draw() {
    const item = ahead[0];
    put(left, t('review.left', { n: Math.max(ahead.length, total - behind.length) }));
    const shown = [...chosen(query)];
    put(bar.querySelector('.chips') ?? bar, shown.map(([name, value]) => h('span.chip.still', null, said(name, value))), h('a.inline', { href: `/?${chosen(query)}` }, t('review.filter')));
    drawSide();
    if (!item) {
      if (!loading && ended) put(card, h('div.empty', null, h('h2', null, t(behind.length > 0 ? 'review.done' : 'review.nothing')), h('p', null, h('a', { href: '/' }, t('nav.overview')))));
      else put(card, h('p.dim', null, t('loading')));
      return;
    }
    drawnFor = item.incident.id;
    card.dataset.id = drawnFor;
    const incident = item.incident;
    const flag = flags()[incident.id];
    put(card,
      h('header', null, h('div.title-line', null, h('i.swatch', { 'data-type': incident.event_type ?? '' }), h('h2', { dir: 'auto' }, title(incident)), incident.status !== 'unreviewed' && h('span.status', { 'data-status': statusToken(incident.status) }, statusWord(incident.status)), flag && h('span.badge.warn', null, t('review.flagged'))),
        h('p.lead', null, days(incident), ' · ', told(place(incident.place)), ' · ', t('incident.sure', { share: percent(incident.confidence) }), ' · ', t('list.reports', { n: incident.independent_reports })),
        item.why?.length > 0 && h('ul.why-first', { 'aria-label': t('review.why') }, item.why.map((/** @type {any} */ why) => h('li', { 'data-code': why.code }, reason(why, item))))),
      h('dl.review-facts', null, ['actors', 'recipients', ...HARMS].map((of) => { const value = valueOf(incident, of); return value === null ? null : h('div', null, h('dt', null, t(`field.${of}`)), h('dd', null, value)); })),
      h('div.sentences', null, item.ready ? sentences(item) : h('p.dim', null, t('loading'))),
      h('footer.decide', null, may('decide') ? ['accept', 'reject', 'not_an_event', 'skip', 'flag', 'merge', 'correct', 'open'].map((name) => button(t(`key.${name}`), () => actions[name](), {
        key: keyCap(keyOf('review', name)), cls: name === 'accept' ? 'primary' : 'quiet', icon: { accept: 'check', reject: 'cross', not_an_event: 'none', merge: 'merge', correct: 'edit', flag: 'flag', skip: 'next', open: 'link' }[name],
      })) : h('p.dim', null, t('review.may_not'))));
    say(title(incident));
    if (!item.ready) void whole(item)?.then(() => { if (drawnFor === incident.id && ahead[0] === item) draw(); });
  }

  /** The sentences of each report that the incident rests on, with the words of its fields marked. @param {any} item */
  function sentences(item) {
    return item.reports.map((/** @type {any} */ report) => h('section.voice', null, h('h3', { dir: 'auto' }, report.title ?? t('reports.untitled')),
      h('p.dim', null, told(report.publisher ?? t('reports.no_outlet')), report.published && ` · ${date(report.published)}`, report.copy_of && ` · ${t('reports.copy')}`),
      report.copy_of ? null : passages(report.text, report.events.flatMap(spansOf)).filter((nodes) => nodes.map((node) => node.textContent).join('').trim() !== report.title).map((nodes) => h('blockquote', { dir: 'auto' }, nodes))));
  }

  function drawSide() {
    const item = ahead[0];
    const near = item?.near ?? [];
    put(side,
      near.length > 0 && h('section', null, h('h2', null, t('near.title')), h('ul.near', null, near.slice(0, 3).map((/** @type {any} */ one) => nearItem(one, () => merge(one.incident))))),
      h('section', null, h('h2', null, t('review.last')), done.length === 0 ? h('p.dim', null, t('review.none_yet')) : h('ol.last', null, done.slice(0, 10).map((entry) => h(`li${entry.undone ? '.undone' : ''}`, null,
        h('span', null, h('b', null, t(`did.${entry.kind}`)), ' ', entry.incident ? h('a', { href: `/incidents/${entry.incident}` }, told(entry.title)) : told(entry.title)),
        entry.undone ? h('small', null, t('review.undone')) : button(t('key.undo'), () => back(entry), { icon: 'undo', bare: true, cls: 'quiet.mini' }))))),
      h('section', null, h('h2', null, t('keys.title')), keyList('review')));
  }

  /** What was read of it is old. @param {any} item */
  const forget = (item) => Object.assign(item, { whole: null, reports: null, etag: null, ready: false });

  /** Looks at the next. */
  function advance() {
    const item = ahead.shift();
    if (item) behind.push(item);
    if (ahead.length < 10) void fetchMore().then(() => { if (ahead.length > 0 && drawnFor !== ahead[0].incident.id) draw(); });
    for (const one of ahead.slice(0, 5)) void whole(one);
    draw();
  }

  /** Decides, and goes on at once: what is refused comes back. @param {string} kind */
  async function judge(kind) {
    const item = ahead[0];
    if (!item || !may('decide')) return;
    const started = performance.now();
    if (!item.etag) await whole(item);
    advance();
    performance.measure('watchpost:advance', { start: started });
    const answer = await decide({ kind, incident: item.incident.id }, { etag: item.etag, title: title(item.incident), quiet: true });
    performance.measure('watchpost:decide', { start: started });
    if (!answer) { behind.splice(behind.indexOf(item), 1); forget(item); ahead.unshift(item); draw(); } else drawSide();
  }

  /** @param {any} entry */
  async function back(entry) {
    const answer = await undo(entry);
    if (!answer) return;
    const at = behind.findIndex((item) => item.incident.id === (entry ?? answer.entry).incident);
    if (at >= 0) { const [item] = behind.splice(at, 1); forget(item); ahead.unshift(item); }
    draw();
  }

  /** @param {any} [other] */
  async function merge(other) {
    const item = ahead[0];
    if (!item) return;
    let into = other ?? item.near?.[0]?.incident;
    if (!into) {
      const { items } = await get(`/incidents/${item.incident.id}/near`).catch(() => ({ items: [] }));
      item.near = items;
      into = items[0]?.incident;
      if (!into) { note(t('near.none')); return; }
    }
    if (!await ask(t('merge.ask', { this: title(item.incident), other: into.title ?? title(into), other_day: into.event_date ? days(into) : '' }), { yes: t('key.merge'), title: t('merge.title') })) return;
    const answer = await decide({ kind: 'merge', incident: into.id, from: [item.incident.id] }, { title: title(item.incident) });
    if (answer) advance();
  }

  async function correct() {
    const item = ahead[0];
    if (!item) return;
    await whole(item);
    const asked = await correctionDialog(item.incident, 'sub_event_type');
    if (!asked) return;
    const answer = await decide({ kind: 'correct', incident: item.incident.id, ...asked }, { etag: item.etag, title: title(item.incident) });
    if (answer) { forget(item); await whole(item); draw(); }
  }

  function flag() {
    const item = ahead[0];
    if (!item) return;
    const all = flags();
    if (all[item.incident.id]) delete all[item.incident.id]; else all[item.incident.id] = new Date().toISOString();
    localStorage.setItem(FLAGS, JSON.stringify(all));
    note(t(all[item.incident.id] ? 'review.flag_set' : 'review.flag_gone'));
    draw();
  }

  async function bulk() {
    const filter = chosen(query);
    if (!filter.get('status')) filter.set('status', 'unreviewed');
    let count;
    try { const page = await get('/incidents', new URLSearchParams([...filter, ['limit', '1']])); count = page.total?.count ?? page.total; } catch (error) { trouble(error); return; }
    if (count === 0) { note(t('bulk.none')); return; }
    const kind = h('select', { id: 'bulk-kind' }, ['accept', 'reject', 'not-an-event'].map((one) => h('option', { value: one }, t(`key.${one.replaceAll('-', '_')}`))));
    const answer = await dialog(t('bulk.title'), (close) => {
      const reason = h('textarea', { id: 'bulk-reason', rows: 2, required: true });
      return h('form', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); close({ kind: kind.value, reason: reason.value.trim() }); } },
        h('p.big', null, t('bulk.count', { n: count })), h('p.dim', null, Object.entries(asObject(filter)).map(([name, value]) => said(name, value)).join(' · ')),
        h('div.field', null, h('label', { for: 'bulk-kind' }, t('bulk.kind')), kind), h('div.field', null, h('label', { for: 'bulk-reason' }, t('correct.reason')), reason), h('p.dim', null, t('bulk.about')),
        h('footer', null, button(t('cancel'), () => close()), h('button.primary', { type: 'submit' }, t('bulk.go', { n: count }))));
    });
    if (!answer) return;
    ourOwn();
    try {
      const { body } = await send('/decisions/bulk', { kind: answer.kind, filters: asObject(filter), expected_count: count, reason: answer.reason });
      const entry = { kind: answer.kind, decision: body.decision, through: body.through, title: t('bulk.many', { n: body.count }), at: Date.now() };
      done.unshift(entry);
      note(t('bulk.done', { n: body.count }), { stay: true, label: t('bulk.undo', { n: body.count }), action: () => undo(entry, () => restart()) });
      restart();
    } catch (error) { trouble(error); }
  }

  function restart() {
    ahead = []; behind.splice(0); seen.clear(); cursor = null; ended = false; total = 0; drawnFor = '';
    void fetchMore().then(draw);
    draw();
  }

  /** @type {Record<string, () => any>} */
  const actions = {
    accept: () => judge('accept'), reject: () => judge('reject'), not_an_event: () => judge('not-an-event'), skip: advance, next: advance,
    previous: () => { const item = behind.pop(); if (item) { forget(item); ahead.unshift(item); draw(); } },
    undo: () => back(undefined), flag, merge: () => merge(), correct, open: () => { if (ahead[0]) navigate(`/incidents/${ahead[0].incident.id}`); },
  };
  listen('review', actions, signal);
  draw();
  void fetchMore().then(draw);
  return (changed) => { const before = chosen(query).toString(); query = changed; if (chosen(query).toString() !== before) restart(); };
}

/** Why an incident comes where it does, in our words where we have them. @param {{code: string, text?: string}} why @param {any} item */
function reason(why, { incident, situation }) {
  // Which alarm it is, the program says.
  if (why.code === 'surge' && situation) return [t('why.surge'), ' ', h('a', { href: `/watch/${situation}` }, told(why.text ?? situation))];
  const name = `why.${why.code}`;
  return has(name) ? t(name, { share: percent(1 - incident.confidence), n: incident.deaths?.best ?? 0 }) : why.text ?? why.code;
}
