// Deciding: each decision is sent with the version of the incident that was looked at, answers with its number in the log, and can be
// taken back by it.
import { Problem, send } from './api.js';
import { note, ourOwn, say, trouble } from './shell.js';
import { t } from './strings.js';

/**
 * @typedef {{kind: string, incident?: string, incidents?: string[], decision: number, through: number, title: string, at: number, undone?: boolean}} Done
 */

/** The last of our decisions, newest first. @type {Done[]} */
export const done = (() => {
  try { return JSON.parse(sessionStorage.getItem('watchpost.done') ?? '[]'); } catch { return []; }
})();

function keep() {
  done.splice(50);
  sessionStorage.setItem('watchpost.done', JSON.stringify(done));
  dispatchEvent(new CustomEvent('watchpost:decided'));
}

/**
 * Sends a decision.
 * @param {any} decision `{kind, incident, …}`
 * @param {{etag?: string|null, title: string, quiet?: boolean, after?: (answer: any) => void}} how
 * @returns {Promise<any>} what stands now, or null where it was refused
 */
export async function decide(decision, how) {
  ourOwn();
  try {
    const { body, etag } = await send('/decisions', decision, { etag: how.etag ?? null });
    ourOwn();
    const entry = { kind: decision.kind, incident: decision.incident, decision: body.decision, through: body.through ?? body.decision, title: how.title, at: Date.now() };
    done.unshift(entry);
    keep();
    const text = t(`decided.${decision.kind}`, { title: how.title });
    say(text);
    if (!how.quiet) note(`${text} · ${t('decided.number', { n: String(body.decision) })}`, { label: t('key.undo'), action: () => undo(entry, how.after) });
    return { ...body, etag };
  } catch (error) {
    if (error instanceof Problem && error.status === 412) note(t('decide.changed'), { bad: true, stay: true, label: t('decide.look'), action: () => dispatchEvent(new CustomEvent('watchpost:refresh')) });
    else trouble(error);
    return null;
  }
}

/**
 * Takes a decision back.
 * @param {Done} [entry] the last that stands, if none is named
 * @param {(answer: any) => void} [after]
 */
export async function undo(entry = done.find((one) => !one.undone && one.kind !== 'undo'), after) {
  if (!entry) { note(t('undo.nothing')); return null; }
  ourOwn();
  try {
    const { body } = await send('/decisions', { kind: 'undo', decision: entry.decision, through: entry.through });
    ourOwn();
    entry.undone = true;
    keep();
    const text = t('decided.undo', { title: entry.title });
    say(text);
    note(text);
    after?.(body);
    return { entry, ...body };
  } catch (error) {
    trouble(error);
    return null;
  }
}

/**
 * Takes back a decision of the log, by its number.
 * @param {number} decision @param {string} title @param {(answer: any) => void} after
 */
export async function undoNumber(decision, title, after) {
  return undo({ kind: '', decision, through: decision, title, at: Date.now() }, after);
}
