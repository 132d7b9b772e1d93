// The map. An incident whose point is known is a dot; one that is known less exactly is drawn as what is known: a circle of the
// kilometres, the province, the country. Everything that is drawn comes from this program.
import { meta } from './api.js';
import { box, circle, division } from './areas.js';
import { button, h, put } from './dom.js';
import { dark } from './shell.js';
import { country, number, t, word } from './strings.js';

/** @type {Promise<{gl: any, land: any, places: any}>|null} */
let loading = null;

/** The libraries and shapes of the pack, once. */
function load() {
  loading ??= (async () => {
    if (meta && meta.vendor === false) throw new Error('vendor');
    const from = '/vendor/maplibre-gl/maplibre-gl.mjs';
    const [gl, land, towns] = await Promise.all([
      import(from),
      fetch('/vendor/world-atlas/countries.json').then((answer) => { if (!answer.ok) throw new Error('vendor'); return answer.json(); }),
      fetch('/vendor/towns.json').then((answer) => (answer.ok ? answer.json() : { type: 'FeatureCollection', features: [] })),
      style('/vendor/maplibre-gl/maplibre-gl.css'),
    ]);
    gl.setWorkerUrl('/vendor/maplibre-gl/maplibre-gl-worker.mjs');
    return { gl, land, places: towns };
  })();
  loading.catch(() => { loading = null; });
  return loading;
}

/** @param {string} href */
const style = (href) => new Promise((resolve, reject) => {
  if (document.querySelector(`link[href="${href}"]`)) { resolve(null); return; }
  document.head.prepend(h('link', { rel: 'stylesheet', href, onload: () => resolve(null), onerror: reject }));
});

const empty = () => ({ type: 'FeatureCollection', features: /** @type {any[]} */ ([]) });

/** Colours of the sheet, so that there is one definition of each. */
function colours() {
  const sheet = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => sheet.getPropertyValue(`--${name}`).trim();
  return {
    sea: of('map-sea'), land: of('map-land'), border: of('map-border'), division: of('map-division'), label: of('map-label'), halo: of('map-halo'),
    cluster: of('map-cluster'), clusterText: of('map-cluster-text'), area: of('map-area'), accent: of('accent'), none: of('type-none'),
    types: ['battles', 'explosions-remote-violence', 'violence-against-civilians', 'riots', 'protests', 'strategic-developments'].map((name) => of(`type-${name}`)),
  };
}

const TYPES = ['Battles', 'Explosions/Remote violence', 'Violence against civilians', 'Riots', 'Protests', 'Strategic developments'];

/** @param {any} land @param {any} places @param {Record<string, any>} data */
function sheet(land, places, data) {
  const c = colours();
  const type = ['match', ['get', 'type'], ...TYPES.flatMap((name, at) => [name, c.types[at]]), c.none];
  const size = ['interpolate', ['linear'], ['sqrt', ['coalesce', ['get', 'deaths'], 0]], 0, 4.5, 3, 7, 10, 14, 20, 22];
  const font = ['sans-serif'];
  return {
    version: 8,
    sources: {
      land: { type: 'geojson', data: land, attribution: 'Natural Earth · GeoNames' },
      divisions: { type: 'geojson', data: data.divisions },
      towns: { type: 'geojson', data: places },
      names: { type: 'geojson', data: data.names },
      areas: { type: 'geojson', data: data.areas },
      tags: { type: 'geojson', data: data.tags },
      dots: { type: 'geojson', data: data.dots, cluster: true, clusterRadius: 38, clusterMaxZoom: 9, clusterProperties: { deaths: ['+', ['coalesce', ['get', 'deaths'], 0]], count: ['+', ['coalesce', ['get', 'count'], 1]] } },
      drawn: { type: 'geojson', data: data.drawn },
      chosen: { type: 'geojson', data: data.chosen },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': c.sea } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': c.land } },
      { id: 'divisions', type: 'line', source: 'divisions', minzoom: 3.5, paint: { 'line-color': c.division, 'line-width': 0.7 } },
      { id: 'borders', type: 'line', source: 'land', paint: { 'line-color': c.border, 'line-width': ['interpolate', ['linear'], ['zoom'], 1, 0.5, 6, 1.3] } },
      { id: 'areas', type: 'fill', source: 'areas', paint: { 'fill-color': ['case', ['has', 'type'], type, c.area], 'fill-opacity': ['case', ['==', ['get', 'level'], 'country'], 0.06, ['==', ['get', 'level'], 'division'], 0.16, 0.13] } },
      { id: 'area-lines', type: 'line', source: 'areas', paint: { 'line-color': ['case', ['has', 'type'], type, c.area], 'line-width': 1, 'line-dasharray': [3, 2], 'line-opacity': 0.75 } },
      { id: 'towns', type: 'symbol', source: 'towns', minzoom: 3.6, filter: ['<=', ['get', 'rank'], ['step', ['zoom'], 0, 4.5, 1, 5.5, 2, 7, 3]],
        layout: { 'text-field': ['get', 'name'], 'text-font': font, 'text-size': ['match', ['get', 'rank'], 0, 11.5, 1, 11, 10.5], 'text-padding': 6, 'symbol-sort-key': ['get', 'rank'], 'text-max-width': 8 },
        paint: { 'text-color': c.label, 'text-halo-color': c.halo, 'text-halo-width': 1.2, 'text-opacity': 0.85 } },
      { id: 'names', type: 'symbol', source: 'names', maxzoom: 6.5, filter: ['>', ['get', 'size'], ['step', ['zoom'], 8, 2.5, 2, 4, 0]], layout: { 'text-field': ['get', 'name'], 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 1, 9.5, 5, 13], 'text-letter-spacing': 0.06, 'text-max-width': 7, 'text-padding': 4, 'symbol-sort-key': ['-', 0, ['get', 'size']] },
        paint: { 'text-color': c.label, 'text-halo-color': c.halo, 'text-halo-width': 1.4 } },
      { id: 'tags', type: 'symbol', source: 'tags', layout: { 'text-field': ['get', 'text'], 'text-font': font, 'text-size': 11.5, 'text-max-width': 12, 'text-padding': 3, 'symbol-sort-key': ['-', 0, ['get', 'count']], 'text-variable-anchor': ['center', 'bottom', 'top', 'left', 'right'], 'text-radial-offset': 1.9, 'text-justify': 'auto' },
        paint: { 'text-color': c.area, 'text-halo-color': c.halo, 'text-halo-width': 1.8 } },
      { id: 'clusters', type: 'circle', source: 'dots', filter: ['any', ['has', 'point_count'], ['==', ['get', 'kind'], 'cluster']],
        paint: { 'circle-color': c.cluster, 'circle-opacity': 0.92, 'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'count']], 1, 10, 10, 17, 100, 32], 'circle-stroke-width': 3, 'circle-stroke-color': c.cluster, 'circle-stroke-opacity': 0.25 } },
      { id: 'cluster-counts', type: 'symbol', source: 'dots', filter: ['any', ['has', 'point_count'], ['==', ['get', 'kind'], 'cluster']],
        layout: { 'text-field': ['to-string', ['get', 'count']], 'text-font': font, 'text-size': 11.5, 'text-allow-overlap': true }, paint: { 'text-color': c.clusterText } },
      { id: 'dots', type: 'circle', source: 'dots', filter: ['all', ['!', ['has', 'point_count']], ['==', ['get', 'kind'], 'incident']],
        paint: { 'circle-radius': size, 'circle-color': type, 'circle-opacity': ['case', ['==', ['get', 'precision'], 1], 0.85, 0.12], 'circle-stroke-color': type, 'circle-stroke-width': ['case', ['==', ['get', 'precision'], 1], 1, 2] } },
      { id: 'chosen', type: 'circle', source: 'chosen', paint: { 'circle-radius': 13, 'circle-color': 'transparent', 'circle-stroke-color': c.accent, 'circle-stroke-width': 2.5 } },
      { id: 'drawn-fill', type: 'fill', source: 'drawn', paint: { 'fill-color': c.accent, 'fill-opacity': 0.06 } },
      { id: 'drawn', type: 'line', source: 'drawn', paint: { 'line-color': c.accent, 'line-width': 2 } },
    ],
  };
}

/** Where to write a shape's name: the middle of its largest part. @param {any} geometry */
function middle(geometry) {
  const rings = geometry.type === 'Polygon' ? [geometry.coordinates[0]] : geometry.coordinates.map((/** @type {any} */ part) => part[0]);
  let best = { area: -1, x: 0, y: 0 };
  for (const ring of rings) {
    let [area, x, y] = [0, 0, 0];
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
      area += cross; x += (ring[i][0] + ring[i + 1][0]) * cross; y += (ring[i][1] + ring[i + 1][1]) * cross;
    }
    if (Math.abs(area) > best.area && area !== 0) best = { area: Math.abs(area), x: x / (3 * area), y: y / (3 * area) };
  }
  return best;
}

/**
 * @typedef {{kind: string, id?: string, title?: string, type?: string, sub_type?: string, deaths?: number|null, from?: string|null, to?: string|null,
 *   status?: string, precision?: number, radius_km?: number|null, country?: string, admin1?: string, count?: number, bbox?: number[]}} Point
 */

/**
 * Builds a map in an element.
 * @param {HTMLElement} holder
 * @param {{onopen?: (id: string) => void, ondraw?: (ring: [number, number][]) => void, onmove?: (view: {bbox: number[], zoom: number}) => void, still?: boolean, signal: AbortSignal, label?: string}} how
 */
export async function incidentMap(holder, how) {
  const { gl, land, places } = await load();
  /** @type {Record<string, {type: string, features: any[]}>} */
  const data = { dots: empty(), areas: empty(), tags: empty(), divisions: empty(), drawn: empty(), chosen: empty(), names: empty() };
  data.names.features = land.features.map((/** @type {any} */ shape) => {
    const at = middle(shape.geometry);
    return { type: 'Feature', properties: { name: country(shape.properties.iso3) || shape.properties.name, size: at.area }, geometry: { type: 'Point', coordinates: [at.x, at.y] } };
  });
  const frame = h('div.map-frame');
  const card = h('div.map-card', { hidden: true });
  put(holder, frame, card);
  let map;
  try {
    map = new gl.Map({
      container: frame, style: sheet(land, places, data), center: [15, 15], zoom: 1.3, maxZoom: 12, attributionControl: { compact: true },
      dragRotate: false, pitchWithRotate: false, touchPitch: false, renderWorldCopies: true, interactive: !how.still,
      canvasContextAttributes: { preserveDrawingBuffer: how.still === true, antialias: true }, fadeDuration: 0,
      locale: {
        'NavigationControl.ZoomIn': t('map.zoom_in'), 'NavigationControl.ZoomOut': t('map.zoom_out'), 'Map.Title': how.label ?? t('map.title'),
        'AttributionControl.ToggleAttribution': t('map.attribution'), 'ScaleControl.Kilometers': 'km', 'ScaleControl.Meters': 'm',
      },
    });
  } catch (error) {
    put(holder, h('div.map-missing', null, h('p', null, t('map.no_webgl'))));
    throw error;
  }
  map.touchZoomRotate.disableRotation();
  if (!how.still) map.addControl(new gl.NavigationControl({ showCompass: false }), document.documentElement.dir === 'rtl' ? 'top-left' : 'top-right');
  map.addControl(new gl.ScaleControl({ maxWidth: 90 }), 'bottom-left');
  how.signal.addEventListener('abort', () => map.remove());
  const size = new ResizeObserver(() => map.resize());
  size.observe(frame);
  how.signal.addEventListener('abort', () => size.disconnect());
  addEventListener('watchpost:theme', () => map.setStyle(sheet(land, places, data), { diff: false }), { signal: how.signal });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => map.setStyle(sheet(land, places, data), { diff: false }), { signal: how.signal });

  const set = (/** @type {string} */ name) => map.getSource(name)?.setData(data[name]);
  const boxes = land.features.filter((/** @type {any} */ shape) => shape.properties.iso3).map((/** @type {any} */ shape) => ({ iso3: shape.properties.iso3, bounds: box(shape.geometry), geometry: shape.geometry }));
  /** @type {Set<string>} */
  const bordered = new Set();

  /** Provinces of the countries in view, when one is near enough to tell them apart. */
  async function borders() {
    if (map.getZoom() < 3.5) return;
    const view = map.getBounds();
    const wanted = boxes.filter((/** @type {any} */ one) => !bordered.has(one.iso3) && one.bounds[0] < view.getEast() && one.bounds[2] > view.getWest() && one.bounds[1] < view.getNorth() && one.bounds[3] > view.getSouth());
    if (wanted.length === 0 || wanted.length > 40) return;
    for (const one of wanted) bordered.add(one.iso3);
    const { divisions } = await import('./areas.js');
    const shapes = (await Promise.all(wanted.map((/** @type {any} */ one) => divisions(one.iso3)))).flat();
    data.divisions.features.push(...shapes);
    if (!how.signal.aborted) set('divisions');
  }

  const view = () => {
    const bounds = map.getBounds();
    const clip = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(-most, Math.min(most, Number(value.toFixed(4))));
    return { bbox: [clip(bounds.getWest(), 180), clip(bounds.getSouth(), 90), clip(bounds.getEast(), 180), clip(bounds.getNorth(), 90)], zoom: Math.round(map.getZoom()) };
  };
  map.on('moveend', () => { void borders(); how.onmove?.(view()); });

  /** @type {any[]} */
  let features = [];
  /** @type {[string|null, string|null]} */
  let period = [null, null];

  /** Incidents of the period that plays: a span is seen as long as it lasts. */
  const visible = () => features.filter(({ properties: p }) => p.kind === 'cluster' || (!period[0] || (p.to ?? p.from) >= period[0]) && (!period[1] || p.from && p.from <= period[1]));

  /** Sorts what is shown into dots and areas. */
  async function arrange() {
    const shown = visible();
    /** @type {any[]} */
    const dots = [];
    /** @type {any[]} */
    const areas = [];
    /** @type {any[]} */
    const tags = [];
    /** @type {Map<string, {level: string, name: string, geometry: any, at: {x: number, y: number}, ids: any[]}>} */
    const groups = new Map();
    await Promise.all(shown.map(async (feature) => {
      /** @type {Point} */
      const p = feature.properties;
      const point = /** @type {[number, number]|null} */ (feature.geometry?.coordinates ?? null);
      if (p.kind === 'cluster') { dots.push(feature); return; }
      if (p.precision === 4 || p.precision === 6 || p.precision === undefined && !p.radius_km) {
        const found = p.precision === 4 ? await division(p.country ?? '', p.admin1 ?? null, point) : null;
        const geometry = found?.geometry ?? (p.precision === 6 ? boxes.find((/** @type {any} */ one) => one.iso3 === p.country)?.geometry : null);
        if (geometry) {
          const level = found ? 'division' : 'country';
          const name = found ? found.properties.name : country(p.country);
          const key = `${level}:${p.country}:${name}`;
          const group = groups.get(key) ?? { level, name, geometry, at: middle(geometry), ids: /** @type {any[]} */ ([]) };
          group.ids.push(feature);
          groups.set(key, group);
          return;
        }
      }
      if (!point) return;
      dots.push(feature);
      const km = p.radius_km ?? (p.precision === 4 ? 100 : p.precision === 6 ? 300 : null);
      if (km && p.precision !== 1) areas.push({ type: 'Feature', properties: { ...p, level: 'circle' }, geometry: { type: 'Polygon', coordinates: [circle(point[0], point[1], km)] } });
    }));
    for (const [key, group] of groups) {
      areas.unshift({ type: 'Feature', properties: { level: group.level, key, count: group.ids.length }, geometry: group.geometry });
      const text = t(group.level === 'division' ? 'map.tag_division' : 'map.tag_country', { n: group.ids.length, place: group.name });
      tags.push({ type: 'Feature', properties: { text, key, count: group.ids.length }, geometry: { type: 'Point', coordinates: [group.at.x, group.at.y] } });
    }
    if (how.signal.aborted) return;
    inside = groups;
    data.dots.features = dots;
    data.areas.features = areas;
    data.tags.features = tags;
    set('dots'); set('areas'); set('tags');
    // What is drawn, for those who cannot look at a canvas: tests.
    Object.assign(holder.dataset, { dots: dots.length, areas: areas.length });
  }
  /** @type {Map<string, {level: string, name: string, ids: any[]}>} */
  let inside = new Map();

  /** Lists incidents beside the map. @param {string} heading @param {Point[]} points */
  function list(heading, points) {
    const most = 60;
    card.hidden = false;
    put(card, h('header', null, h('h3', null, heading), button(t('close'), () => { card.hidden = true; }, { icon: 'close', bare: true })),
      h('ul', null, points.slice(0, most).map((p) => h('li', null, h('a', { href: `/incidents/${p.id}`, onclick: how.onopen && ((/** @type {MouseEvent} */ event) => { if (!event.metaKey && !event.ctrlKey) { event.preventDefault(); how.onopen?.(p.id ?? ''); } }) },
        h('i.swatch', { 'data-type': p.type ?? '' }), h('span', null, h('bdi', null, p.title ?? p.id ?? ''), h('small', null, [p.from, p.deaths ? t('deaths', { n: p.deaths }) : null].filter(Boolean).join(' · '))))))),
      points.length > most && h('p.dim', null, t('map.and_more', { n: points.length - most })));
  }

  const clickable = ['clusters', 'dots', 'tags', 'areas'];
  if (!how.still) {
    map.on('mousemove', (/** @type {any} */ event) => {
      if (drawing) return;
      const over = map.queryRenderedFeatures(event.point, { layers: clickable.filter((id) => map.getLayer(id)) });
      map.getCanvas().style.cursor = over.length > 0 ? 'pointer' : '';
    });
    map.on('click', async (/** @type {any} */ event) => {
      if (drawing) return;
      const layers = clickable.filter((id) => map.getLayer(id));
      const [top] = map.queryRenderedFeatures([[event.point.x - 3, event.point.y - 3], [event.point.x + 3, event.point.y + 3]], { layers });
      if (!top) { card.hidden = true; return; }
      const p = top.properties;
      if (top.layer.id === 'dots') {
        const same = map.queryRenderedFeatures(event.point, { layers: ['dots'] });
        if (same.length > 1) list(t('map.here', { n: same.length }), same.map((/** @type {any} */ one) => one.properties));
        else list(word('sub_event_type', p.sub_type) || p.type, [p]);
      } else if (top.layer.id === 'clusters' && p.kind === 'cluster' && !p.point_count) {
        const [west, south, east, north] = typeof p.bbox === 'string' ? JSON.parse(p.bbox) : p.bbox;
        map.fitBounds([[west, south], [east, north]], { padding: 40, maxZoom: 11 });
      } else if (top.layer.id === 'clusters') {
        const source = map.getSource('dots');
        const zoom = await source.getClusterExpansionZoom(p.cluster_id);
        if (zoom <= 9.5 && zoom > map.getZoom()) map.easeTo({ center: top.geometry.coordinates, zoom: zoom + 0.2 });
        else {
          const leaves = await source.getClusterLeaves(p.cluster_id, 500, 0);
          list(t('map.here', { n: p.count }), leaves.map((/** @type {any} */ leaf) => leaf.properties));
        }
      } else {
        const group = inside.get(p.key);
        if (group) list(t(group.level === 'division' ? 'map.in_division' : 'map.in_country', { n: group.ids.length, place: group.name }), group.ids.map((one) => one.properties));
        else if (p.id) list(t('map.within', { km: number(p.radius_km) }), [p]);
      }
    });
  }

  let drawing = false;
  /** @type {[number, number][]} */
  let ring = [];
  const outline = (/** @type {[number, number][]} */ points) => {
    data.drawn.features = points.length < 2 ? [] : [{ type: 'Feature', properties: {}, geometry: points.length < 3 ? { type: 'LineString', coordinates: points } : { type: 'Polygon', coordinates: [[...points, points[0]]] } }];
    set('drawn');
  };
  const finish = (/** @type {boolean} */ keep) => {
    drawing = false;
    map.getCanvas().style.cursor = '';
    map.doubleClickZoom.enable();
    if (keep && ring.length >= 3) how.ondraw?.(ring.map(([lon, lat]) => [Number(lon.toFixed(3)), Number(lat.toFixed(3))]));
    else outline([]);
  };
  map.on('click', (/** @type {any} */ event) => {
    if (!drawing) return;
    const first = ring[0] && map.project(ring[0]);
    if (first && ring.length >= 3 && Math.hypot(first.x - event.point.x, first.y - event.point.y) < 12) { finish(true); return; }
    ring.push([event.lngLat.lng, event.lngLat.lat]);
    outline(ring);
  });
  map.on('dblclick', () => { if (drawing) finish(true); });
  frame.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
    if (drawing && event.key === 'Escape') finish(false);
    if (drawing && event.key === 'Enter') finish(true);
    if (!drawing && event.key === 'Escape') card.hidden = true;
  });

  await new Promise((resolve) => { if (map.isStyleLoaded()) resolve(null); else map.once('style.load', resolve); });
  void borders();

  return {
    map,
    view,
    /** @param {any} answer of `/map` @param {{fit?: boolean}} [opts] */
    async show(answer, opts = {}) {
      features = answer.features;
      card.hidden = true;
      if (opts.fit !== false) this.fit();
      await arrange();
    },
    /** Brings everything that is shown into view. */
    fit() {
      const points = features.map((feature) => feature.geometry?.coordinates).filter(Boolean);
      if (points.length === 0) return;
      const bounds = new gl.LngLatBounds();
      for (const point of points) bounds.extend(point);
      for (const { properties: p } of features) if (p.bbox) bounds.extend([p.bbox[0], p.bbox[1]]).extend([p.bbox[2], p.bbox[3]]);
      map.fitBounds(bounds, { padding: 46, maxZoom: 7, animate: false });
    },
    /** Only incidents of a period, or all. @param {string|null} from @param {string|null} to */
    window(from, to) { period = [from, to]; void arrange(); },
    /** Rings an incident, without moving the map away from it. @param {string|null} id */
    choose(id) {
      const feature = features.find((one) => one.properties.id === id);
      data.chosen.features = feature?.geometry ? [{ type: 'Feature', properties: {}, geometry: feature.geometry }] : [];
      set('chosen');
    },
    draw() { ring = []; outline([]); drawing = true; map.getCanvas().style.cursor = 'crosshair'; map.doubleClickZoom.disable(); map.getCanvas().focus(); },
    /** Shows an area that was drawn. @param {[number, number][]} points */
    outline,
    dark,
  };
}

/** Said where there is no map. @param {unknown} error */
export const missing = (error) => h('div.map-missing', null, h('p', null, t(error instanceof Error && error.message !== 'vendor' ? 'map.failed' : 'map.no_pack')), h('p.dim', null, t('map.how_pack')));
