// A report's text with the words marked that fields rest on. Offsets are code points; JavaScript counts UTF-16 units, so they are
// translated here and nowhere else.
import { h } from './dom.js';

/**
 * @typedef {{start: number, end: number, fields: Set<string>, event: string}} Span in code points
 */

/**
 * Code points to UTF-16 units, for the offsets that are asked for, in one walk.
 * @param {string} text @param {number[]} offsets
 * @returns {(offset: number) => number}
 */
export function units(text, offsets) {
  const wanted = [...new Set(offsets)].sort((a, b) => a - b);
  /** @type {Map<number, number>} */
  const found = new Map();
  let points = 0;
  let at = 0;
  for (const offset of wanted) {
    while (points < offset && at < text.length) {
      const code = text.charCodeAt(at);
      const pair = code >= 0xd800 && code <= 0xdbff && at + 1 < text.length && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
      at += pair ? 2 : 1;
      points += 1;
    }
    found.set(offset, at);
  }
  return (offset) => found.get(offset) ?? text.length;
}

/**
 * What each event of a report points at: its evidence, the mentions of its sides, its figures, its places.
 * @param {any} event a coded event
 * @returns {Span[]}
 */
export function spansOf(event) {
  /** @type {Span[]} */
  const spans = [];
  const add = (/** @type {any} */ at, /** @type {string[]} */ ...fields) => {
    if (at && Number.isInteger(at.start) && Number.isInteger(at.end) && at.end > at.start) spans.push({ start: at.start, end: at.end, fields: new Set(fields), event: event.id });
  };
  for (const evidence of event.evidence ?? []) add(evidence, 'evidence', ...(evidence.supports ?? []).map(fieldOf));
  for (const place of event.places ?? []) add(place, 'place');
  for (const [list, field] of [['actors', 'actors'], ['recipients', 'recipients'], ['reported_by', 'reported_by']]) {
    for (const one of event[list] ?? []) for (const mention of one.mentions ?? []) add(mention, field);
  }
  for (const harm of HARMS) for (const count of event[harm] ?? []) add(count, harm);
  for (const weapon of event.weapons ?? []) for (const mention of weapon.mentions ?? []) add(mention, 'weapons');
  return spans;
}

export const HARMS = ['killed', 'injured', 'killed_or_injured', 'abducted', 'arrested', 'missing', 'escaped', 'displaced'];

/** Paths of the coded document as fields of an incident. @param {string} path */
export function fieldOf(path) {
  const head = path.split(/[.[]/)[0];
  if (/^event_date|^time_precision|^date_/.test(head)) return 'dates';
  if (head === 'places' || head === 'where_precision') return 'place';
  if (head === 'event_type' || head === 'plover' || head === 'cameo' || head === 'type_of_violence') return 'sub_event_type';
  if (head === 'deaths') return 'killed';
  return head;
}

/**
 * The text, cut where a span begins or ends, each piece marked with the fields that rest on it.
 * @param {string} text @param {Span[]} spans
 * @returns {Node[]} paragraphs
 */
export function marked(text, spans) {
  const whole = spans.filter((span) => span.end > span.start);
  const unit = units(text, whole.flatMap((span) => [span.start, span.end]));
  const cuts = [...new Set([0, text.length, ...whole.flatMap((span) => [unit(span.start), unit(span.end)])])].sort((a, b) => a - b);
  const placed = whole.map((span) => ({ from: unit(span.start), to: unit(span.end), fields: span.fields }));
  const paragraphs = [];
  let paragraph = h('p', { dir: 'auto' });
  const flush = () => { if (paragraph.hasChildNodes()) paragraphs.push(paragraph); paragraph = h('p', { dir: 'auto' }); };
  for (let at = 0; at + 1 < cuts.length; at += 1) {
    const [from, to] = [cuts[at], cuts[at + 1]];
    const fields = new Set();
    for (const span of placed) if (span.from <= from && span.to >= to) for (const field of span.fields) fields.add(field);
    const pieces = text.slice(from, to).split(/\r?\n[ \t]*\r?\n/);
    pieces.forEach((piece, index) => {
      if (index > 0) flush();
      if (piece) paragraph.append(fields.size > 0 ? h(fields.has('evidence') ? 'mark.sentence' : 'mark', { 'data-fields': [...fields].join(' ') }, piece) : piece);
    });
  }
  flush();
  return paragraphs;
}

/**
 * Lights up what a field rests on, and brings the first of it into view.
 * @param {ParentNode} root @param {string|null} field
 */
export function light(root, field) {
  /** @type {Element|null} */
  let first = null;
  for (const piece of root.querySelectorAll('mark[data-fields]')) {
    const lit = field !== null && (piece.getAttribute('data-fields') ?? '').split(' ').includes(field);
    piece.classList.toggle('lit', lit);
    first ??= lit ? piece : null;
  }
  /** @type {Element|null} */ (first)?.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
  return first !== null;
}

/**
 * The sentences that an event gives for a field, the shortest that say it.
 * @param {any} event @param {string} field @returns {{quote: string, start: number}[]}
 */
export function quotes(event, field) {
  const all = (event?.evidence ?? []).map((/** @type {any} */ e) => ({ quote: e.quote.trim(), start: e.start, end: e.end, fields: (e.supports ?? []).map(fieldOf) }));
  const mine = all.filter((/** @type {any} */ e) => e.fields.includes(field));
  if (mine.length > 0) return mine;
  // Nothing names the field: the sentences that hold its words.
  const words = spansOf(event).filter((span) => span.fields.has(field));
  return all.filter((/** @type {any} */ e) => words.some((span) => span.start >= e.start && span.end <= e.end));
}

/**
 * The words of a sentence that a field rests on, with a little of what stands around them.
 * @param {{quote: string, start: number}} sentence @param {any} event @param {string} field
 * @returns {import('./dom.js').Child[]|null} null where the field has no words of its own there
 */
export function excerpt(sentence, event, field) {
  const points = [...sentence.quote];
  const words = spansOf(event).filter((span) => !span.fields.has('evidence') && span.fields.has(field) && span.start >= sentence.start && span.end <= sentence.start + points.length + 2);
  if (words.length === 0) return null;
  const first = words.reduce((a, b) => (b.start < a.start ? b : a));
  const [from, to] = [first.start - sentence.start, Math.min(first.end - sentence.start, points.length)];
  const begin = from > 60 ? nextSpace(points, from - 50) : 0;
  const end = points.length - to > 75 ? lastSpace(points, to + 65) : points.length;
  return [begin > 0 && '… ', points.slice(begin, from).join(''), h('mark', null, points.slice(from, to).join('')), points.slice(to, end).join(''), end < points.length && ' …'];
}

const nextSpace = (/** @type {string[]} */ points, /** @type {number} */ at) => { const found = points.indexOf(' ', at); return found < 0 ? at : found + 1; };
const lastSpace = (/** @type {string[]} */ points, /** @type {number} */ at) => { const found = points.lastIndexOf(' ', at); return found < 0 ? at : found; };
