// Elements are made here and nowhere else. Text goes in as text: nothing on the page is ever parsed as HTML, so that a report can
// say whatever it likes.

/**
 * What can stand inside an element.
 * @typedef {Node|string|number|null|undefined|false|Child[]} Child
 */

/**
 * Attributes, properties (`value`, `checked`, …), `class`, `data-…`, `on…` listeners. `false`, `null` and `undefined` leave one out.
 * @typedef {Record<string, any>} Attributes
 */

const PROPERTIES = new Set(['value', 'checked', 'selected', 'disabled', 'hidden', 'open', 'indeterminate']);

/**
 * @param {Element} element
 * @param {Attributes|null|undefined} attributes
 * @param {Child[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false && !PROPERTIES.has(name)) continue;
    if (name.startsWith('on') && typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
}

/**
 * Puts children into a node.
 * @param {Node} node
 * @param {Child[]} children
 */
export function append(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(node, child);
    else node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/**
 * An element: `h('button.quiet', {type: 'button', onclick}, label)`.
 * @param {string} selector a tag with classes
 * @param {Attributes|null} [attributes]
 * @param {...Child} children
 * @returns {any}
 */
export function h(selector, attributes, ...children) {
  const [tag, ...classes] = selector.split('.');
  const element = document.createElement(tag || 'div');
  if (classes.length > 0) element.className = classes.join(' ');
  fill(element, attributes, children);
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The same for drawings.
 * @param {string} selector
 * @param {Attributes|null} [attributes]
 * @param {...Child} children
 * @returns {any}
 */
export function s(selector, attributes, ...children) {
  const [tag, ...classes] = selector.split('.');
  const element = document.createElementNS(SVG, tag);
  if (classes.length > 0) element.setAttribute('class', classes.join(' '));
  fill(element, attributes, children);
  return element;
}

/**
 * Replaces what stands in a node.
 * @template {Element} T
 * @param {T} node
 * @param {...Child} children
 * @returns {T}
 */
export function put(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Words that come from a record and not from us: in whichever direction their script runs. @param {Child} text @param {string} [cls] */
export const told = (text, cls = '') => h(cls ? `bdi.${cls}` : 'bdi', null, text);

/**
 * A link to a page of the world outside: only http and https, and nothing of ours is told to it. What is no such address stays text.
 * @param {string|null|undefined} url
 * @param {Child} text
 */
export function outside(url, text) {
  /** @type {string|null} */
  let safe = null;
  try {
    const parsed = new URL(url ?? '');
    if (parsed.protocol === 'https:' || parsed.protocol === 'http:') safe = parsed.href;
  } catch { /* stays text */ }
  return safe ? h('a.outside', { href: safe, rel: 'noreferrer noopener external', target: '_blank' }, text) : told(text);
}

/** @type {Record<string, string>} Our own drawings, 16 by 16, stroked. */
const ICONS = {
  search: 'M7 12a5 5 0 1 1 0-10 5 5 0 0 1 0 10Zm3.6-1.4L14 14',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3 8.5l3.2 3.2L13 5',
  cross: 'M4 4l8 8M12 4l-8 8',
  none: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12ZM3.8 12.2l8.4-8.4',
  merge: 'M4 2v3c0 3 4 3 4 6v3M12 2v3c0 3-4 3-4 6',
  split: 'M8 2v3c0 3-4 3-4 6v3M8 5c0 3 4 3 4 6v3',
  edit: 'M3 13l.8-3L10.5 3.3a1.2 1.2 0 0 1 1.7 0l.5.5a1.2 1.2 0 0 1 0 1.7L6 12.2 3 13Z',
  undo: 'M6 3L3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H7',
  flag: 'M4 14V2.5h8l-2 3 2 3H4',
  link: 'M6.5 9.5l3-3M7 4.5l1.2-1.2a2.8 2.8 0 0 1 4 4L11 8.6M9 11.5l-1.2 1.2a2.8 2.8 0 0 1-4-4L5 7.4',
  download: 'M8 2v8M4.8 7L8 10.2 11.2 7M3 13.5h10',
  play: 'M5 3l8 5-8 5V3Z',
  pause: 'M5 3v10M11 3v10',
  draw: 'M3 5l5-2 5 3-1 6-7 1-2-8Z',
  filter: 'M2 4h12M4.5 8h7M6.5 12h3',
  print: 'M4.5 6V2.5h7V6M4.5 11.5H3v-5h10v5h-1.5M4.5 9.5h7v4h-7v-4Z',
  theme: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12ZM8 2v12',
  keys: 'M2 4.5h12v7H2v-7ZM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5 9.3h6',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  next: 'M6 3l5 5-5 5',
  back: 'M10 3L5 8l5 5',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.6M13 2.5V5h-2.5',
  copy: 'M5.5 5.5h8v8h-8v-8ZM3.5 10.5h-1v-8h8v1',
  person: 'M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8ZM2.8 14c.4-2.8 2.5-4.2 5.2-4.2s4.8 1.4 5.2 4.2',
  feed: 'M3.5 12.5h.01M3 8a5 5 0 0 1 5 5M3 3.5A9.5 9.5 0 0 1 12.5 13',
  remove: 'M3 4.5h10M6.3 4.5v-2h3.4v2M4.3 4.5l.6 9h6.2l.6-9M6.8 7v4M9.2 7v4',
  star: 'M8 2.2l1.7 3.6 3.9.5-2.9 2.7.8 3.9L8 11l-3.5 1.9.8-3.9L2.4 6.3l3.9-.5L8 2.2Z',
};

/** A drawing beside words; it says nothing by itself. @param {string} name @param {string} [cls] */
export const icon = (name, cls = 'icon') =>
  s(`svg.${cls}`, { viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' }, s('path', { d: ICONS[name] ?? ICONS.none }));

/**
 * A button that says in words what it does, whether or not the words are seen.
 * @param {string} label
 * @param {(event: MouseEvent) => any} action
 * @param {{icon?: string, cls?: string, key?: string, bare?: boolean, title?: string, pressed?: boolean, disabled?: boolean, type?: string}} [how]
 */
export function button(label, action, how = {}) {
  return h(`button.${how.cls ?? 'quiet'}${how.bare ? '.bare' : ''}`, {
    type: how.type ?? 'button',
    onclick: action,
    'aria-label': how.bare ? label : null,
    title: how.title ?? (how.bare ? label : null),
    'aria-pressed': how.pressed === undefined ? null : String(how.pressed),
    disabled: how.disabled ?? false,
  }, how.icon && icon(how.icon), !how.bare && h('span', null, label), how.key && h('kbd', { 'aria-hidden': 'true' }, how.key));
}
