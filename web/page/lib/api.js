// The page's only way to data: /api/v1 of the program that served it.

/** An answer that says what went wrong, where, and what to do (RFC 9457). */
export class Problem extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? String(status));
    this.status = status;
    /** @type {{type?: string, title?: string, detail?: string, where?: string, expected?: string, hint?: string, incident?: any}} */
    this.body = body ?? {};
  }
}

/** What the program says of itself and of us. @type {any} */
export let meta = null;

/** @type {Map<string, {etag: string, body: any}>} Answers that the server may say are still right. */
const known = new Map();
const KNOWN = 200;

/**
 * @param {string} path below /api/v1
 * @param {URLSearchParams|Record<string, string|number|boolean|null|undefined>} [query]
 */
export function address(path, query) {
  const search = query instanceof URLSearchParams ? query : new URLSearchParams();
  if (query && !(query instanceof URLSearchParams)) {
    for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `/api/v1${path}${text ? `?${text}` : ''}`;
}

/** @param {Response} answer */
async function read(answer) {
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('json')) return answer.json();
  return answer.text();
}

/**
 * What stands at a path.
 * @param {string} path
 * @param {URLSearchParams|Record<string, any>} [query]
 * @param {{signal?: AbortSignal}} [how]
 * @returns {Promise<any>}
 */
export async function get(path, query, how = {}) {
  return (await getWhole(path, query, how)).body;
}

/**
 * The same with the version that it has.
 * @param {string} path
 * @param {URLSearchParams|Record<string, any>} [query]
 * @param {{signal?: AbortSignal}} [how]
 * @returns {Promise<{body: any, etag: string|null, url: string}>}
 */
export async function getWhole(path, query, how = {}) {
  const url = address(path, query);
  const before = known.get(url);
  const headers = { Accept: 'application/json', ...(before ? { 'If-None-Match': before.etag } : {}) };
  const answer = await fetch(url, { headers, signal: how.signal, cache: 'no-store' });
  if (answer.status === 304 && before) return { body: before.body, etag: before.etag, url };
  const body = await read(answer);
  if (!answer.ok) throw refused(answer.status, body);
  const etag = answer.headers.get('etag');
  if (etag) {
    known.delete(url);
    known.set(url, { etag, body });
    if (known.size > KNOWN) known.delete(known.keys().next().value ?? '');
  }
  return { body, etag, url: answer.redirected ? answer.url : url };
}

/**
 * Writes something, once, however often the network makes us try.
 * @param {string} path
 * @param {any} body
 * @param {{method?: string, etag?: string|null}} [how]
 * @returns {Promise<{body: any, etag: string|null}>}
 */
export async function send(path, body, how = {}) {
  try { return await sendOnce(path, body, how); } catch (error) {
    // Who logs in in another tab makes what this one was told stale: it asks anew, once.
    if (!(error instanceof Problem && error.status === 403 && error.body.where === 'X-Watchpost-CSRF')) throw error;
    const before = meta?.user?.name;
    await loadMeta();
    if (meta.user?.name !== before) throw error;
    return sendOnce(path, body, how);
  }
}

/** @param {string} path @param {any} body @param {{method?: string, etag?: string|null}} how @returns {Promise<{body: any, etag: string|null}>} */
async function sendOnce(path, body, how) {
  const headers = new Headers({ Accept: 'application/json', 'X-Watchpost': '1' });
  if (meta?.csrf) headers.set('X-Watchpost-CSRF', meta.csrf);
  if (body !== undefined && body !== null) headers.set('Content-Type', 'application/json');
  const method = how.method ?? 'POST';
  if (method === 'POST') headers.set('Idempotency-Key', uuid());
  if (how.etag) headers.set('If-Match', how.etag);
  const request = { method, headers, body: body === undefined || body === null ? null : JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, request);
  } catch {
    // The connection broke: the same key says that it is the same request.
    answer = await fetch(`/api/v1${path}`, request);
  }
  const text = await read(answer);
  if (!answer.ok) throw refused(answer.status, text);
  return { body: text, etag: answer.headers.get('etag') };
}

/** A refusal; where it is that nobody is logged in any more, the page is told. @param {number} status @param {any} body */
function refused(status, body) {
  if (status === 401 && meta?.login && meta.user) dispatchEvent(new Event('watchpost:signed-out'));
  return new Problem(status, body);
}

/** `crypto.randomUUID` is there on secure origins only, and a desk in a local network may have none. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Who we are here and what this desk is. */
export async function loadMeta() {
  meta = await get('/session');
  return meta;
}

/** Logs in, by a password or by a link that was given; what was kept of another's answers goes. @param {string} path @param {any} body */
export async function enter(path, body) {
  meta = (await sendOnce(path, body, {})).body;
  known.clear();
}

/** Logs out. */
export const leave = () => send('/session', null, { method: 'DELETE' });

/**
 * Whether this desk has an endpoint, by its own description: a program that is older or built without a room has no link to it.
 * @param {string} path below /api/v1
 */
export async function offers(path) {
  // Large, and the same until the program is another: the browser keeps it.
  description ??= fetch(address('/openapi.json')).then((answer) => answer.json()).then((document) => Object.keys(document.paths)).catch(() => []);
  return (await description).some((one) => one === path || one === `/api/v1${path}`);
}
/** @type {Promise<string[]>|null} */
let description = null;

/** Whether the person at the page may. @param {string} what `read`, `decide`, `bulk`, `sources`, `accounts` */
export const may = (what) => (meta?.may ?? []).includes(what);

/** All pages of a list, up to a limit. @param {string} path @param {URLSearchParams} query @param {number} most */
export async function all(path, query, most) {
  const items = [];
  let cursor = null;
  do {
    const asked = new URLSearchParams(query);
    asked.set('limit', String(Math.min(500, most - items.length)));
    if (cursor) asked.set('cursor', cursor);
    const page = await get(path, asked);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor && items.length < most);
  return items;
}
