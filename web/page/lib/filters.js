// What is looked at: a filter is the query of the address and nothing else, so that a view can be sent as a link.

/** Parameters that choose incidents, in the order in which they are said. */
export const NAMES = ['from', 'to', 'country', 'admin1', 'type', 'sub_type', 'actor', 'source', 'status', 'deaths_min', 'confidence_min', 'text', 'bbox', 'polygon'];
/** Those that may hold several values, with commas between them. */
export const SEVERAL = new Set(['country', 'type', 'sub_type', 'status']);

/** The part of a query that chooses incidents. @param {URLSearchParams} query */
export function chosen(query) {
  const filter = new URLSearchParams();
  for (const name of NAMES) {
    const value = query.get(name);
    if (value) filter.set(name, value);
  }
  return filter;
}

/** @param {URLSearchParams} query @param {string} name @returns {string[]} */
export function values(query, name) {
  const value = query.get(name);
  if (!value) return [];
  return SEVERAL.has(name) ? value.split(',').filter(Boolean) : [value];
}

/** A copy with a value put in or taken out. @param {URLSearchParams} query @param {string} name @param {string} value */
export function toggled(query, name, value) {
  const now = values(query, name);
  const wanted = now.includes(value) ? now.filter((other) => other !== value) : SEVERAL.has(name) ? [...now, value] : [value];
  return changed(query, { [name]: wanted.join(',') });
}

/** A copy with parameters set, or taken out where empty. @param {URLSearchParams} query @param {Record<string, string|null>} changes */
export function changed(query, changes) {
  const copy = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') copy.delete(name);
    else copy.set(name, value);
  }
  return copy;
}

/** @param {URLSearchParams} query @returns {Record<string, string>} as `POST /decisions/bulk` takes it */
export const asObject = (query) => Object.fromEntries(chosen(query));

/** Our names of filters that the command line calls otherwise. @type {Record<string, string>} */
const FLAGS = { to: 'until', source: 'publisher', deaths_min: 'min-deaths', confidence_min: 'min-confidence', sub_type: 'sub-type', bbox: 'area' };

/** A command line that gives the same incidents; null where it cannot (a drawn area). @param {URLSearchParams} query @param {string} format */
export function command(query, format) {
  if (query.get('polygon')) return null;
  const quote = (/** @type {string} */ value) => (/^[\w.,:/+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`);
  let line = `watchpost export --to ${format}`;
  for (const [name, value] of chosen(query)) {
    // The command line has south first.
    const [west, south, east, north] = value.split(',');
    line += ` --${FLAGS[name] ?? name} ${quote(name === 'bbox' ? [south, west, north, east].join(',') : value)}`;
  }
  return line;
}
