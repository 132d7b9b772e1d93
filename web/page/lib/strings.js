// Every word of ours stands in a catalogue (strings/*.json) and is asked for by its name. `{name}` is filled in; where a name depends on
// a number, the catalogue gives the forms of CLDR's plural categories.

/** @type {Record<string, string|Record<string, string>>} */
let catalogue = {};
/** @type {Record<string, string>} */
let countries = {};
export let locale = 'en';
let plurals = new Intl.PluralRules('en');
let numbers = new Intl.NumberFormat('en');

const file = (/** @type {string} */ name) => new URL(`../strings/${name}.json`, import.meta.url);

/**
 * Fetches the catalogue of the language that is asked for (`?lang=`, then what was chosen before, then the browser's), English where
 * there is none.
 */
export async function loadStrings() {
  const asked = new URLSearchParams(location.search).get('lang') ?? localStorage.getItem('watchpost.lang');
  const list = await (await fetch(file('index'))).json();
  const wanted = [asked, ...navigator.languages].filter((tag) => tag !== null).map((tag) => tag.split('-')[0]);
  locale = wanted.find((tag) => tag in list) ?? 'en';
  const [ours, names] = await Promise.all([
    fetch(file(locale)).then((answer) => answer.json()),
    fetch(file('countries')).then((answer) => answer.json()),
  ]);
  catalogue = ours;
  countries = names;
  plurals = new Intl.PluralRules(locale);
  numbers = new Intl.NumberFormat(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = list[locale].dir ?? 'ltr';
}

/**
 * A text of the catalogue.
 * @param {string} name
 * @param {Record<string, string|number|null|undefined>} [values] `n` chooses the plural form
 * @returns {string}
 */
export function t(name, values = {}) {
  let text = catalogue[name];
  if (text === undefined) return name;
  if (typeof text !== 'string') text = text[plurals.select(Number(values.n ?? 0))] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (whole, key) => {
    const value = values[key];
    if (value === undefined || value === null) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

/** Whether the catalogue has it. @param {string} name */
export const has = (name) => name in catalogue;

/** A word of a closed vocabulary, as the catalogue says it, else as it is. @param {string} group @param {string|null|undefined} word */
export function word(group, word) {
  if (!word) return '';
  const name = `${group}.${word.replaceAll(' ', '_')}`;
  return has(name) ? t(name) : word;
}

/** @param {number|null|undefined} value */
export const number = (value) => (value === null || value === undefined ? '?' : numbers.format(value));

/** The name of a country: as the browser knows it in this language, else in English. @param {string|null|undefined} iso3 */
export function country(iso3) {
  if (!iso3) return '';
  return countries[iso3] ?? iso3;
}

/** Every country that there is. @returns {[string, string][]} */
export const allCountries = () => Object.entries(countries);

const day = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' };

/** @param {string|null|undefined} iso `2024-03-05` @param {Intl.DateTimeFormatOptions} [form] */
export function date(iso, form = /** @type {any} */ (day)) {
  if (!iso) return '';
  const value = new Date(iso.length === 10 ? `${iso}T00:00:00Z` : iso);
  return Number.isNaN(value.getTime()) ? iso : new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...form }).format(value);
}

/** A moment, in the time of the person who looks. @param {string|null|undefined} iso */
export function moment(iso) {
  if (!iso) return '';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** How long ago, in words. @param {string|null|undefined} iso */
export function ago(iso) {
  if (!iso) return '';
  const seconds = (Date.now() - new Date(iso).getTime()) / 1000;
  const form = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });
  for (const [unit, size] of /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3600], ['minute', 60]])) {
    if (Math.abs(seconds) >= size) return form.format(-Math.round(seconds / size), unit);
  }
  return form.format(0, 'minute');
}
