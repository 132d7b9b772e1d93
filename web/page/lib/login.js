// Who is there: a name and a password, or a link that is good once and the password that its holder chooses.
import { enter } from './api.js';
import { h, put } from './dom.js';
import { explain } from './shell.js';
import { t } from './strings.js';

/** Characters of a password at least, as the program has it. */
const SHORTEST = 10;

/**
 * A form that logs in.
 * @param {() => any} done @param {string} [name] who is likely to be there
 */
export function loginForm(done, name = '') {
  const who = h('input', { id: 'login-name', name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, value: name });
  const word = h('input', { id: 'login-password', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  return form([field(t('login.name'), who), field(t('login.password'), word)], t('login.enter'), () => enter('/session', { name: who.value.trim(), password: word.value }), done, () => { word.value = ''; word.focus(); });
}

/**
 * A form that chooses a password by a link.
 * @param {string} link its secret @param {string|null} name whose it is; null where it makes the first account @param {() => any} done
 */
export function linkForm(link, name, done) {
  const who = h('input', { id: 'login-name', name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, readonly: name !== null, value: name ?? '' });
  const word = h('input', { id: 'login-password', name: 'password', type: 'password', autocomplete: 'new-password', required: true, minlength: SHORTEST, 'aria-describedby': 'login-rule' });
  const twice = h('input', { id: 'login-twice', type: 'password', autocomplete: 'new-password', required: true });
  const same = () => twice.setCustomValidity(twice.value === word.value ? '' : t('login.not_same'));
  word.addEventListener('input', same);
  twice.addEventListener('input', same);
  return form([field(t('login.name'), who, name === null ? h('small', null, t('login.first_name')) : null), field(t('login.new_password'), word, h('small', { id: 'login-rule' }, t('login.rule', { n: SHORTEST }))), field(t('login.twice'), twice)],
    t('login.choose'), () => enter('/session/link', { link, ...(name === null ? { name: who.value.trim() } : {}), password: word.value }), done, () => {});
}

/** @param {string} label @param {HTMLInputElement} input @param {any} [hint] */
const field = (label, input, hint) => h('div.field', null, h('label', { for: input.id }, label), input, hint);

/** @param {any[]} fields @param {string} label @param {() => Promise<any>} enters @param {() => any} done @param {() => any} wrong */
function form(fields, label, enters, done, wrong) {
  const says = h('p.failure', { role: 'alert', hidden: true });
  const go = h('button.primary', { type: 'submit' }, label);
  return h('form.login-form', { onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    go.disabled = true;
    says.hidden = true;
    try { await enters(); done(); } catch (error) {
      put(says, explain(error));
      says.hidden = false;
      wrong();
    }
    go.disabled = false;
  } }, fields, says, h('footer', null, go));
}
