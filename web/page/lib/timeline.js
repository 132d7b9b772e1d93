// Incidents over time: how many above the line, the dead below it. Drag over it, or use the arrows, to choose a period; play moves a
// window over the days.
import { button, h, put, s } from './dom.js';
import { date, number, t } from './strings.js';

const DAY = 86_400_000;
const ms = (/** @type {string} */ iso) => Date.parse(`${iso}T00:00:00Z`);
const iso = (/** @type {number} */ time) => new Date(time).toISOString().slice(0, 10);

/** The first day after a bucket. @param {string} start @param {string} every */
export function after(start, every) {
  const day = new Date(ms(start));
  if (every === 'month') return iso(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1));
  return iso(day.getTime() + (every === 'week' ? 7 : 1) * DAY);
}

/** Which buckets fit a span and a width. @param {string|null} from @param {string|null} to */
export function grain(from, to) {
  if (!from || !to) return 'month';
  const days = (ms(to) - ms(from)) / DAY;
  return days <= 120 ? 'day' : days <= 900 ? 'week' : 'month';
}

/**
 * @param {{onchoose: (from: string|null, to: string|null) => void, onwindow: (from: string|null, to: string|null) => void}} how
 */
export function timeline(how) {
  const drawing = s('svg.bars', { role: 'img', preserveAspectRatio: 'none', 'aria-label': t('timeline.empty') });
  const label = h('p.timeline-label', { 'aria-live': 'off' });
  const brush = h('div.brush', { tabindex: '0', role: 'group', 'aria-label': t('timeline.label') }, drawing);
  const playing = button(t('timeline.play'), () => (timer ? stop() : start()), { icon: 'play', bare: true });
  const speed = h('select.small', { 'aria-label': t('timeline.window') }, [1, 7, 30, 90].map((n) => h('option', { value: String(n), selected: n === 7 }, t('timeline.days', { n }))));
  const cumulative = h('label.check', null, h('input', { type: 'checkbox' }), h('span', null, t('timeline.cumulative')));
  const clear = button(t('timeline.clear'), () => how.onchoose(null, null), { icon: 'close', bare: true });
  const element = h('section.timeline', { 'aria-label': t('timeline.title') }, h('div.timeline-tools', null, playing, speed, cumulative, label, clear), brush);
  /** @type {{date: string, count: number, deaths: number}[]} */
  let items = [];
  let every = 'day';
  let first = 0;
  let last = 1;
  /** @type {[string|null, string|null]} */
  let chosen = [null, null];
  /** @type {[number, number]|null} */
  let shown = null;
  let timer = 0;
  let undated = 0;

  const at = (/** @type {number} */ time) => (time - first) / (last - first) * 1000;
  const timeAt = (/** @type {number} */ clientX) => {
    const rect = brush.getBoundingClientRect();
    const rtl = getComputedStyle(brush).direction === 'rtl';
    const share = Math.min(1, Math.max(0, (clientX - rect.left) / rect.width));
    return first + (rtl ? 1 - share : share) * (last - first);
  };

  function draw() {
    const height = 100;
    drawing.setAttribute('viewBox', `0 0 1000 ${height}`);
    const most = Math.max(1, ...items.map((item) => item.count));
    const dead = Math.max(1, ...items.map((item) => item.deaths));
    const up = 62;
    const mark = (/** @type {string} */ cls, /** @type {number} */ from, /** @type {number} */ to) => s(`rect.${cls}`, { x: at(from), y: 0, width: Math.max(2, at(to) - at(from)), height });
    put(drawing,
      (chosen[0] || chosen[1]) && mark('chosen', chosen[0] ? ms(chosen[0]) : first, chosen[1] ? ms(chosen[1]) + DAY : last),
      items.map((item) => {
        const x = at(ms(item.date));
        const width = Math.max(0.8, at(ms(after(item.date, every))) - x);
        const gap = Math.min(1, width * 0.15);
        const count = item.count / most * up;
        // Deaths differ by orders of magnitude: the root keeps a bad day from hiding the others.
        const toll = Math.sqrt(item.deaths / dead) * (height - up - 2);
        return [s('rect.count', { x: x + gap / 2, y: up - count, width: width - gap, height: count }), item.deaths > 0 && s('rect.deaths', { x: x + gap / 2, y: up + 2, width: width - gap, height: toll })];
      }),
      s('line.axis', { x1: 0, x2: 1000, y1: up + 1, y2: up + 1 }),
      shown && mark('window', shown[0], shown[1]),
    );
    drawing.setAttribute('aria-label', items.length === 0 ? t('timeline.empty') : t('timeline.says', {
      n: items.reduce((sum, item) => sum + item.count, 0), from: date(items[0].date), to: date(iso(last - DAY)), most: number(most),
      when: bucket(items.reduce((a, b) => (b.count > a.count ? b : a))),
    }));
    element.querySelector('.axis-labels')?.remove();
    element.append(h('div.axis-labels', { 'aria-hidden': 'true' }, ticks().map(([time, text]) => {
      const tick = h('span', null, text);
      tick.style.insetInlineStart = `${at(time) / 10}%`;
      return tick;
    })));
    clear.hidden = !chosen[0] && !chosen[1];
    if (!shown) put(label, said());
  }

  function said() {
    const span = chosen[0] || chosen[1] ? t('timeline.chosen', { from: chosen[0] ? date(chosen[0]) : t('timeline.open'), to: chosen[1] ? date(chosen[1]) : t('timeline.open') }) : t(`timeline.by_${every}`);
    return undated > 0 ? `${span} · ${t('timeline.undated', { n: undated })}` : span;
  }

  const bucket = (/** @type {{date: string}} */ item) => (every === 'day' ? date(item.date) : every === 'month' ? date(item.date, { month: 'long', year: 'numeric' }) : t('timeline.week_of', { day: date(item.date) }));

  /** @returns {[number, string][]} */
  function ticks() {
    const days = (last - first) / DAY;
    const from = new Date(first);
    /** @type {[number, string][]} */
    const list = [];
    const months = days > 3650 ? 60 : days > 1500 ? 12 : days > 500 ? 6 : days > 200 ? 2 : days > 45 ? 1 : 0;
    if (months === 0) {
      const step = days > 20 ? 7 : days > 10 ? 2 : 1;
      for (let time = first; time < last; time += step * DAY) list.push([time, date(iso(time), { day: 'numeric', month: 'short' })]);
    } else {
      let time = Date.UTC(from.getUTCFullYear(), months >= 12 ? 0 : from.getUTCMonth(), 1);
      while (time < last) {
        const day = new Date(time);
        if (time >= first && (months < 12 || day.getUTCFullYear() % (months / 12) === 0)) {
          list.push([time, date(iso(time), months >= 12 ? { year: 'numeric' } : day.getUTCMonth() === 0 || list.length === 0 ? { month: 'short', year: 'numeric' } : { month: 'short' })]);
        }
        time = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + Math.min(months, 12), 1);
      }
    }
    return list.filter(([time], index) => at(time) < 960 && (index === 0 || at(time) - at(list[index - 1][0]) > 45));
  }

  /** @type {number|null} */
  let grabbed = null;
  brush.addEventListener('pointerdown', (/** @type {PointerEvent} */ event) => {
    if (items.length === 0 || event.button !== 0) return;
    grabbed = timeAt(event.clientX);
    brush.setPointerCapture(event.pointerId);
  });
  brush.addEventListener('pointermove', (/** @type {PointerEvent} */ event) => {
    if (items.length === 0) return;
    const time = timeAt(event.clientX);
    if (grabbed === null) {
      const item = items.findLast((one) => ms(one.date) <= time);
      if (item && !shown) put(label, t('timeline.bucket', { when: bucket(item), n: item.count, deaths: number(item.deaths) }));
      return;
    }
    shown = [Math.min(grabbed, time), Math.max(grabbed, time)];
    put(label, t('timeline.chosen', { from: date(iso(shown[0])), to: date(iso(shown[1])) }));
    draw();
  });
  brush.addEventListener('pointerleave', () => { if (!shown && grabbed === null) put(label, said()); });
  brush.addEventListener('pointerup', (/** @type {PointerEvent} */ event) => {
    if (grabbed === null) return;
    const [from, to] = [Math.min(grabbed, timeAt(event.clientX)), Math.max(grabbed, timeAt(event.clientX))];
    const dragged = (to - from) / (last - first) > 0.004;
    grabbed = null;
    shown = null;
    if (dragged) how.onchoose(iso(from), iso(to));
    else {
      // A click chooses the bar under it.
      const item = items.findLast((one) => ms(one.date) <= to);
      if (item) how.onchoose(item.date, iso(ms(after(item.date, every)) - DAY));
    }
  });
  brush.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Escape') { how.onchoose(null, null); return; }
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight' || items.length === 0) return;
    event.preventDefault();
    const rtl = getComputedStyle(brush).direction === 'rtl';
    const forward = event.key === 'ArrowRight' !== rtl;
    const now = chosen[0] ?? (forward ? iso(first - DAY) : iso(last));
    const index = items.findIndex((item) => item.date >= now);
    const item = event.shiftKey && chosen[1] ? null : forward ? items.find((one) => one.date > now) : items.findLast((one) => one.date < now);
    if (event.shiftKey && chosen[1] && chosen[0]) {
      const end = forward ? after(after(chosen[1], 'day'), every) : items[Math.max(index, 0)].date;
      how.onchoose(chosen[0], iso(Math.max(ms(chosen[0]), ms(end) - DAY)));
    } else if (item) how.onchoose(item.date, iso(ms(after(item.date, every)) - DAY));
  });

  function start() {
    if (items.length === 0) return;
    const width = Number(speed.value) * DAY;
    const from = chosen[0] ? ms(chosen[0]) : first;
    const end = chosen[1] ? ms(chosen[1]) + DAY : last;
    let head = from;
    // Some ten seconds for the whole, however long it is.
    const step = Math.max(DAY, Math.ceil((end - from) / DAY / 100) * DAY);
    const tick = () => {
      head += step;
      if (head > end + width) { stop(); return; }
      shown = [cumulative.querySelector('input').checked ? from : Math.max(from, head - width), Math.min(head, end)];
      how.onwindow(iso(shown[0]), iso(Math.max(shown[0], shown[1] - DAY)));
      put(label, t('timeline.chosen', { from: date(iso(shown[0])), to: date(iso(Math.max(shown[0], shown[1] - DAY))) }));
      draw();
    };
    timer = window.setInterval(tick, 100);
    playing.setAttribute('aria-label', t('timeline.stop'));
    playing.title = t('timeline.stop');
    playing.querySelector('path').setAttribute('d', 'M5 3v10M11 3v10');
    tick();
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    shown = null;
    playing.setAttribute('aria-label', t('timeline.play'));
    playing.title = t('timeline.play');
    playing.querySelector('path').setAttribute('d', 'M5 3l8 5-8 5V3Z');
    how.onwindow(null, null);
    draw();
  }

  return {
    element,
    stop,
    /**
     * @param {{every: string, items: {date: string, count: number, deaths: number}[], undated?: number}} answer
     * @param {string|null} from @param {string|null} to what is chosen
     */
    show(answer, from, to) {
      if (timer) stop();
      items = answer.items ?? [];
      every = answer.every;
      undated = answer.undated ?? 0;
      chosen = [from, to];
      shown = null;
      element.classList.toggle('blank', items.length === 0);
      if (items.length === 0) {
        first = 0; last = 1;
        drawing.replaceChildren();
        drawing.setAttribute('aria-label', t('timeline.empty'));
        put(label, undated > 0 ? t('timeline.undated', { n: undated }) : t('timeline.empty'));
        element.querySelector('.axis-labels')?.remove();
        clear.hidden = !from && !to;
        return;
      }
      first = ms(items[0].date);
      last = ms(after(items[items.length - 1].date, every));
      draw();
    },
  };
}
