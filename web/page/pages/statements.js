// What experts, officers and officials say of trends, causes and what is to come, and what the record says of it when it is due.
import { get } from '../lib/api.js';
import { button, h, icon, put, told } from '../lib/dom.js';
import { changed } from '../lib/filters.js';
import { percent, range, seriesName } from '../lib/format.js';
import { failure } from '../lib/shell.js';
import { allCountries, country, date, number, t, word } from '../lib/strings.js';

const KINDS = ['forecast', 'trend', 'cause', 'estimate', 'demand', 'allegation'];
const STATES = ['due', 'waiting', 'open', 'told'];

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, signal, push }) {
  let query = first;
  root.classList.add('column', 'statements-page');
  const list = h('ol.statement-list');
  const speakers = speakersPart(signal);
  const more = h('div.more');
  const kinds = h('div.chips', { role: 'group', 'aria-label': t('statements.kind') });
  const states = h('div.chips', { role: 'group', 'aria-label': t('statements.state') });
  const speaker = h('input', { type: 'search', id: 'statements-speaker', autocomplete: 'off', spellcheck: 'false' });
  const land = h('select', { id: 'statements-country', onchange: () => push(changed(query, { country: land.value })) }, h('option', { value: '' }, t('statements.anywhere')), allCountries().sort((a, b) => a[1].localeCompare(b[1])).map(([code, name]) => h('option', { value: code }, name)));
  const day = (/** @type {string} */ name) => { const input = h('input', { type: 'date', id: `statements-${name}`, onchange: () => push(changed(query, { [name]: input.value })) }); return input; };
  const from = day('from');
  const to = day('to');
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.statements')), h('p.lead', null, t('statements.about')), kinds, states,
    h('form.row', { role: 'search', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); push(changed(query, { speaker: speaker.value.trim() })); } },
      h('div.field', null, h('label', { for: 'statements-speaker' }, t('statements.speaker')), speaker), h('div.field', null, h('label', { for: 'statements-country' }, t('statements.country')), land),
      h('div.field', null, h('label', { for: 'statements-from' }, t('statements.from')), from), h('div.field', null, h('label', { for: 'statements-to' }, t('statements.to')), to), h('button.quiet', { type: 'submit' }, icon('search'), h('span', null, t('statements.look'))))), list, more, speakers.element);
  let next = null;
  let turn = new AbortController();
  async function load(fresh = false) {
    if (fresh) { turn.abort(); turn = new AbortController(); next = null; }
    const { signal: mine } = turn;
    const chips = (/** @type {string} */ name, /** @type {string[]} */ values) => ['', ...values].map((value) => button(value ? t(`${name === 'kind' ? 'statement' : 'state'}.${value}`) : t(`statements.all_${name}`), () => push(changed(query, { [name]: value })), { pressed: (query.get(name) ?? '') === value }));
    put(kinds, chips('kind', KINDS));
    put(states, chips('state', STATES));
    speaker.value = query.get('speaker') ?? '';
    land.value = query.get('country') ?? '';
    from.value = query.get('from') ?? '';
    to.value = query.get('to') ?? '';
    if (fresh) speakers.show(query);
    const asked = new URLSearchParams([...query].filter(([, value]) => value));
    asked.set('limit', '50');
    if (next) asked.set('cursor', next);
    put(more, h('p.dim', null, t('loading')));
    try {
      const page = await get('/statements', asked, { signal: AbortSignal.any([mine, signal]) });
      if (fresh) list.replaceChildren();
      list.append(...page.items.map(row));
      speakers.learn(page.items);
      next = page.next;
      put(more, list.childElementCount === 0 ? h('div.empty', null, h('h2', null, t('statements.none')), query.size > 0 && h('p', null, button(t('filters.clear'), () => push(new URLSearchParams())))) : h('p.dim', null, t('statements.shown', { n: list.childElementCount })), next && button(t('list.more'), () => load()));
    } catch (error) { if (!mine.aborted && !signal.aborted) put(more, failure(error, () => load(fresh))); }
  }
  void load(true);
  return (now) => { query = now; void load(true); };
}

/** @param {any} one */
function row(one) {
  const shown = one.record;
  return h('li', { 'data-state': one.state },
    h('div', null, h('p', null, h('b', null, t(`statement.${one.kind}`))), one.about.direction && h('p.says-way', { 'data-way': one.about.direction }, word('direction', one.about.direction)), one.published && h('p.dim', null, date(one.published))),
    h('div', null, h('p.who', null, speaker(one.speaker)), h('blockquote', { dir: 'auto' }, one.quote.trim()),
      h('p.dim', null, one.publisher && [told(one.publisher), ' · '], h('a', { href: `/reports/${one.report}?at=${one.start}-${one.end}`, dir: 'auto' }, one.title ?? t('reports.untitled'))),
      one.condition && h('p.why', null, h('span.badge.warn', null, t('statements.conditional')), ' ', told(one.condition)),
      one.causes.length > 0 && h('p.why', null, t('statements.causes'), ' ', told(one.causes.join('; '))),
      one.number && h('p.why', null, t('statements.number', { figure: range(one.number) }))),
    h('div', null, h('p', null, h('span.condition', { 'data-state': STANDS[one.state] ?? 'paused' }, one.state === 'due' ? t('statements.was_due', { day: date(one.due) }) : one.state === 'waiting' ? t('statements.due', { day: date(one.due) }) : t(`state.${one.state}`))), one.horizon?.text && h('p.dim', null, h('q', { dir: 'auto' }, one.horizon.text)),
      one.about.places.map((/** @type {string[]} */ place) => h('p.dim', null, told(seriesName(place.join('; '))))), one.about.actors.map((/** @type {string} */ id) => h('p.dim', null, h('a', { href: `/?actor=${encodeURIComponent(id)}` }, told(one.about.actor_names?.[id] ?? id)))),
      shown && record(shown)));
}

const STANDS = /** @type {Record<string, string>} */ ({ due: 'quiet', waiting: 'fine' });

/** What the record says. @param {any} shown */
function record(shown) {
  const counted = (/** @type {string} */ name, /** @type {any} */ of) => of && h('div', null, h('dt', null, t(`statements.${name}`), ' ', h('small', null, t('statements.days', { from: date(of.from), to: date(of.until) }))), h('dd', null, t('statements.counted', { n: of.incidents, dead: number(of.deaths) })));
  return h('div.of-record', null, h('h3', null, t('statements.record'), shown.verdict && h('span.verdict', { 'data-verdict': shown.verdict }, word('verdict', shown.verdict))), h('dl', null, counted('before', shown.before), counted('after', shown.after)), h('p.why', { dir: 'auto' }, shown.says));
}

/** Speakers that are listed at most. */
const SPEAKERS = 100;

/** What speakers' statements were worth, folded under them: asked for when it is opened. @param {AbortSignal} signal */
function speakersPart(signal) {
  let query = new URLSearchParams();
  let shown = '';
  /** @type {Map<string, string>} What speakers are called, by the keys that records have for them. */
  const names = new Map();
  /** @type {any[]|null} */
  let items = null;
  const body = h('div');
  const element = h('details.speakers', { ontoggle: () => void load() }, h('summary', null, t('speakers.title')), h('p.why', null, t('speakers.about')), body);

  async function load() {
    const asked = new URLSearchParams([...query].filter(([, value]) => value));
    asked.set('limit', String(SPEAKERS));
    const wanted = String(asked);
    if (!element.open || wanted === shown) return;
    shown = wanted;
    items = null;
    put(body, h('p.dim', null, t('loading')));
    try {
      const answer = await get('/statements/speakers', asked, { signal });
      if (wanted !== shown) return;
      ({ items } = answer);
      draw();
    } catch (error) { if (!signal.aborted && wanted === shown) { shown = ''; put(body, failure(error, load)); } }
  }

  const draw = () => { if (items) put(body, items.length === 0 ? h('p.dim', null, t('speakers.none')) : table(items)); };

  /** @param {any[]} records */
  const table = (records) => h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': t('speakers.title') }, h('table', null, h('thead', null, h('tr', null, ['speaker', 'statements', 'tested', 'supported', 'not_supported', 'cannot_tell', 'score'].map((name, at) => h(at > 0 ? 'th.num' : 'th', { scope: 'col' }, t(`speakers.${name}`))))),
    h('tbody', null, records.map((one) => h('tr', null, h('th', { scope: 'row' }, told(names.get(one.speaker) ?? one.speaker)), ['statements', 'tested', 'supported', 'not_supported', 'cannot_tell'].map((name) => h('td.num', null, number(one[name]))),
      h('td.num', null, known(one.score) ? h('b', null, percent(one.score)) : h('span.dim', null, t('speakers.too_few'))))))));

  return {
    element,
    show: (/** @type {URLSearchParams} */ now) => { query = now; void load(); },
    /** @param {any[]} said */
    learn: (said) => {
      for (const { speaker, about } of said) {
        for (const [key, name] of Object.entries(about.actor_names ?? {})) names.set(key, name);
        const name = speaker?.person ? speaker.affiliation : speaker?.name;
        if (speaker?.actor_id && name) names.set(speaker.actor_id, name);
      }
      draw();
    },
  };
}

/** @param {any} value */
const known = (value) => value !== null && value !== undefined;

/** Who speaks: a body by its name, a person by whom they speak for. @param {any} speaker */
function speaker(speaker) {
  if (!speaker) return h('span.dim', null, t('statements.report_itself'));
  const who = speaker.name ?? speaker.affiliation ?? speaker.actor_id;
  return [h('b', null, told(who ?? t('statements.expert'))), [speaker.name && speaker.affiliation !== speaker.name ? speaker.affiliation : null, speaker.person && !speaker.name ? t('statements.for_it') : null, speaker.country ? country(speaker.country) : null].filter(Boolean).map((part) => h('span.dim', null, ' · ', told(part)))];
}
