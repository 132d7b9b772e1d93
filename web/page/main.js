// The page's beginning: words, what the program says of itself, the bar, then the page that the address names.
import { loadMeta, meta } from './lib/api.js';
import { h, put } from './lib/dom.js';
import { again, build, failure, mark } from './lib/shell.js';
import { loadStrings, t } from './lib/strings.js';

/**
 * What a page is given.
 * @typedef {{root: HTMLElement, query: URLSearchParams, params: string[], signal: AbortSignal,
 *   go: (path: string) => void, replace: (query: URLSearchParams) => void, push: (query: URLSearchParams) => void}} Context
 */
/**
 * What a page's module exports: `show` builds it, and gives back what is done when only the query of its address changes.
 * @typedef {{show: (context: Context) => void|((query: URLSearchParams) => void)}} Page
 */

/** @type {[RegExp, string, () => Promise<Page>][]} */
const ROUTES = [
  [/^\/$/, 'overview', () => import('./pages/overview.js')],
  [/^\/incidents?\/([\w-]+)$/, 'incident', () => import('./pages/incident.js')],
  [/^\/reports\/([\w-]+)$/, 'reports', () => import('./pages/report.js')],
  [/^\/reports$/, 'reports', () => import('./pages/reports.js')],
  [/^\/(?:review|queue)$/, 'review', () => import('./pages/review.js')],
  [/^\/watch(?:\/([\w.:-]+))?$/, 'watch', () => import('./pages/watch.js')],
  [/^\/statements$/, 'statements', () => import('./pages/statements.js')],
  [/^\/sources$/, 'sources', () => import('./pages/sources.js')],
  [/^\/log$/, 'log', () => import('./pages/log.js')],
  [/^\/sitrep$/, 'sitrep', () => import('./pages/sitrep.js')],
  [/^\/login$/, 'login', () => import('./pages/login.js')],
  [/^\/account$/, 'account', () => import('./pages/account.js')],
  [/^\/people$/, 'people', () => import('./pages/people.js')],
];

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
let ending = new AbortController();
/** @type {null|((query: URLSearchParams) => void)} */
let update = null;
let open = '';
/** @type {Map<string, number>} How far a page was scrolled, so that going back goes back. */
const scrolled = new Map();

/** @param {string} path @param {boolean} [replace] */
function go(path, replace = false) {
  const url = new URL(path, location.href);
  if (url.origin !== location.origin) { location.assign(url); return; }
  scrolled.set(open + location.search, main.scrollTop);
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  void show(!replace);
}

/** @param {boolean} [fresh] not come back to */
async function show(fresh = false) {
  const query = new URLSearchParams(location.search);
  if (location.pathname === open && update) { update(query); return; }
  ending.abort();
  ending = new AbortController();
  const { signal } = ending;
  open = location.pathname;
  update = null;
  const route = ROUTES.find(([pattern]) => pattern.test(open));
  const page = h('div.page');
  if (!route) {
    mark('', t('missing.title'));
    put(main, h('div.empty', null, h('h1', { tabindex: '-1' }, t('missing.title')), h('p', null, h('a', { href: '/' }, t('missing.home')))));
    return;
  }
  const [pattern, name, load] = route;
  mark(name, t(`nav.${name}`));
  main.dataset.page = name;
  try {
    const module = await load();
    if (signal.aborted) return;
    put(main, page);
    const params = [...(pattern.exec(open) ?? [])].slice(1);
    const context = {
      root: page, query, params, signal, go,
      replace: (/** @type {URLSearchParams} */ next) => go(`${open}${next.toString() ? `?${next}` : ''}`, true),
      push: (/** @type {URLSearchParams} */ next) => go(`${open}${next.toString() ? `?${next}` : ''}`),
    };
    update = module.show(context) ?? null;
    main.scrollTop = fresh ? 0 : scrolled.get(open + location.search) ?? 0;
    // A page may have put the focus where one writes first.
    if (fresh && !page.contains(document.activeElement)) /** @type {HTMLElement|null} */ (main.querySelector('h1'))?.focus({ preventScroll: true });
  } catch (error) {
    put(main, failure(error, () => location.reload()));
  }
}

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.hash && link.pathname === location.pathname) return;
  if (/^\/(api|feeds|ogc|vendor)\//.test(link.pathname)) return;
  event.preventDefault();
  go(link.pathname + link.search);
});
addEventListener('popstate', () => void show());
addEventListener('watchpost:refresh', () => { update = null; const path = open; open = ''; history.replaceState(null, '', path + location.search); void show(); });

await loadStrings();
try {
  await loadMeta();
  if (meta.vendor) document.head.prepend(h('link', { rel: 'stylesheet', href: '/vendor/fonts.css' }));
} catch (error) {
  document.body.dataset.offline = '';
  put(main, failure(error, () => location.reload()));
}
// Whoever is not known here is asked first, and comes where they wanted to go.
if (meta?.login && !meta.user && location.pathname !== '/login') history.replaceState(null, '', `/login?next=${encodeURIComponent(location.pathname + location.search)}`);
build(main, go);
addEventListener('watchpost:signed-out', () => void again());
if (!('offline' in document.body.dataset)) await show(true);
