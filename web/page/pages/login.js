// Logging in; and a link that was given, by which one chooses a password.
import { meta } from '../lib/api.js';
import { h, put } from '../lib/dom.js';
import { linkForm, loginForm } from '../lib/login.js';
import { t } from '../lib/strings.js';

/** @param {import('../main.js').Context} context */
export function show({ root, query, signal, go }) {
  root.classList.add('login-page');
  const draw = () => {
    // `#link=SECRET` makes the first account, `#link=SECRET&name=…` is somebody's.
    const said = new URLSearchParams(location.hash.slice(1));
    const secret = said.get('link');
    // Everything that was asked as nobody is asked anew.
    const done = () => location.assign(next(query.get('next')));
    if (!meta?.login || meta.user && !secret) { go('/'); return; }
    put(root, h('section.login', null, h('h1', { tabindex: '-1' }, t(secret ? 'login.link_title' : 'login.title')),
      h('p.lead', null, secret ? t(said.get('name') ? 'login.link_about' : 'login.first_about') : t('login.about', { project: meta.project.name })),
      secret ? linkForm(secret, said.get('name'), done) : loginForm(done), h('p.why', null, t(secret ? 'login.link_help' : 'login.help'))));
    /** @type {HTMLElement|null} */ (root.querySelector('input:not([readonly])'))?.focus();
  };
  addEventListener('hashchange', draw, { signal });
  draw();
}

/** Where they wanted to go: only on this desk. @param {string|null} path */
function next(path) {
  try {
    const url = new URL(path ?? '/', location.origin);
    if (url.origin === location.origin && url.pathname !== '/login') return url.pathname + url.search;
  } catch { /* home, then */ }
  return '/';
}
