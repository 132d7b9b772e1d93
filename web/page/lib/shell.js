// What stands around every page: the bar, dialogs, notes, what is heard from the program.
import { Problem, leave, may, meta, offers } from './api.js';
import { button, h, icon, put } from './dom.js';
import { loginForm } from './login.js';
import { DEFAULTS, keyCap, keyOf, keysOf, listen, pressed, resetKeys, setKey } from './keys.js';
import { t } from './strings.js';

/** Pages in the bar: path, name in the catalogue, and the endpoint without which there is no such page. */
const PAGES = [['/', 'overview'], ['/review', 'review', '/queue'], ['/watch', 'watch', '/watch/situations'], ['/statements', 'statements', '/statements'], ['/reports', 'reports'], ['/sources', 'sources', '/sources'], ['/log', 'log'], ['/sitrep', 'sitrep']];

/** @type {(path: string) => void} */
let go = () => {};
const notes = h('div.notes', { role: 'status', 'aria-live': 'polite' });
const alarm = h('div.visually-hidden', { role: 'alert' });

/** Builds the bar around `main`. @param {HTMLElement} main @param {(path: string) => void} navigate */
export function build(main, navigate) {
  go = navigate;
  if (meta?.login && !meta.user) {
    document.body.prepend(h('a.skip', { href: '#main' }, t('nav.skip')), h('header.bar', null, h('a.mark', { href: '/login' }, h('span.wordmark', null, 'Watchpost'), h('span.project', null, meta.project.name)), h('div.bar-tools', null, theme())));
    document.body.append(notes, alarm);
    return;
  }
  const nav = h('nav', { 'aria-label': t('nav.label'), id: 'nav' }, h('ul', null, PAGES.map(([path, name, needs]) => {
    const item = h('li', { hidden: needs !== undefined }, h('a', { href: path, 'data-page': name }, t(`nav.${name}`)));
    if (needs) void offers(needs).then((there) => { item.hidden = !there; });
    return item;
  })));
  const menu = button(t('nav.menu'), () => {
    const open = nav.classList.toggle('open');
    menu.setAttribute('aria-expanded', String(open));
  }, { icon: 'menu', bare: true, cls: 'quiet.menu' });
  menu.setAttribute('aria-expanded', 'false');
  menu.setAttribute('aria-controls', 'nav');
  nav.addEventListener('click', () => { nav.classList.remove('open'); menu.setAttribute('aria-expanded', 'false'); });
  const search = h('input', { type: 'search', name: 'text', placeholder: t('search.placeholder'), 'aria-label': t('search.label'), autocomplete: 'off', spellcheck: 'false' });
  const form = h('form.search', { role: 'search', onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = search.value.trim();
    search.blur();
    if (/^WP-[0-9A-Z]{12}$/i.test(text)) go(`/incidents/${text.toUpperCase()}`);
    else if (/^R-[0-9a-f]+$/i.test(text)) go(`/reports/R-${text.slice(2).toLowerCase()}`);
    else {
      const query = new URLSearchParams(location.pathname === '/' ? location.search : '');
      if (text) query.set('text', text); else query.delete('text');
      go(`/${query.toString() ? `?${query}` : ''}`);
    }
  } }, icon('search'), search, h('kbd', { 'aria-hidden': 'true' }, keyCap(keyOf('everywhere', 'search'))));
  document.body.prepend(
    h('a.skip', { href: '#main' }, t('nav.skip')),
    h('header.bar', null, menu,
      h('a.mark', { href: '/' }, h('span.wordmark', null, 'Watchpost'), meta?.project && h('span.project', null, meta.project.name)),
      nav, form, h('div.bar-tools', null, live(), theme(), button(t('keys.title'), keysDialog, { icon: 'keys', bare: true }), menuOfOnes())),
  );
  document.body.append(notes, alarm);
  listen('everywhere', {
    search: () => search.focus(),
    help: keysDialog,
    overview: () => go('/'),
    review: () => go('/review'),
    watch: () => go('/watch'),
    log: () => go('/log'),
  });
  main.focus({ preventScroll: true });
}

/** Who is here, and what is theirs; where to read on. */
function menuOfOnes() {
  const list = h('ul.own-menu', { popover: 'auto', id: 'own-menu' });
  const entry = (/** @type {any} */ what) => h('li', null, what);
  const close = (/** @type {() => any} */ action) => () => { list.hidePopover(); action(); };
  put(list, meta?.login && meta.user && entry(h('p', null, h('b', null, h('bdi', null, meta.user.name)), h('small', null, t(`role.${meta.user.role}`)))),
    meta?.login && entry(h('a', { href: '/account' }, t('nav.account'))),
    meta?.login && may('accounts') && entry(h('a', { href: '/people' }, t('nav.people'))),
    entry(button(t('about.title'), close(aboutDialog))), entry(button(t('keys.title'), close(keysDialog))),
    meta?.login && entry(button(t('account.leave'), close(signOut))));
  list.addEventListener('click', (/** @type {MouseEvent} */ event) => { if (event.target instanceof Element && event.target.closest('a')) list.hidePopover(); });
  return [h('button.quiet.bare.own', { type: 'button', popovertarget: 'own-menu', 'aria-label': t(meta?.login ? 'account.menu_of' : 'account.menu', { name: meta?.user?.name ?? '' }), title: t('account.menu') }, icon('person'), meta?.login && h('span.own-name', null, meta?.user?.name ?? '')), list];
}

/** Logs out, and leaves nothing of it on the screen. */
export async function signOut() {
  try { await leave(); location.assign('/login'); } catch (error) { trouble(error); }
}

let asking = false;
/** Asks who is there once more, over the page: what was typed on it stays. */
export async function again() {
  if (asking) return;
  asking = true;
  const before = meta.user.name;
  const entered = await dialog(t('login.again'), (close) => [h('p', null, t('login.again_why')), loginForm(() => close(true), before)]);
  asking = false;
  if (!entered) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  else if (meta.user?.name !== before) location.reload();
  else { note(t('login.back')); dispatchEvent(new Event('watchpost:entered')); }
}

/** What this is, and where programs find the same. */
export function aboutDialog() {
  const address = (/** @type {string} */ name, /** @type {string} */ path) => h('div', null, h('dt', null, t(`about.${name}`)), h('dd', null, h('code', null, `${location.origin}${path}`), button(t('copy'), () => copy(`${location.origin}${path}`), { icon: 'copy', bare: true, cls: 'quiet.mini' }), h('small', null, t(`about.${name}_how`))));
  return dialog(t('about.title'), () => [h('p', null, t('about.what')),
    h('dl.addresses', null, address('api', '/api/v1'), address('feeds', '/feeds/incidents.atom'), address('ogc', '/ogc')),
    h('p', null, h('a', { href: '/api/v1/docs', target: '_blank' }, t('about.docs'))),
    meta?.login && h('p.why', null, t('about.token')), h('p.why', null, t('about.version', { version: meta?.version ?? '' }))], 'wide');
}

/** Marks the page that is open. @param {string} name @param {string} title */
export function mark(name, title) {
  for (const link of document.querySelectorAll('header.bar nav a')) {
    if (link.getAttribute('data-page') === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${title} · Watchpost`;
  const search = /** @type {HTMLInputElement|null} */ (document.querySelector('header.bar input[type=search]'));
  if (search && document.activeElement !== search) search.value = name === 'overview' ? new URLSearchParams(location.search).get('text') ?? '' : '';
}

function theme() {
  const order = ['auto', 'light', 'dark'];
  const apply = (/** @type {string} */ name) => { document.documentElement.dataset.theme = name; dispatchEvent(new Event('watchpost:theme')); };
  let now = localStorage.getItem('watchpost.theme') ?? 'auto';
  apply(now);
  // What is drawn in colours of its own is drawn anew when the system turns dark.
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => dispatchEvent(new Event('watchpost:theme')));
  const toggle = button(t('theme.toggle'), () => {
    now = order[(order.indexOf(now) + 1) % order.length];
    localStorage.setItem('watchpost.theme', now);
    apply(now);
    note(t(`theme.${now}`));
  }, { icon: 'theme', bare: true });
  return toggle;
}

/** Whether the page is dark now. */
export const dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen === 'dark' || chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches;
};

/** Says when something was changed by others, and when the program cannot be heard. */
function live() {
  const light = h('button.live', { type: 'button', hidden: true, onclick: () => { light.hidden = true; dispatchEvent(new CustomEvent('watchpost:refresh')); } },
    icon('refresh'), h('span', null, t('live.changed')));
  const cut = h('span.cut', { hidden: true }, t('live.cut'));
  const events = new EventSource('/api/v1/events');
  /** @type {string|undefined} */
  let head;
  events.addEventListener('change', (event) => {
    const told = JSON.parse(event.data).head;
    if (told === head) return;
    head = told;
    if (performance.now() - ours > 2000) light.hidden = false;
  });
  let heard = false;
  events.onopen = () => { heard = true; cut.hidden = true; };
  events.onerror = () => { cut.hidden = events.readyState !== EventSource.CONNECTING || !heard; };
  addEventListener('pagehide', () => events.close());
  return h('span.live-box', null, light, cut);
}

let ours = -10_000;
/** What is heard next is of our own doing. */
export const ourOwn = () => { ours = performance.now(); };

/**
 * A line at the foot of the page, with one thing to do about it.
 * @param {string} text @param {{label?: string, action?: () => any, bad?: boolean, stay?: boolean}} [how]
 */
export function note(text, how = {}) {
  const line = h(how.bad ? 'div.note.bad' : 'div.note', null, h('span', null, text),
    how.label && button(how.label, () => { line.remove(); how.action?.(); }, { cls: 'inline' }),
    button(t('close'), () => line.remove(), { icon: 'close', bare: true }));
  notes.append(line);
  while (notes.children.length > 3) notes.firstElementChild?.remove();
  if (!how.stay) setTimeout(() => line.remove(), how.bad ? 15_000 : 8_000);
  return line;
}

/** What went wrong, what was expected, what to do. @param {unknown} error */
export function trouble(error) {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  note(explain(error), { bad: true });
}

/** @param {unknown} error @param {boolean} [away] whether it is said elsewhere than where it is wrong */
export function explain(error, away = true) {
  if (error instanceof Problem) {
    const { title, detail, where, expected, hint } = error.body;
    return [detail ?? title ?? t('error.status', { status: String(error.status) }), away && where && t('error.where', { where }), expected && t('error.expected', { expected }), hint].filter(Boolean).join(' · ');
  }
  if (error instanceof TypeError) return t('error.unreachable');
  return error instanceof Error ? error.message : String(error);
}

/** A block in the place of what could not be had. @param {unknown} error @param {() => void} [again] */
export function failure(error, again) {
  if (error instanceof DOMException && error.name === 'AbortError') return null;
  return h('div.failure', { role: 'alert' }, h('p', null, explain(error)), again && button(t('error.again'), again, { icon: 'refresh' }));
}

/** Said to those who hear the page. @param {string} text */
export const say = (text) => { put(alarm, text); };

/**
 * A dialog; it closes with Escape and gives the focus back.
 * @param {string} title @param {(close: (value?: any) => void) => any} fill what stands in it @param {string} [cls]
 * @returns {Promise<any>}
 */
export function dialog(title, fill, cls = '') {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const box = h(`dialog${cls ? `.${cls}` : ''}`, { 'aria-labelledby': 'dialog-title' });
    let value;
    const close = (/** @type {any} */ given = undefined) => { value = given; box.close(); };
    box.append(h('header', null, h('h2', { id: 'dialog-title' }, title), button(t('close'), () => close(), { icon: 'close', bare: true })));
    put(box.appendChild(h('div.dialog-body')), fill(close));
    box.addEventListener('close', () => {
      box.remove();
      if (before instanceof HTMLElement) before.focus();
      resolve(value);
    });
    box.addEventListener('click', (/** @type {MouseEvent} */ event) => { if (event.target === box) close(); });
    document.body.append(box);
    box.showModal();
  });
}

/** A question with a yes. @param {string} text @param {{yes: string, reason?: boolean, title?: string}} how @returns {Promise<false|{reason: string}>} */
export async function ask(text, how) {
  const answer = await dialog(how.title ?? how.yes, (close) => {
    const reason = h('textarea', { name: 'reason', rows: 2, id: 'ask-reason' });
    return h('form', { method: 'dialog', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); close({ reason: reason.value.trim() }); } },
      h('p', null, text), how.reason && [h('label', { for: 'ask-reason' }, t('decide.reason')), reason],
      h('footer', null, button(t('cancel'), () => close()), h('button.primary', { type: 'submit' }, how.yes)));
  });
  return answer ?? false;
}

/** The keys, each to be changed where it stands. */
export function keysDialog() {
  return dialog(t('keys.title'), () => {
    const body = h('div.keys');
    const draw = () => put(body, h('p.dim', null, t('keys.how')), Object.keys(DEFAULTS).map((scope) => h('section', null, h('h3', null, t(`keys.${scope}`)), h('dl', null,
      keysOf(scope).map(([action, key]) => [h('dt', null, t(`key.${action}`)), h('dd', null, h('button.cap', {
        type: 'button', 'aria-label': t('keys.change', { action: t(`key.${action}`), key: keyCap(key) }), onclick: (/** @type {MouseEvent} */ event) => record(/** @type {HTMLElement} */ (event.currentTarget), scope, action),
      }, h('kbd', null, keyCap(key))))])))), h('footer', null, button(t('keys.reset'), () => { resetKeys(); draw(); }, { icon: 'undo' })));
    const record = (/** @type {HTMLElement} */ cap, /** @type {string} */ scope, /** @type {string} */ action) => {
      put(cap, t('keys.press'));
      cap.addEventListener('keydown', (event) => {
        const key = pressed(event);
        if (!key || key === 'Tab' || key === 'Shift') return;
        event.preventDefault();
        event.stopPropagation();
        const taken = key === 'Escape' ? null : setKey(scope, action, key);
        draw();
        if (taken) note(t('keys.taken', { key: keyCap(key), action: t(`key.${taken}`) }), { bad: true });
      }, { once: true });
    };
    draw();
    return body;
  }, 'wide');
}

/** Keys of a room beside the page. @param {string} scope @param {string[]} [only] */
export const keyList = (scope, only) => h('dl.key-list', null, keysOf(scope).filter(([action]) => !only || only.includes(action))
  .map(([action, key]) => h('div', null, h('dt', null, h('kbd', null, keyCap(key))), h('dd', null, t(`key.${action}`)))));

/** @param {string} path */
export const navigate = (path) => go(path);

/** Puts text on the clipboard, also where the browser has no clipboard for insecure origins. @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h('textarea.visually-hidden', null, text);
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  note(t('copied'));
}
