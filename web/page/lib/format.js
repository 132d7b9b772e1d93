// How an incident is said in few words.
import { country, date, number, t, word } from './strings.js';

/** Names of the six event types as colours are known by: `type-battles`. @param {string|null|undefined} type */
export const typeClass = (type) => `type-${(type ?? 'none').toLowerCase().replace(/[^a-z]+/g, '-')}`;

/** Days of an incident, never more exact than they are known. @param {{event_date?: string|null, event_date_end?: string|null, time_precision?: any}} incident */
export function days(incident) {
  const { event_date: first, event_date_end: last, time_precision: precision } = incident;
  if (!first) return t('when.unknown');
  if (precision === 3 || precision === 'month') return date(first, { month: 'long', year: 'numeric' });
  if (precision === 4 || precision === 'year') return date(first, { year: 'numeric' });
  if (!last || last <= first) return date(first);
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return format.formatRange(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`));
}

/** How sure the days are, where they are not. @param {any} incident */
export function daysPrecision(incident) {
  const name = `time_precision.${incident.time_precision}`;
  return incident.time_precision && incident.time_precision !== 1 ? t(name) : '';
}

/** @param {any} place */
export function place(place) {
  if (!place) return t('place.unknown');
  const land = country(place.country);
  return [place.name, place.admin1, land].filter((part, at, all) => part && all.indexOf(part) === at).join(', ');
}

/** A place in a list: without its country where the country has a column. @param {any} place */
export function placeShort(place) {
  if (!place) return t('place.unknown');
  return [place.name, place.admin1 ?? country(place.country)].filter((part, at, all) => part && all.indexOf(part) === at).join(', ');
}

/** How exactly a place is known, by UCDP's seven steps. @param {number|null|undefined} precision */
export const placePrecision = (precision) => (precision ? t(`where_precision.${precision}`) : t('where_precision.none'));

/** "3", "3 (2–5)". @param {{low?: number|null, best?: number|null, high?: number|null}|null|undefined} figures */
export function range(figures) {
  if (!figures) return '';
  const { low, best, high } = figures;
  if (low === best && high === best || low === null && high === null || low === undefined && high === undefined) return number(best);
  return t('range', { best: number(best), low: number(low), high: number(high) });
}

/** The dead, as one figure with its span. @param {any} incident */
export const dead = (incident) => range(incident.figures?.killed ?? (incident.deaths?.best === null ? null : incident.deaths));

/** @param {any} party */
export const party = (party) => party.label ?? t('person.unnamed');

/** @param {any[]} parties */
export function parties(parties) {
  if (!parties?.length) return t('party.unknown');
  return parties.map(party).join('; ');
}

/** A share as a whole per cent. @param {number|null|undefined} value */
export const percent = (value) => (value === null || value === undefined ? '' : new Intl.NumberFormat(document.documentElement.lang, { style: 'percent', maximumFractionDigits: 0 }).format(value));

/** What happened, in a line. @param {any} incident */
export const title = (incident) => t('incident.title', { kind: word('sub_event_type', incident.sub_event_type) || t('type.unknown'), place: placeShort(incident.place) });

/** Status as a token of the address and of class names. @param {string} status */
export const statusToken = (status) => status.replaceAll(' ', '-').replaceAll('_', '-');

/** @param {string} status */
export const statusWord = (status) => t(`status.${statusToken(status)}`);

/** A series as people say it: "MLI; Gao" is Gao, Mali. @param {string} name */
export const seriesName = (name) => (name === 'all' ? t('watch.everything') : name.split(';').map((part) => part.trim()).map((part) => (/^[A-Z]{3}$/.test(part) ? country(part) : part)).reverse().join(', '));

/** A number with a decimal where it is small. @param {number} value */
export const decimal = (value) => number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
