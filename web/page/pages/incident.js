// One incident: what is held, why, the words it rests on in the archived reports, who said what figure, and everything that was decided.
import { getWhole, get, may } from '../lib/api.js';
import { append, button, h, outside, put, told } from '../lib/dom.js';
import { decide, undo, undoNumber } from '../lib/decide.js';
import { HARMS, excerpt, light, marked, spansOf } from '../lib/evidence.js';
import { days, daysPrecision, party, percent, place, placePrecision, range, statusToken, statusWord, title } from '../lib/format.js';
import { keyCap, keyOf, listen } from '../lib/keys.js';
import { incidentMap } from '../lib/map.js';
import { copy, dialog, failure, mark, navigate, note } from '../lib/shell.js';
import { allCountries, date, number, t, word } from '../lib/strings.js';
import { decisionItem } from './log.js';

/** Fields in the order in which a reader asks for them. */
const FIELDS = ['sub_event_type', 'dates', 'place', 'actors', 'recipients', ...HARMS];

/** @param {import('../main.js').Context} context */
export function show({ root, params: [id], signal }) {
  root.classList.add('incident-page');
  put(root, h('p.dim', null, t('loading')));
  /** @type {any} */
  let incident = null;
  /** @type {string|null} */
  let etag = null;
  /** @type {any[]} */
  let reports = [];
  /** @type {any[]} */
  let history = [];
  /** @type {string|null} */
  let field = null;
  const body = h('div.incident-body');

  async function load() {
    try {
      const answer = await getWhole(`/incidents/${encodeURIComponent(id)}`, undefined, { signal });
      incident = answer.body.incident;
      reports = answer.body.reports;
      etag = answer.etag;
      if (incident.id !== id) {
        note(t('incident.merged_here', { from: id, into: incident.id }), { stay: true });
        settle(incident.id);
      }
      const [log, texts] = await Promise.all([
        get(`/incidents/${incident.id}/log`, undefined, { signal }).catch(() => ({ items: [] })),
        Promise.all(reports.map((told) => get(`/reports/${told.report}`, undefined, { signal }).catch(() => null))),
      ]);
      history = log.items;
      reports.forEach((told, at) => { told.text = texts[at]?.text ?? null; told.coded = texts[at]?.coded ?? null; });
      draw();
    } catch (error) {
      if (signal.aborted) return;
      put(root, failure(error, load));
    }
  }

  const settle = (/** @type {string} */ now) => window.history.replaceState(null, '', `/incidents/${now}`);

  function draw() {
    const name = title(incident);
    mark('overview', name);
    const basis = (/** @type {string} */ of) => incident.basis?.[of];
    const eventOf = (/** @type {any} */ key) => {
      const report = key && reports.find((one) => one.report === key.report);
      return report?.events.find((/** @type {any} */ event) => event.id === key.event) ?? null;
    };
    put(root, header(name), body);
    put(body, h('div.held', null, facts(), figures(), minimap(), suggestions(), historyBox()), h('div.told', null, reportBoxes()));

    function facts() {
      const list = h('dl.facts');
      /** Words that stand there already: nothing is said twice. @type {Set<string>} */
      const quoted = new Set();
      for (const of of FIELDS) {
        const value = valueOf(incident, of);
        if (value === null) continue;
        const from = basis(of);
        const corrected = from && 'decision' in from;
        const event = eventOf(from?.event);
        const telling = from?.event && reports.find((one) => one.report === from.event.report);
        const found = event && telling?.text ? excerpt(telling.text, event, of) : null;
        const words = found && !quoted.has(`${telling.report} ${found.key}`) ? found.words : null;
        if (found) quoted.add(`${telling.report} ${found.key}`);
        const line = h('div.fact', { 'data-field': of },
          h('dt', null, t(`field.${of}`)),
          h('dd', null,
            h('div.value', null, value, corrected && h('span.badge.corrected', null, t('incident.corrected', { n: String(from.decision) })),
              may('decide') && button(t('incident.correct_one', { field: t(`field.${of}`) }), () => correct(of), { icon: 'edit', bare: true, cls: 'quiet.mini' })),
            words && h('button.quote', { type: 'button', dir: 'auto', onclick: () => choose(of, from.event.report), title: t('incident.show_words') }, words),
            (incident.reasons?.[of] || event?.reasons?.[of]) && h('p.why', null, incident.reasons?.[of] ?? event.reasons[of], telling && reports.length > 1 && [' · ', h('a', { href: `#${telling.report}` }, told(telling.publisher ?? telling.report))]),
          ));
        line.addEventListener('mouseenter', () => light(body, of));
        line.addEventListener('mouseleave', () => light(body, field));
        list.append(line);
      }
      return h('section', { 'aria-labelledby': 'held' }, h('h2', { id: 'held' }, t('incident.held')), list);
    }
  }

  /** @param {string} name */
  function header(name) {
    const status = incident.status;
    const act = (/** @type {string} */ kind, /** @type {string} */ sign) => button(t(`key.${kind.replaceAll('-', '_')}`), () => review(kind), {
      icon: sign, key: keyCap(keyOf('incident', kind.replaceAll('-', '_'))), cls: 'quiet', pressed: statusToken(status) === { accept: 'accepted', reject: 'rejected', 'not-an-event': 'not-an-event' }[kind],
    });
    return h('header.incident-head', null,
      h('nav.crumbs', { 'aria-label': t('nav.where') }, h('a', { href: '/' }, t('nav.overview')), h('span', { 'aria-hidden': 'true' }, '›'), h('span.id', null, incident.id)),
      h('div.title-line', null, h('i.swatch', { 'data-type': incident.event_type ?? '' }), h('h1', { tabindex: '-1', dir: 'auto' }, name), h('span.status', { 'data-status': statusToken(status) }, statusWord(status)),
        incident.standing !== 'live' && h('span.badge', null, t(`standing.${incident.standing}`))),
      h('p.lead', null, days(incident), ' · ', told(place(incident.place)), ' · ', t('incident.voices', { n: incident.independent_reports, all: number(incident.reports) }),
        ' · ', h('span', { title: t('incident.sure_how') }, t('incident.sure', { share: percent(incident.confidence) }))),
      h('div.actions', null, may('decide') && incident.standing === 'live' && [act('accept', 'check'), act('reject', 'cross'), act('not-an-event', 'none'), h('span.gap'),
        button(t('key.merge'), () => merge(), { icon: 'merge', key: keyCap(keyOf('incident', 'merge')) }),
        incident.events.length > 1 && button(t('key.split'), () => split(), { icon: 'split', key: keyCap(keyOf('incident', 'split')) }),
        button(t('key.correct'), () => correct(field ?? 'sub_event_type'), { icon: 'edit', key: keyCap(keyOf('incident', 'correct')) })],
        h('span.gap'), button(t('incident.permalink'), () => copy(`${location.origin}/incidents/${incident.id}`), { icon: 'link' }), h('a.button.quiet', { href: `/api/v1/incidents/${incident.id}`, target: '_blank' }, 'JSON')));
  }

  function figures() {
    const harms = HARMS.filter((harm) => incident.figures?.[harm]?.told?.length > 0);
    if (harms.length === 0) return null;
    return h('section', { 'aria-labelledby': 'figures' }, h('h2', { id: 'figures' }, t('figures.title')), harms.map((harm) => {
      const all = incident.figures[harm];
      const rule = incident.reasons?.[harm];
      return h('div.figures', null, h('table', null, h('caption', null, h('b', null, t(`field.${harm}`)), ' ', range(all), all.disagree && h('span.badge.warn', null, t('figures.disagree'))),
        h('thead', null, h('tr', null, ['outlet', 'rests_on', 'day', 'low', 'best', 'high'].map((name) => h(`th${['low', 'best', 'high'].includes(name) ? '.num' : ''}`, { scope: 'col' }, t(`figures.${name}`))))),
        h('tbody', null, all.told.map((/** @type {any} */ one) => {
          const chosen = incident.basis?.[harm]?.event && incident.basis[harm].event.report === one.from.report && incident.basis[harm].event.event === one.from.event;
          return h(`tr${chosen ? '.best' : ''}${one.same_voice ? '.copy' : ''}`, null,
            h('th', { scope: 'row' }, h('button.inline', { type: 'button', onclick: () => choose(harm, one.from.report) }, told(one.publisher ?? one.from.report)), one.same_voice && h('small', null, ` ${t('figures.same_voice')}`), chosen && h('small', null, ` ${t('figures.by_rule')}`)),
            h('td', null, t(`source_kind.${one.kind}`)), h('td', null, date(one.published)),
            h('td.num', null, number(one.low)), h('td.num', null, h('b', null, number(one.best)), one.vague && h('small', null, ` ${t('figures.vague')}`)), h('td.num', null, number(one.high)));
        }))), rule && h('p.why', null, t('figures.rule', { rule })));
    }));
  }

  function minimap() {
    const at = incident.place;
    if (!at || at.latitude === null && at.where_precision !== 6 && at.where_precision !== 4) return null;
    const sheet = h('div.minimap', { role: 'img', 'aria-label': t('incident.map', { place: place(at), how: placePrecision(at.where_precision) }) });
    const box = h('section', { 'aria-labelledby': 'where' }, h('h2', { id: 'where' }, t('incident.where')), sheet,
      h('p.why', null, placePrecision(at.where_precision), at.latitude !== null && at.where_precision !== 6 && ` · ${at.latitude.toFixed(3)}, ${at.longitude.toFixed(3)}`));
    const radius = /** @type {Record<number, number>} */ ({ 2: 25, 3: 50, 5: 75 })[at.where_precision] ?? null;
    incidentMap(sheet, { signal, still: true }).then((map) => map.show({ features: [{ type: 'Feature', geometry: at.longitude === null ? null : { type: 'Point', coordinates: [at.longitude, at.latitude] }, properties: {
      kind: 'incident', id: incident.id, title: title(incident), type: incident.event_type, deaths: incident.deaths?.best, from: incident.event_date, to: incident.event_date_end, precision: at.where_precision, radius_km: radius, country: at.country, admin1: at.admin1 } }] })
      .then(() => { if (at.longitude !== null) map.map.jumpTo({ center: [at.longitude, at.latitude], zoom: at.where_precision >= 6 ? 3.4 : at.where_precision >= 4 ? 5 : 6.4 }); })).catch(() => { sheet.remove(); });
    return box;
  }

  function suggestions() {
    if (!may('decide')) return null;
    const box = h('section', { hidden: true });
    get(`/incidents/${incident.id}/near`, undefined, { signal }).then(({ items }) => {
      if (!items?.length) return;
      box.hidden = false;
      put(box, h('h2', null, t('near.title')), h('p.why', null, t('near.about')), h('ul.near', null, items.slice(0, 5).map((/** @type {any} */ one) => nearItem(one, () => doMerge(one.incident)))));
    }).catch(() => {});
    return box;
  }

  function historyBox() {
    const events = history.slice().sort((a, b) => b.seq - a.seq);
    const taken = new Set(events.filter((one) => one.change.what === 'undone').map((one) => one.change.decision));
    return h('section', { 'aria-labelledby': 'history' }, h('h2', { id: 'history' }, t('history.title')), h('ol.log', null, events.map((one) => decisionItem(one, {
      here: incident.id, taken: taken.has(one.seq),
      undo: may('decide') && one.by.kind === 'person' && one.change.what !== 'undone' && !taken.has(one.seq) ? () => undoNumber(one.seq, title(incident), load) : null,
    }))));
  }

  function reportBoxes() {
    const originals = reports.filter((one) => !one.copy_of || !reports.some((other) => other.report === one.copy_of));
    const copies = (/** @type {string} */ of) => reports.filter((one) => one.copy_of === of && !originals.includes(one));
    return [h('h2', null, t('reports.here', { n: reports.length })), h(`div.reports.n${Math.min(originals.length, 3)}`, null, originals.map((one) => reportBox(one, copies(one.report))))];
  }

  /** @param {any} one @param {any[]} copies */
  function reportBox(one, copies) {
    const spans = one.events.flatMap(spansOf);
    const text = h('div.text', { lang: one.coded?.document.language ?? null, tabindex: '0', role: 'region', 'aria-label': t('reports.text_of', { title: one.title ?? one.report }) });
    if (one.text !== null) append(text, marked(one.text, spans));
    else append(text, [h('p.dim', null, t('reports.no_text'))]);
    return h('article.report', { id: one.report, 'data-report': one.report },
      h('header', null, h('h3', { dir: 'auto' }, one.title ?? t('reports.untitled')), h('p.dim', null, told(one.publisher ?? t('reports.no_outlet')), one.published && ` · ${date(one.published)}`, ' · ', h('a.id', { href: `/reports/${one.report}` }, one.report), one.url && [' · ', outside(one.url, t('reports.page'))])),
      text,
      copies.length > 0 && h('details.copies', null, h('summary', null, t('reports.copies', { n: copies.length })), h('ul', null, copies.map((copy) => h('li', null, told(copy.publisher ?? copy.report), copy.published && ` · ${date(copy.published)}`, ' · ', h('a.id', { href: `/reports/${copy.report}` }, copy.report),
        may('decide') && button(t('reports.not_a_copy'), () => decideHere({ kind: 'copy', report: copy.report, of: null }), { cls: 'inline' }))))));
  }

  /** @param {string|null} of @param {string} [report] */
  function choose(of, report) {
    field = field === of && !report ? null : of;
    for (const line of body.querySelectorAll('.fact')) line.classList.toggle('chosen', line.getAttribute('data-field') === field);
    const box = report ? body.querySelector(`[data-report="${CSS.escape(report)}"]`) : null;
    light(body, null);
    if (field && !(box && light(box, field))) light(body, field);
  }

  /** @param {any} decision */
  async function decideHere(decision) {
    const answer = await decide(decision, { etag, title: title(incident), after: () => load() });
    if (answer?.created) navigate(`/incidents/${answer.created}`);
    else if (answer) await load();
    return answer;
  }

  /** @param {string} kind */
  const review = (kind) => decideHere({ kind, incident: incident.id });

  async function merge() {
    const other = await dialog(t('merge.title'), (close) => {
      const input = h('input', { type: 'text', id: 'merge-with', autocomplete: 'off', placeholder: 'WP-…', required: true, autofocus: true });
      const near = h('ul.near');
      get(`/incidents/${incident.id}/near`).then(({ items }) => put(near, items.map((/** @type {any} */ one) => nearItem(one, () => close(one.incident))))).catch(() => {});
      return h('form', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); close({ id: input.value.trim().toUpperCase() }); } },
        h('p', null, t('merge.about', { id: incident.id })), near, h('label', { for: 'merge-with' }, t('merge.other')), input, h('footer', null, button(t('cancel'), () => close()), h('button.primary', { type: 'submit' }, t('key.merge'))));
    });
    if (other) await doMerge(other);
  }

  /** @param {any} other */
  const doMerge = (other) => decideHere({ kind: 'merge', incident: incident.id, from: [other.id] });

  async function split() {
    const events = await dialog(t('split.title'), (close) => {
      const form = h('form', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); const picked = [...form.querySelectorAll('input:checked')].map((one) => one.value); if (picked.length > 0 && picked.length < incident.events.length) close(picked); else note(t('split.some'), { bad: true }); } },
        h('p', null, t('split.about')), h('ul.pick', null, incident.events.map((/** @type {any} */ key) => {
          const report = reports.find((one) => one.report === key.report);
          const event = report?.events.find((/** @type {any} */ one) => one.id === key.event);
          const quote = event?.evidence?.slice().sort((/** @type {any} */ a, /** @type {any} */ b) => b.quote.length - a.quote.length)[0]?.quote;
          return h('li', null, h('label', null, h('input', { type: 'checkbox', value: `${key.report}#${key.event}` }), h('span', null, h('b', null, told(report?.publisher ?? key.report)), ' ', report?.published && date(report.published), ` · ${word('sub_event_type', event?.sub_event_type)}`, quote && h('q.quote', { dir: 'auto' }, quote.trim()))));
        })), h('footer', null, button(t('cancel'), () => close()), h('button.primary', { type: 'submit' }, t('key.split'))));
      return form;
    }, 'wide');
    if (events) await decideHere({ kind: 'split', incident: incident.id, events });
  }

  /** @param {string} of */
  async function correct(of) {
    const asked = await correctionDialog(incident, of);
    if (asked) await decideHere({ kind: 'correct', incident: incident.id, ...asked });
  }

  const step = (/** @type {number} */ by) => {
    const lines = /** @type {HTMLElement[]} */ ([...body.querySelectorAll('.fact')]);
    const at = lines.findIndex((line) => line.dataset.field === field);
    const line = lines[(at + by + lines.length) % lines.length];
    if (line) { field = null; choose(line.dataset.field ?? null); line.scrollIntoView({ block: 'nearest' }); }
  };
  const guarded = (/** @type {() => any} */ action) => () => { if (incident && may('decide')) void action(); };
  listen('incident', {
    accept: guarded(() => review('accept')), reject: guarded(() => review('reject')), not_an_event: guarded(() => review('not-an-event')), undo: guarded(() => undo(undefined, load)),
    merge: guarded(merge), split: guarded(() => { if (incident.events.length > 1) void split(); }), correct: guarded(() => correct(field ?? 'sub_event_type')), next_field: () => step(1), previous_field: () => step(-1),
  }, signal);
  void load();
}

/** A field of an incident as it is shown; null where nothing is held. @param {any} incident @param {string} of */
export function valueOf(incident, of) {
  switch (of) {
    case 'sub_event_type': return incident.sub_event_type ? h('span', null, word('sub_event_type', incident.sub_event_type), h('small', null, ` ${word('event_type', incident.event_type)}`)) : t('type.unknown');
    case 'dates': return h('span', null, days(incident), daysPrecision(incident) && h('small', null, ` ${daysPrecision(incident)}`));
    case 'place': return h('span', null, told(place(incident.place)), h('small', null, ` ${placePrecision(incident.place?.where_precision)}`));
    case 'actors': case 'recipients': return incident[of]?.length ? h('ul.parties', null, incident[of].map((/** @type {any} */ one) => h('li', null, told(party(one)), one.certainty !== 'stated' && h('span.badge', null, t(`certainty.${one.certainty}`)), one.voices > 1 && h('small', null, ` ${t('party.voices', { n: one.voices })}`)))) : h('span.dim', null, t('party.unknown'));
    default: return incident.figures?.[of] ? h('span', null, range(incident.figures[of]), incident.figures[of].disagree && h('span.badge.warn', null, t('figures.disagree'))) : null;
  }
}

/** A likely double. @param {any} one @param {() => any} action */
export function nearItem(one, action) {
  const other = one.incident;
  return h('li', null, h('div', null, h('a', { href: `/incidents/${other.id}` }, told(other.title ?? title(other))), h('small', null, [other.event_date && days(other), one.days !== undefined && t('near.days', { n: one.days }), one.km !== undefined && one.km !== null && t('near.km', { n: Math.round(one.km) }), one.why?.length > 0 && t('near.same', { what: one.why.map((/** @type {string} */ code) => t(`near.${code}`)).join(', ') })].filter(Boolean).join(' · '))),
    button(t('key.merge'), action, { icon: 'merge' }));
}

/** Asks for a correction: the field, what is right, and why. @param {any} incident @param {string} of @returns {Promise<null|{field: string, value: any, reason: string}>} */
export function correctionDialog(incident, of) {
  return dialog(t('correct.title'), (close) => {
    const select = h('select', { id: 'correct-field', onchange: () => draw() }, FIELDS.map((name) => h('option', { value: name, selected: name === of }, t(`field.${name}`))));
    const editor = h('div.editor');
    const reason = h('textarea', { id: 'correct-reason', rows: 2, required: true, placeholder: t('correct.reason_hint') });
    /** @type {() => any} */
    let value = () => null;
    const input = (/** @type {string} */ name, /** @type {any} */ now, /** @type {any} */ attributes = {}) => {
      const element = h('input', { id: `correct-${name}`, value: now ?? '', autocomplete: 'off', ...attributes });
      return { element, row: h('div.field', null, h('label', { for: `correct-${name}` }, t(`correct.${name}`)), element) };
    };
    const draw = () => {
      const name = select.value;
      if (name === 'sub_event_type') {
        const options = h('select', { id: 'correct-value' }, SUB_TYPES.map((kind) => h('option', { value: kind, selected: kind === incident.sub_event_type }, word('sub_event_type', kind))));
        put(editor, h('div.field', null, h('label', { for: 'correct-value' }, t('correct.value')), options));
        value = () => options.value;
      } else if (name === 'dates') {
        const first = input('first_day', incident.event_date, { type: 'date' });
        const last = input('last_day', incident.event_date_end, { type: 'date' });
        const precision = h('select', { id: 'correct-precision' }, [1, 2, 3, 4].map((n) => h('option', { value: String(n), selected: n === incident.time_precision }, t(`time_precision.${n}`))));
        put(editor, first.row, last.row, h('div.field', null, h('label', { for: 'correct-precision' }, t('correct.precision')), precision));
        value = () => ({ event_date: first.element.value || null, event_date_end: last.element.value || first.element.value || null, time_precision: Number(precision.value) });
      } else if (name === 'place') {
        const now = incident.place ?? {};
        const parts = { name: input('place_name', now.name), admin1: input('admin1', now.admin1), latitude: input('latitude', now.latitude, { type: 'number', step: 'any', min: -90, max: 90 }), longitude: input('longitude', now.longitude, { type: 'number', step: 'any', min: -180, max: 180 }) };
        const land = h('select', { id: 'correct-country' }, h('option', { value: '' }, ''), allCountries().map(([iso3, name2]) => h('option', { value: iso3, selected: iso3 === now.country }, name2)));
        const exact = h('select', { id: 'correct-exact' }, [1, 2, 3, 4, 5, 6, 7].map((n) => h('option', { value: String(n), selected: n === (now.where_precision ?? 1) }, placePrecision(n))));
        put(editor, parts.name.row, parts.admin1.row, h('div.field', null, h('label', { for: 'correct-country' }, t('correct.country')), land), h('div.field-pair', null, parts.latitude.row, parts.longitude.row), h('div.field', null, h('label', { for: 'correct-exact' }, t('correct.exact')), exact));
        const number2 = (/** @type {string} */ text) => (text === '' ? null : Number(text));
        value = () => {
          // What tells another place than the one that stands there belongs to that one.
          const same = parts.name.element.value === now.name && land.value === now.country;
          return { ...(same ? now : {}), name: parts.name.element.value, admin1: parts.admin1.element.value || null, country: land.value || null, latitude: number2(parts.latitude.element.value), longitude: number2(parts.longitude.element.value), where_precision: Number(exact.value) };
        };
      } else if (name === 'actors' || name === 'recipients') {
        const lines = h('textarea', { id: 'correct-value', rows: 4, value: (incident[name] ?? []).map((/** @type {any} */ one) => one.label ?? '').filter(Boolean).join('\n') });
        put(editor, h('div.field', null, h('label', { for: 'correct-value' }, t('correct.parties')), lines), h('p.dim', null, t('correct.parties_hint')));
        value = () => lines.value.split('\n').map((/** @type {string} */ label) => label.trim()).filter(Boolean).map((/** @type {string} */ label) => (incident[name] ?? []).find((/** @type {any} */ one) => one.label === label)
          ?? { kind: 'organization', label, actor_id: null, country: null, sector: null, inter_code: null, certainty: 'stated', voices: 0 });
      } else {
        const now = incident.figures?.[name] ?? {};
        const [low, best, high] = ['low', 'best', 'high'].map((part) => input(part, now[part], { type: 'number', min: 0, step: 1, inputmode: 'numeric' }));
        put(editor, h('div.field-trio', null, low.row, best.row, high.row));
        const whole = (/** @type {any} */ part) => (part.element.value === '' ? null : Number(part.element.value));
        value = () => ({ low: whole(low) ?? whole(best), best: whole(best), high: whole(high) ?? whole(best) });
      }
    };
    draw();
    return h('form', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); close({ field: select.value, value: value(), reason: reason.value.trim() }); } },
      h('div.field', null, h('label', { for: 'correct-field' }, t('correct.field')), select), editor, h('div.field', null, h('label', { for: 'correct-reason' }, t('correct.reason')), reason),
      h('p.dim', null, t('correct.about')), h('footer', null, button(t('cancel'), () => close()), h('button.primary', { type: 'submit' }, t('key.correct'))));
  }).then((answer) => answer ?? null);
}

const SUB_TYPES = ['Government regains territory', 'Non-state actor overtakes territory', 'Armed clash', 'Chemical weapon', 'Air/drone strike', 'Suicide bomb', 'Shelling/artillery/missile attack', 'Remote explosive/landmine/IED', 'Grenade', 'Sexual violence', 'Attack', 'Abduction/forced disappearance',
  'Peaceful protest', 'Protest with intervention', 'Excessive force against protesters', 'Violent demonstration', 'Mob violence', 'Agreement', 'Arrests', 'Change to group/activity', 'Disrupted weapons use', 'Headquarters or base established', 'Looting/property destruction', 'Non-violent transfer of territory', 'Other'];
