// Who may do what here: accounts, their roles, links by which passwords are chosen.
import { get, may, meta, send } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { ask, copy, failure, note, trouble } from '../lib/shell.js';
import { date, t } from '../lib/strings.js';

const ROLES = ['viewer', 'coder', 'reviewer', 'admin'];

/** @param {import('../main.js').Context} context */
export function show({ root, signal }) {
  root.classList.add('column', 'people-page');
  const body = h('div', null, h('p.dim', null, t('loading')));
  const made = h('div');
  put(root, h('header.page-head', null, h('h1', { tabindex: '-1' }, t('nav.people')), h('p.lead', null, t('people.about'))),
    may('accounts') ? [adding(), made, body] : h('p', null, t('people.may_not')), roles());

  function adding() {
    const name = h('input', { id: 'people-name', required: true, maxlength: '80', autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
    const role = h('select', { id: 'people-role' }, ROLES.map((one) => h('option', { value: one, selected: one === 'coder' }, t(`role.${one}`))));
    return h('form.row.add', { onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      try {
        const { body: account } = await send('/users', { name: name.value.trim(), role: role.value });
        name.value = '';
        handOver(account);
        await load();
      } catch (error) { trouble(error); }
    } }, h('div.field', null, h('label', { for: 'people-name' }, t('people.name')), name), h('div.field', null, h('label', { for: 'people-role' }, t('people.role')), role), h('button.primary', { type: 'submit' }, t('people.add')));
  }

  /** The link, told once. @param {any} account */
  function handOver(account) {
    const address = `${location.origin}/login#link=${account.link}&name=${encodeURIComponent(account.name)}`;
    const box = h('div.told-once', { role: 'status' }, h('p', null, h('b', null, t('people.link_for', { name: account.name })), ' ', t('people.link_how')), h('div.secret', null, h('code', { tabindex: '0' }, address), button(t('copy'), () => copy(address), { icon: 'copy' })), button(t('close'), () => put(made), { icon: 'close', bare: true }));
    put(made, box);
    box.scrollIntoView({ block: 'nearest' });
  }

  async function load() {
    try {
      const { items } = await get('/users', undefined, { signal });
      put(body, h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': t('nav.people') }, h('table', null, h('thead', null, h('tr', null, ['name', 'role', 'since', 'state', 'do'].map((one) => h('th', { scope: 'col' }, t(`people.${one}`))))),
        h('tbody', null, items.slice().sort((/** @type {any} */ a, /** @type {any} */ b) => Number(a.closed !== null) - Number(b.closed !== null) || a.name.localeCompare(b.name)).map(line)))));
    } catch (error) { if (!signal.aborted) put(body, failure(error, load)); }
  }

  /** @param {any} one */
  function line(one) {
    const own = one.name === meta?.user?.name;
    const role = h('select.small', { 'aria-label': t('people.role_of', { name: one.name }), disabled: one.closed !== null, onchange: () => change(one, { role: role.value }, t('people.did_role', { name: one.name, role: t(`role.${role.value}`) })) }, ROLES.map((name) => h('option', { value: name, selected: name === one.role }, t(`role.${name}`))));
    return h('tr', { 'data-closed': one.closed ? '' : null }, h('th', { scope: 'row' }, told(one.name), own && h('span.badge', null, t('people.you'))), h('td', null, role), h('td', null, date(one.created)),
      h('td', null, one.closed ? h('span.condition', { 'data-state': 'paused' }, t('people.closed_on', { day: date(one.closed) })) : one.ready ? h('span.condition', { 'data-state': 'fine' }, t('people.ready')) : h('span.condition', { 'data-state': 'quiet' }, t('people.waiting'))),
      h('td.actions', null, one.closed ? button(t('people.reopen'), () => change(one, { closed: false }, t('people.did_reopen', { name: one.name }))) : [button(t('people.link'), () => link(one), { icon: 'link' }), !own && button(t('people.close'), () => close(one), { icon: 'cross' })]));
  }

  /** @param {any} one @param {any} wanted @param {string} says */
  async function change(one, wanted, says) {
    try {
      const { body: account } = await send(`/users/${encodeURIComponent(one.name)}`, wanted);
      note(says);
      if (account.link) handOver(account);
    } catch (error) { trouble(error); }
    await load();
  }

  /** @param {any} one */
  async function link(one) {
    if (one.ready && !await ask(t('people.link_ask', { name: one.name }), { yes: t('people.link'), title: t('people.link_title') })) return;
    await change(one, { link: true }, t('people.did_link', { name: one.name }));
  }

  /** @param {any} one */
  async function close(one) {
    if (await ask(t('people.close_ask', { name: one.name }), { yes: t('people.close'), title: t('people.close_title') })) await change(one, { closed: true }, t('people.did_close', { name: one.name }));
  }

  if (may('accounts')) void load();
}

/** What each role may, in words. */
const roles = () => h('section.roles', null, h('h2', null, t('people.roles')), h('dl', null, ROLES.map((role) => h('div', null, h('dt', null, t(`role.${role}`)), h('dd', null, t(`role.${role}.may`))))));
