// What can be tested without a browser: `node --test web/test`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { box, circle, inside } from '../page/lib/areas.js';
import { fieldOf, units } from '../page/lib/evidence.js';
import { changed, chosen, command, toggled, values } from '../page/lib/filters.js';
import { after, grain } from '../page/lib/timeline.js';

test('offsets in code points find the same words in UTF-16', () => {
  const text = '😀 𝔘𝔫𝔦 killed ‮nine‬ in Gao 🇲🇱.';
  const points = [...text];
  const every = points.map((_, at) => at).concat(points.length);
  const unit = units(text, every);
  for (let from = 0; from < points.length; from += 1) {
    for (let to = from; to <= points.length; to += 1) assert.equal(text.slice(unit(from), unit(to)), points.slice(from, to).join(''));
  }
  assert.equal(unit(points.length + 5), text.length, 'what lies beyond the text is its end');
});

test('half a surrogate pair is one code point and does not stop the walk', () => {
  const text = 'a\ud83d b';
  const unit = units(text, [0, 1, 2, 3, 4]);
  assert.deepEqual([0, 1, 2, 3, 4].map(unit), [0, 1, 2, 3, 4]);
});

test('a circle has its radius all around, also near the pole', () => {
  const rad = Math.PI / 180;
  const far = ([x, y], [lon, lat]) => 6371.0088 * Math.acos(Math.min(1, Math.sin(y * rad) * Math.sin(lat * rad) + Math.cos(y * rad) * Math.cos(lat * rad) * Math.cos((x - lon) * rad)));
  for (const centre of [[0, 0], [13.15, 11.84], [-58, 71]]) {
    const ring = circle(centre[0], centre[1], 25);
    assert.deepEqual(ring[0], ring[ring.length - 1]);
    for (const point of ring) assert.ok(Math.abs(far(point, centre) - 25) < 0.01);
  }
});

test('a hole is outside', () => {
  const square = (size) => [[-size, -size], [size, -size], [size, size], [-size, size], [-size, -size]];
  const ring = { type: 'Polygon', coordinates: [square(4), square(1)] };
  assert.ok(inside(ring, 2, 2));
  assert.ok(!inside(ring, 0, 0));
  assert.ok(!inside(ring, 5, 0));
  assert.deepEqual(box(ring), [-4, -4, 4, 4]);
});

test('the address is the filter', () => {
  const query = new URLSearchParams('country=MLI,NER&order=deadliest&text=a b');
  assert.deepEqual(values(query, 'country'), ['MLI', 'NER']);
  assert.equal(toggled(query, 'country', 'MLI').get('country'), 'NER');
  assert.equal(toggled(query, 'country', 'BFA').get('country'), 'MLI,NER,BFA');
  assert.equal(toggled(query, 'actor', 'jnim').get('actor'), 'jnim');
  assert.equal(toggled(new URLSearchParams('actor=jnim'), 'actor', 'jnim').get('actor'), null);
  assert.equal(chosen(query).has('order'), false);
  assert.equal(changed(query, { text: '' }).has('text'), false);
});

test('the command line is that of the program', () => {
  const query = new URLSearchParams({ to: '2024-03-01', source: "L'Essor", bbox: '-12.3,10.1,4.3,25', type: 'Riots', deaths_min: '3' });
  assert.equal(command(query, 'acled'), "watchpost export --to acled --until 2024-03-01 --type Riots --publisher 'L'\\''Essor' --min-deaths 3 --area 10.1,-12.3,25,4.3");
  assert.equal(command(new URLSearchParams({ polygon: '1,2;3,4;5,6' }), 'csv'), null);
});

test('time is cut where it is cut', () => {
  assert.equal(after('2024-02-28', 'day'), '2024-02-29');
  assert.equal(after('2024-12-30', 'week'), '2025-01-06');
  assert.equal(after('2024-12-01', 'month'), '2025-01-01');
  assert.equal(grain('2024-01-01', '2024-02-01'), 'day');
  assert.equal(grain('2020-01-01', '2024-02-01'), 'month');
});

test('paths of a coded document are fields of an incident', () => {
  assert.equal(fieldOf('event_date'), 'dates');
  assert.equal(fieldOf('places[0]'), 'place');
  assert.equal(fieldOf('killed[1].number'), 'killed');
  assert.equal(fieldOf('event_type'), 'sub_event_type');
});
