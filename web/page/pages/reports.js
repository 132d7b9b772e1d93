// The archive: reports by their words.
import { get } from '../lib/api.js';
import { button, h, put, told } from '../lib/dom.js';
import { changed } from '../lib/filters.js';
import { failure } from '../lib/shell.js';
import { date, number, t } from '../lib/strings.js';

/** @param {import('../main.js').Context} context */
export function show({ root, query: first, signal, push }) {
  let query = first;
  root.classList.add('column', 'reports-page');
  const field = (/** @type {string} */ name, type = 'text') => {
    const input = h('input', { type, id: `reports-${name}`, value: query.get(name) ?? '', autocomplete: 'off' });
    return { name, input, row: h('div.field', null, h('label', { for: `reports-${name}` }, t(`reports.${name}`)), input) };
  };
  const fields = [field('text', 'search'), field('from', 'date'), field('to', 'date'), field('publisher'), field('source')];
  const count = h('h1', { tabindex: '-1' }, t('nav.reports'));
  const list = h('ol.report-list');
  const more = h('div.more');
  put(root, h('header.page-head', null, count, h('form.row', { role: 'search', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); push(changed(query, Object.fromEntries(fields.map(({ name, input }) => [name, input.value.trim()])))); } },
    fields.map((one) => one.row), h('button.primary', { type: 'submit' }, t('search.go'))), h('p.dim', null, t('reports.syntax'))), list, more);
  let next = null;
  async function load(fresh = false) {
    const asked = new URLSearchParams([...query].filter(([, value]) => value));
    asked.set('limit', '50');
    if (!fresh && next) asked.set('cursor', next);
    try {
      const page = await get('/reports', asked, { signal });
      if (fresh) list.replaceChildren();
      list.append(...page.items.map(row));
      next = page.next;
      put(count, t('reports.count', { n: page.total?.count ?? page.total }));
      put(more, list.childElementCount === 0 ? h('div.empty', null, h('p', null, t(query.size > 0 ? 'empty.filtered' : 'empty.project'))) : h('p.dim', null, t('log.shown', { n: list.childElementCount, all: number(page.total?.count ?? page.total) })), next && button(t('list.more'), () => load()));
    } catch (error) { put(more, failure(error, () => load(fresh))); }
  }
  void load(true);
  return (now) => { query = now; for (const { name, input } of fields) input.value = now.get(name) ?? ''; void load(true); };
}

/** @param {any} report */
function row(report) {
  return h('li', null, h('a', { href: `/reports/${report.id}` }, told(report.title ?? t('reports.untitled'))),
    h('p.dim', null, told(report.publisher ?? t('reports.no_outlet')), ' · ', report.published ? date(report.published) : t('when.unknown'), ' · ', h('span.id', null, report.id), report.copy_of && ` · ${t('reports.copy')}`),
    report.snippet && h('p.snippet', { dir: 'auto' }, report.snippet.trim()));
}
