// Adding a source: its address, and what else there is to say of it. What is refused is said at its field.
import { Problem, send } from './api.js';
import { h, put } from './dom.js';
import { explain, trouble } from './shell.js';
import { t } from './strings.js';

const KINDS = ['auto', 'feed', 'page', 'sitemap'];
const TEXTS = ['page', 'feed'];
/** Minutes between two fetches at most. */
const WEEK = 10_080;

/**
 * A form that adds a source.
 * @param {(source: any) => any} done @param {() => any[]} all the sources that there are
 */
export function sourceForm(done, all) {
  const text = (/** @type {any} */ more = {}) => h('input', { autocomplete: 'off', spellcheck: 'false', ...more });
  const choose = (/** @type {string[]} */ values, /** @type {(value: string) => string} */ words) => h('select', null, values.map((value) => h('option', { value }, words(value))));
  const folders = h('datalist', { id: 'source-folders' });
  /** @type {Record<string, HTMLInputElement|HTMLSelectElement>} By the names that the API has for them. */
  const inputs = {
    url: text({ dir: 'ltr', inputmode: 'url', required: true, autocapitalize: 'none', placeholder: 'https://example.org/feed.xml' }),
    name: text(), folder: text({ list: 'source-folders', placeholder: t('sources.folder_like') }), publisher: text(),
    kind: choose(KINDS, (kind) => t(`source_kind.${kind}`)), text: choose(TEXTS, (from) => t(`source_text.${from}`)),
    language: text({ size: 8, autocapitalize: 'none', placeholder: 'en' }), every: text({ type: 'number', min: 1, max: WEEK, step: 1, inputmode: 'numeric' }),
  };
  const fields = Object.fromEntries(Object.entries(inputs).map(([name, input]) => {
    input.id = `source-${name}`;
    input.addEventListener('input', () => wrong(name, ''));
    return [name, h(`div.field.of-${name}`, null, h('label', { for: input.id }, t(`sources.field_${name}`)), input, h('small.error', { id: `source-${name}-wrong`, hidden: true }))];
  }));
  const { url, ...others } = fields;
  const more = h('details', { ontoggle: () => { if (more.open) put(folders, [...new Set(all().map((one) => (one.folder ?? []).join('/')).filter(Boolean))].sort().map((value) => h('option', { value }))); } },
    h('summary', null, t('sources.more')), h('div.fields', null, Object.values(others)), folders);
  const go = h('button.primary', { type: 'submit' }, t('sources.add'));

  /** Says at a field what is wrong with it. @param {string} name @param {string} says */
  function wrong(name, says) {
    const line = fields[name].querySelector('.error');
    put(line, says);
    line.hidden = !says;
    if (says) {
      inputs[name].setAttribute('aria-invalid', 'true');
      inputs[name].setAttribute('aria-describedby', line.id);
    } else for (const attribute of ['aria-invalid', 'aria-describedby']) inputs[name].removeAttribute(attribute);
  }

  /** @param {unknown} error */
  function refused(error) {
    // That it is there already is wrong with the address, of which alone it is told.
    const place = error instanceof Problem ? error.body.where ?? (error.status === 409 ? 'url' : '') : '';
    if (!(place in inputs)) { trouble(error); return; }
    wrong(place, explain(error, false));
    if (place !== 'url') more.open = true;
    inputs[place].focus();
  }

  const form = h('form.add.source-form', { 'aria-label': t('sources.add_title'), onsubmit: async (/** @type {Event} */ event) => {
    event.preventDefault();
    const asked = Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value.trim()]).filter(([, value]) => value));
    go.disabled = true;
    try {
      const { body } = await send('/sources', { ...asked, ...(asked.every ? { every: Number(asked.every) } : {}) });
      const { value: folder } = inputs.folder;
      form.reset();
      // Who adds many puts them side by side.
      inputs.folder.value = folder;
      for (const name of Object.keys(inputs)) wrong(name, '');
      // A button that is pressed and resting loses the focus.
      if (!form.contains(document.activeElement)) inputs.url.focus();
      await done(body);
    } catch (error) { refused(error); }
    go.disabled = false;
  } }, h('div.row', null, url, go), more);
  // The browser would hold back what stands in a folded field, and not say so where it is seen.
  for (const [name, input] of Object.entries(inputs)) input.addEventListener('invalid', () => { if (name !== 'url') more.open = true; });
  return form;
}
