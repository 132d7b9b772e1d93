// How much was seen or came, against what could be expected, as a small drawing in a table: the figures stand beside it.
import { s } from './dom.js';

/**
 * A bar from low to high, a stroke at the middle, a dot at what came.
 * @param {{low: number, high: number, middle: number|null, came?: number|null, most: number, outside?: boolean, label: string}} of
 */
export function interval({ low, high, middle, came, most, outside = false, label }) {
  const x = (/** @type {number} */ value) => 4 + Math.max(0, Math.min(value, most)) / Math.max(1, most) * 112;
  return s(`svg.interval${outside ? '.outside' : ''}`, { viewBox: '0 0 120 16', role: 'img', 'aria-label': label },
    s('rect.band', { x: x(low), y: 5, width: Math.max(2, x(high) - x(low)), height: 6, rx: 1 }),
    middle === null ? null : s('rect.middle', { x: x(middle) - 0.75, y: 3, width: 1.5, height: 10 }),
    came === null || came === undefined ? null : s('circle', { cx: x(came), cy: 8, r: 3.2 }));
}

/**
 * Periods side by side, each a bar upright.
 * @param {{low: number, high: number, median: number, came: number|null}[]} periods @param {string} label
 */
export function fan(periods, label) {
  const most = Math.max(1, ...periods.map((one) => Math.max(one.high, one.came ?? 0)));
  const step = 14;
  const y = (/** @type {number} */ value) => 37 - value / most * 34;
  return s('svg.fan', { viewBox: `0 0 ${periods.length * step} 40`, width: periods.length * step, height: 40, role: 'img', 'aria-label': label }, periods.map((one, at) => [
    s('rect.band', { x: at * step + 3, y: y(one.high), width: 8, height: Math.max(2, y(one.low) - y(one.high)), rx: 1 }),
    s('rect.middle', { x: at * step + 2, y: y(one.median) - 0.75, width: 10, height: 1.5 }),
    one.came === null ? null : s(`circle${one.came < one.low || one.came > one.high ? '.out' : ''}`, { cx: at * step + 7, cy: y(one.came), r: 2.8 })]));
}
