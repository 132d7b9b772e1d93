// One's own account: what one may do, and the tokens by which one's programs do it.
import { get, may, meta, send } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { ask, copy, failure, note, signOut, trouble } from '../lib/shell.js';
import { date, t } from '../lib/strings.js';

/** What a token may be made for. */
const SCOPES = ['read', 'decide', 'bulk', 'sources'];
const DAYS = [7, 30, 90, 365];

/** @param {import('../main.js').Context} context */
export function show({ root, signal }) {
  root.classList.add('column', 'account-page');
  if (!meta?.login || !meta.user) {
    put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.account')), h('p.lead', null, t('account.none'))));
    return;
  }
  const made = h('div');
  const body = h('div', null, h('p.dim', null, t('loading')));
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.account')),
    h('p.lead', null, told(meta.user.name), ' · ', t(`role.${meta.user.role}`), ' · ', t(`role.${meta.user.role}.may`)), h('div.row', null, button(t('account.leave'), signOut))),
  h('section', null, h('h2', null, t('tokens.title')), h('p.why', null, t('tokens.about')), adding(), made, body));

  function adding() {
    const label = h('input', { id: 'token-label', required: true, maxlength: '80', autocomplete: 'off', placeholder: t('tokens.label_like') });
    const days = h('select', { id: 'token-days' }, DAYS.map((n) => h('option', { value: n, selected: n === 90 }, t('tokens.days', { n }))));
    const boxes = SCOPES.filter(may).map((scope) => h('label.check', null, h('input', { type: 'checkbox', name: 'scope', value: scope, checked: scope === 'read' }), h('span', null, t(`scope.${scope}`))));
    const form = h('form.add', { onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      const scopes = [...form.querySelectorAll('input[name=scope]:checked')].map((one) => one.value);
      if (scopes.length === 0) { note(t('tokens.some'), { bad: true }); return; }
      try {
        const { body: token } = await send('/tokens', { label: label.value.trim(), scopes, days: Number(days.value) });
        label.value = '';
        put(made, h('div.told-once', { role: 'status' }, h('p', null, h('b', null, t('tokens.made', { label: token.label })), ' ', t('tokens.once')), h('div.secret', null, h('code', { tabindex: '0' }, token.token), button(t('copy'), () => copy(token.token), { icon: 'copy' })),
          h('p.why', null, t('tokens.use')), h('pre', { tabindex: '0' }, h('code', null, `curl -H 'Authorization: Bearer ${token.token}' ${location.origin}/api/v1/incidents`)), button(t('close'), () => put(made), { icon: 'close', bare: true })));
        await load();
      } catch (error) { trouble(error); }
    } }, h('div.row', null, h('div.field', null, h('label', { for: 'token-label' }, t('tokens.label')), label), h('div.field', null, h('label', { for: 'token-days' }, t('tokens.lasts')), days)),
    h('fieldset', null, h('legend', null, t('tokens.scopes')), h('div.row', null, boxes)), h('div.row', null, h('button.primary', { type: 'submit' }, t('tokens.make'))));
    return form;
  }

  async function load() {
    try {
      const { items } = await get('/tokens', undefined, { signal });
      put(body, items.length === 0 ? h('p.dim', null, t('tokens.none')) : h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': t('tokens.title') }, h('table', null, h('thead', null, h('tr', null, ['label', 'scopes', 'created', 'expires', 'do'].map((one) => h('th', { scope: 'col' }, t(`tokens.${one}`))))),
        h('tbody', null, items.map((/** @type {any} */ one) => h('tr', null, h('th', { scope: 'row' }, told(one.label), h('small.id', null, one.id)), h('td', null, one.scopes.map((/** @type {string} */ scope) => t(`scope.${scope}`)).join(', ')), h('td', null, date(one.created)), h('td', null, date(one.expires)), h('td.actions', null, button(t('tokens.end'), () => end(one), { icon: 'cross' }))))))));
    } catch (error) { if (!signal.aborted) put(body, failure(error, load)); }
  }

  /** @param {any} one */
  async function end(one) {
    if (!await ask(t('tokens.end_ask', { label: one.label }), { yes: t('tokens.end') })) return;
    try { await send(`/tokens/${encodeURIComponent(one.id)}`, null, { method: 'DELETE' }); note(t('tokens.did_end', { label: one.label })); put(made); await load(); } catch (error) { trouble(error); }
  }
  void load();
}
