// Keys: what may be pressed where. Every key can be changed, is shown on the page, and does nothing while somebody types.
import { t } from './strings.js';

/** Keys as they come; `web/page/strings` says what each does (`key.<name>`). @type {Record<string, Record<string, string>>} */
export const DEFAULTS = {
  everywhere: { search: '/', help: '?', overview: 'g o', review: 'g r', watch: 'g w', log: 'g l' },
  list: { down: 'j', up: 'k', open: 'Enter' },
  review: { accept: 'a', reject: 'x', not_an_event: 'n', skip: 'Space', undo: 'u', flag: 'f', merge: 'm', correct: 'c', open: 'o', previous: 'k', next: 'j' },
  incident: { accept: 'a', reject: 'x', not_an_event: 'n', undo: 'u', merge: 'm', split: 's', correct: 'c', next_field: 'j', previous_field: 'k' },
};

const STORED = 'watchpost.keys';

/** @returns {Record<string, Record<string, string>>} */
function own() {
  try { return JSON.parse(localStorage.getItem(STORED) ?? '{}'); } catch { return {}; }
}

/** The key of an action. @param {string} scope @param {string} action */
export const keyOf = (scope, action) => own()[scope]?.[action] ?? DEFAULTS[scope][action];

/** All of a room. @param {string} scope @returns {[string, string][]} */
export const keysOf = (scope) => Object.keys(DEFAULTS[scope]).map((action) => [action, keyOf(scope, action)]);

/**
 * Gives an action another key. Says which action has it already, and leaves it then.
 * @param {string} scope @param {string} action @param {string} key @returns {string|null} the action in the way
 */
export function setKey(scope, action, key) {
  const taken = [...keysOf(scope), ...(scope === 'everywhere' ? [] : keysOf('everywhere'))].find(([other, its]) => its === key && other !== action);
  if (taken) return taken[0];
  const all = own();
  all[scope] = { ...all[scope], [action]: key };
  localStorage.setItem(STORED, JSON.stringify(all));
  return null;
}

export const resetKeys = () => localStorage.removeItem(STORED);

/** A key as it stands on a keyboard. @param {string} key */
export const keyCap = (key) => (key === 'Space' ? t('key.Space') : key === 'Enter' ? '↵' : key.toUpperCase().replace(' ', ' '));

/** What was pressed, as it is written here; empty where a modifier makes it the browser's. @param {KeyboardEvent} event */
export function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return '';
  return event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

const typing = (/** @type {EventTarget|null} */ target) => target instanceof Element && target.closest('input, select, textarea, [contenteditable]') !== null;

/** @type {{scope: string, actions: Record<string, (event: KeyboardEvent) => any>}[]} */
const rooms = [];
let chord = '';
let chordAt = 0;

/**
 * Listens for the keys of a room until the signal ends it.
 * @param {string} scope @param {Record<string, (event: KeyboardEvent) => any>} actions @param {AbortSignal} [signal]
 */
export function listen(scope, actions, signal) {
  const room = { scope, actions };
  rooms.push(room);
  signal?.addEventListener('abort', () => rooms.splice(rooms.indexOf(room), 1));
}

document.addEventListener('keydown', (event) => {
  const key = pressed(event);
  if (!key || event.defaultPrevented || typing(event.target) || document.querySelector('dialog[open]')) return;
  // A button or link that has the focus keeps its own keys.
  if ((key === 'Enter' || key === 'Space') && event.target instanceof Element && event.target.closest('button, a, summary, [role="tab"]')) return;
  const both = event.timeStamp - chordAt < 1000 && chord ? `${chord} ${key}` : '';
  for (const { scope, actions } of [...rooms].reverse()) {
    for (const [action, its] of keysOf(scope)) {
      if ((its === key || both !== '' && its === both) && actions[action]) {
        event.preventDefault();
        chord = '';
        actions[action](event);
        return;
      }
    }
  }
  chord = key;
  chordAt = event.timeStamp;
});
