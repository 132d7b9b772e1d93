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
  for (const evidence of event.evidence ?? []) {
    // Sentences tell what happened; the other spans are the words of single fields.
    const whole = (evidence.supports ?? []).includes('sub_event_type');
    add(evidence, ...(whole ? ['evidence'] : []), ...(evidence.supports ?? []).map(fieldOf));
  }
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
  if (head === 'event_type' || head === 'trigger' || head === 'plover' || head === 'cameo' || head === 'type_of_violence') return 'sub_event_type';
  if (head === 'deaths') return 'killed';
  return head;
}

/**
 * @typedef {{from: number, to: number, fields: Set<string>}} Placed in UTF-16 units
 */

/** @param {string} text @param {Span[]} spans @returns {Placed[]} */
function placed(text, spans) {
  const unit = units(text, spans.flatMap((span) => [span.start, span.end]));
  return spans.map((span) => ({ from: unit(span.start), to: unit(span.end), fields: span.fields })).filter((span) => span.to > span.from);
}

/**
 * A part of a text, cut where a span begins or ends: each piece with the fields that rest on it.
 * @param {string} text @param {number} from @param {number} to @param {Placed[]} spans
 * @returns {{piece: string, fields: Set<string>}[]}
 */
function pieces(text, from, to, spans) {
  const near = spans.filter((span) => span.from < to && span.to > from);
  const cuts = [...new Set([from, to, ...near.flatMap((span) => [span.from, span.to]).filter((at) => at > from && at < to)])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, at) => {
    const fields = new Set();
    for (const span of near) if (span.from <= start && span.to >= cuts[at + 1]) for (const field of span.fields) fields.add(field);
    return { piece: text.slice(start, cuts[at + 1]), fields };
  });
}

/** @param {string} piece @param {Set<string>} fields */
const lit = (piece, fields) => (fields.size === 0 ? document.createTextNode(piece) : h([...fields].every((field) => QUIET.has(field)) ? 'mark.sentence' : 'mark', { 'data-fields': [...fields].join(' ') }, piece));

/**
 * The text in paragraphs, marked where something rests on it.
 * @param {string} text @param {Span[]} spans
 * @returns {Node[]}
 */
export function marked(text, spans) {
  const paragraphs = [];
  let paragraph = h('p', { dir: 'auto' });
  for (const { piece, fields } of pieces(text, 0, text.length, placed(text, spans))) {
    piece.split(/\r?\n[ \t]*\r?\n/).forEach((part, at) => {
      if (at > 0) {
        if (paragraph.hasChildNodes()) paragraphs.push(paragraph);
        paragraph = h('p', { dir: 'auto' });
      }
      if (part) paragraph.append(lit(part, fields));
    });
  }
  if (paragraph.hasChildNodes()) paragraphs.push(paragraph);
  return paragraphs;
}

/**
 * Where sentences end. A line that is broken in the middle of a paragraph ends none.
 * @param {string} text @returns {[number, number][]}
 */
function sentences(text) {
  const flowing = text.replace(/(?<!\n)\r?\n(?![ \t]*\r?\n)/g, (end) => ' '.repeat(end.length));
  return [...new Intl.Segmenter('en', { granularity: 'sentence' }).segment(flowing)].map((one) => [one.index, one.index + one.segment.length]);
}

/**
 * The sentences that something rests on, those that follow each other together.
 * @param {string} text @param {Span[]} spans
 * @returns {Node[][]}
 */
export function passages(text, spans) {
  const at = placed(text, spans);
  /** @type {[number, number, boolean][]} */
  const joined = [];
  for (const [from, to] of sentences(text)) {
    const last = joined[joined.length - 1];
    const kept = at.some((span) => span.from < to && span.to > from);
    // A full stop inside of what was read as one sentence is an abbreviation's.
    const inside = last && at.some((span) => span.from < from && span.to > from);
    if (last && (inside || last[2] === kept && !/\n\s*\n\s*$/.test(text.slice(last[0], last[1])))) { last[1] = to; last[2] ||= kept; } else joined.push([from, to, kept]);
  }
  return joined.filter(([, , kept]) => kept).map(([from, to]) => {
    const part = text.slice(from, to);
    const begin = from + (part.length - part.trimStart().length);
    const end = to - (part.length - part.trimEnd().length);
    return pieces(text, begin, end, at).map(({ piece, fields }) => (fields.size === 0 || [...fields].every((field) => field === 'evidence' || field === 'sub_event_type' && fields.has('evidence') || QUIET.has(field)) ? document.createTextNode(piece) : h('mark', { 'data-fields': [...fields].join(' ') }, piece)));
  }).filter((nodes) => nodes.length > 0);
}

/** Fields that are told by whole sentences, or are of no weight by themselves. */
const QUIET = new Set(['evidence', 'realis', 'completion', 'reported_by', 'sub_event_type']);

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
 * The words of a report that a field of an event rests on, with what stands around them.
 * @param {string} text @param {any} event @param {string} field
 * @returns {{key: string, words: import('./dom.js').Child[]}|null} `key` is where they stand
 */
export function excerpt(text, event, field) {
  const mine = spansOf(event).filter((span) => span.fields.has(field));
  // Words rather than sentences, and those of the story rather than of its headline.
  const words = mine.filter((span) => !span.fields.has('evidence'));
  const body = [...text.slice(0, text.indexOf('\n') + 1 || 0)].length;
  const span = words.find((one) => one.start >= body) ?? words[0] ?? mine.find((one) => one.start >= body) ?? mine[0];
  if (!span) return null;
  const [{ from, to }] = placed(text, [span]);
  const [start, end] = sentences(text).filter(([a, b]) => a < to && b > from).reduce(([a, b], [c, d]) => [Math.min(a, c), Math.max(b, d)], [from, to]);
  const before = text.slice(start, from).replace(/\s+/g, ' ').trimStart();
  const after = text.slice(to, end).replace(/\s+/g, ' ').trimEnd();
  const cutBefore = before.length > 70 ? before.slice(before.indexOf(' ', before.length - 60) + 1) : before;
  const cutAfter = after.length > 85 ? after.slice(0, Math.max(after.lastIndexOf(' ', 75), 0)) : after;
  return {
    key: `${start} ${from}`,
    words: [cutBefore !== before && '… ', cutBefore, span.fields.has('evidence') ? text.slice(from, to).replace(/\s+/g, ' ') : h('mark', null, text.slice(from, to).replace(/\s+/g, ' ')), cutAfter, cutAfter !== after && ' …'],
  };
}
