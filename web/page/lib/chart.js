// A series with the band that was expected, drawn by uPlot; a table where the pack is missing.
import { meta } from './api.js';
import { h, put } from './dom.js';
import { date, number, t } from './strings.js';

/** @type {Promise<any>|null} */
let loading = null;

function library() {
  if (meta?.vendor === false) return Promise.reject(new Error('vendor'));
  const from = '/vendor/uplot/uPlot.esm.js';
  loading ??= Promise.all([import(from), new Promise((resolve, reject) => {
    document.head.prepend(h('link', { rel: 'stylesheet', href: '/vendor/uplot/uPlot.min.css', onload: resolve, onerror: reject }));
  })]).then(([module]) => module.default);
  loading.catch(() => { loading = null; });
  return loading;
}

/**
 * @typedef {{date: string, count: number|null, expected?: number|null, low?: number|null, upper?: number|null, alarm?: boolean}} Point
 */

/**
 * @param {string} name @param {Point[]} points @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
export function series(name, points, signal) {
  const holder = h('div.plot');
  const figure = h('figure.chart', null, h('figcaption', null, t('watch.chart', { name })), holder,
    h('details', null, h('summary', null, t('watch.figures')), table(points)));
  library().then((UPlot) => { if (!signal.aborted) draw(UPlot, holder, points, signal); }).catch(() => {
    put(holder, h('p.dim', null, t('watch.chart_missing')));
    /** @type {any} */ (figure.querySelector('details')).open = true;
  });
  return figure;
}

/** @param {any} UPlot @param {HTMLElement} holder @param {Point[]} points @param {AbortSignal} signal */
function draw(UPlot, holder, points, signal) {
  const of = (/** @type {string} */ name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const rows = [points.map((one) => Date.parse(`${one.date}T00:00:00Z`) / 1000), points.map((one) => one.upper ?? null), points.map((one) => one.low ?? (one.upper === undefined || one.upper === null ? null : 0)), points.map((one) => one.expected ?? null), points.map((one) => one.count)];
  let plot = /** @type {any} */ (null);
  const make = () => {
    plot?.destroy();
    const axis = { stroke: of('dim'), grid: { stroke: of('line'), width: 1 }, ticks: { show: false }, font: `12px ${getComputedStyle(document.body).fontFamily}` };
    plot = new UPlot({
      width: holder.clientWidth || 600, height: 220, tzDate: (/** @type {number} */ ts) => UPlot.tzDate(new Date(ts * 1000), 'Etc/UTC'), legend: { show: false }, cursor: { y: false },
      scales: { y: { range: (/** @type {any} */ _u, /** @type {number} */ _min, /** @type {number} */ max) => [0, Math.max(1, max * 1.08)] } },
      axes: [{ ...axis, values: (/** @type {any} */ _u, /** @type {number[]} */ splits) => splits.map((at) => date(new Date(at * 1000).toISOString().slice(0, 10), { month: 'short', year: '2-digit' })) }, { ...axis, size: 44, values: (/** @type {any} */ _u, /** @type {number[]} */ splits) => splits.map((at) => number(at)) }],
      bands: [{ series: [1, 2], fill: of('bar-chosen') }],
      series: [{}, { stroke: 'transparent', points: { show: false } }, { stroke: 'transparent', points: { show: false } }, { stroke: of('bar'), dash: [4, 3], width: 1, points: { show: false } },
        { stroke: of('ink'), width: 1.5, points: { show: true, size: 7, filter: (/** @type {any} */ _u, /** @type {number} */ _s, /** @type {boolean} */ show) => (show ? points.map((one, at) => (one.alarm ? at : -1)).filter((at) => at >= 0) : []), fill: of('bad'), stroke: of('bad') } }],
    }, rows, holder);
  };
  make();
  const size = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth, height: 220 }));
  size.observe(holder);
  addEventListener('watchpost:theme', make, { signal });
  signal.addEventListener('abort', () => { size.disconnect(); plot.destroy(); });
}

/** @param {Point[]} points */
const table = (points) => h('div.scroll', null, h('table', null, h('thead', null, h('tr', null, ['period', 'seen', 'expected', 'upper'].map((name, at) => h(at > 0 ? 'th.num' : 'th', { scope: 'col' }, t(`watch.${name}`))))),
  h('tbody', null, points.slice(-60).reverse().map((one) => h('tr', null, h('th', { scope: 'row' }, date(one.date)), h('td.num', null, one.alarm ? h('b', null, number(one.count)) : number(one.count)), h('td.num', null, shown(one.expected)), h('td.num', null, shown(one.upper)))))));

/** @param {number|null|undefined} value */
const shown = (value) => (value === null || value === undefined ? '' : number(Math.round(value * 10) / 10));
