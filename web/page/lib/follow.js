// Addresses at which other programs follow what is seen here.
import { meta } from './api.js';
import { button, h } from './dom.js';
import { copy, dialog } from './shell.js';
import { t } from './strings.js';

/**
 * @param {import('./dom.js').Child} about what is followed @param {Record<string, string>} paths each by its name in the catalogue
 * @param {import('./dom.js').Child} [more]
 */
export function followDialog(about, paths, more = null) {
  const one = (/** @type {string} */ name, /** @type {string} */ href) => h('div', null, h('dt', null, h('a', { href, target: '_blank' }, t(`feed.${name}`))), h('dd', null, h('code', null, href), button(t('copy'), () => copy(href), { icon: 'copy', bare: true, cls: 'quiet.mini' })));
  return dialog(t('feed.title'), () => [h('p', null, about), h('dl.addresses', null, Object.entries(paths).map(([name, path]) => one(name, `${location.origin}${path}`))), more, meta?.login && h('p.why', null, t('feed.token'))], 'wide');
}
