// Where an incident may have been, as a shape: never a pin that pretends.

const R = 6371.0088;
const rad = Math.PI / 180;

/**
 * A circle on the globe as a ring of degrees.
 * @param {number} longitude @param {number} latitude @param {number} km
 * @returns {[number, number][]}
 */
export function circle(longitude, latitude, km, steps = 48) {
  const d = km / R;
  const phi = latitude * rad;
  const ring = [];
  for (let i = 0; i <= steps; i += 1) {
    const bearing = i % steps / steps * 2 * Math.PI;
    const to = Math.asin(Math.sin(phi) * Math.cos(d) + Math.cos(phi) * Math.sin(d) * Math.cos(bearing));
    const turn = Math.atan2(Math.sin(bearing) * Math.sin(d) * Math.cos(phi), Math.cos(d) - Math.sin(phi) * Math.sin(to));
    ring.push(/** @type {[number, number]} */ ([longitude + turn / rad, to / rad]));
  }
  return ring;
}

/** Whether a point lies in a polygon or several. @param {any} geometry @param {number} x @param {number} y */
export function inside(geometry, x, y) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons.some((/** @type {number[][][]} */ rings) => rings.reduce((odd, ring) => {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      if (ring[i][1] > y !== ring[j][1] > y && x < (ring[j][0] - ring[i][0]) * (y - ring[i][1]) / (ring[j][1] - ring[i][1]) + ring[i][0]) odd = !odd;
    }
    return odd;
  }, false));
}

/** The box around a geometry: west, south, east, north. @param {any} geometry @returns {[number, number, number, number]} */
export function box(geometry) {
  /** @type {[number, number, number, number]} */
  const bounds = [180, 90, -180, -90];
  const walk = (/** @type {any} */ part) => {
    if (typeof part[0] === 'number') {
      bounds[0] = Math.min(bounds[0], part[0]); bounds[1] = Math.min(bounds[1], part[1]);
      bounds[2] = Math.max(bounds[2], part[0]); bounds[3] = Math.max(bounds[3], part[1]);
    } else part.forEach(walk);
  };
  walk(geometry.coordinates);
  return bounds;
}

const fold = (/** @type {string} */ name) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** @type {Map<string, Promise<any>>} */
const countries = new Map();
/** @type {Promise<Set<string>>|null} */
let having = null;

/** First-order divisions of a country; empty where the pack has none. @param {string} iso3 @returns {Promise<any[]>} */
export function divisions(iso3) {
  having ??= fetch('/vendor/admin1/index.json').then((answer) => (answer.ok ? answer.json() : [])).then((list) => new Set(list)).catch(() => new Set());
  const known = countries.get(iso3);
  if (known) return known;
  const asked = having.then((list) => (list.has(iso3) ? fetch(`/vendor/admin1/${iso3}.json`).then((answer) => answer.json()).then((all) => all.features) : [])).catch(() => []);
  countries.set(iso3, asked);
  return asked;
}

/**
 * The shape of a division: by its name, else the one that the point lies in.
 * @param {string} iso3 @param {string|null} name @param {[number, number]|null} point
 */
export async function division(iso3, name, point) {
  const all = await divisions(iso3);
  const wanted = name ? fold(name) : null;
  return (wanted && (all.find((shape) => shape.properties.names.some((/** @type {string} */ n) => fold(n) === wanted)) ?? all.find((shape) => shape.properties.names.some((/** @type {string} */ n) => fold(n).startsWith(`${wanted} `)))))
    ?? (point ? all.find((shape) => inside(shape.geometry, point[0], point[1])) : undefined) ?? null;
}
