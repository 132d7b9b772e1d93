// Signing in, and the first person's welcome by the link that the program printed.
import { send } from '../lib/api.js';
import { h, put } from '../lib/dom.js';
import { explain } from '../lib/shell.js';
import { t } from '../lib/strings.js';

/** @param {import('../main.js').Context} context */
export function show({ root, query, params: [page] }) {
  root.classList.add('login');
  const token = query.get('token') ?? location.hash.slice(1);
  const welcome = page === 'welcome' || token !== '';
  const name = h('input', { type: 'text', id: 'login-name', name: 'username', autocomplete: 'username', required: true, autofocus: true, spellcheck: 'false', autocapitalize: 'none' });
  const password = h('input', { type: 'password', id: 'login-password', name: 'password', autocomplete: welcome ? 'new-password' : 'current-password', required: true, minlength: welcome ? '12' : null });
  const wrong = h('p.failure', { role: 'alert', hidden: true });
  const go = h('button.primary', { type: 'submit' }, t(welcome ? 'login.create' : 'login.go'));
  put(root, h('form', { onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      if (welcome) await send('/users', { name: name.value, password: password.value, role: 'admin', token });
      await send('/session', { name: name.value, password: password.value });
      const to = query.get('to') ?? '/';
      // Only a page of ours: nothing that leads elsewhere.
      location.assign(/^\/(?![/\\])/.test(to) ? to : '/');
    } catch (error) {
      wrong.hidden = false;
      put(wrong, explain(error));
      go.disabled = false;
    }
  } }, h('h1', { tabindex: '-1' }, t(welcome ? 'login.welcome' : 'login.title')), welcome && h('p', null, t('login.first')), wrong,
    h('div.field', null, h('label', { for: 'login-name' }, t('login.name')), name), h('div.field', null, h('label', { for: 'login-password' }, t('login.password')), password, welcome && h('small', null, t('login.length'))), go));
}
