// Writes web/page/strings/countries.json from knowledge/countries.tsv: `node web/pack/countries.mjs`; with `--check` it says whether that is fresh.
import { readFileSync, writeFileSync } from 'node:fs';

const lines = readFileSync(new URL('../../knowledge/countries.tsv', import.meta.url), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
const columns = lines[0].split('\t');
const rows = lines.slice(1).map((line) => Object.fromEntries(line.split('\t').map((cell, at) => [columns[at], cell])));
const text = `${JSON.stringify(Object.fromEntries(rows.map((row) => [row.iso3, row.name])), null, 1)}\n`;
const file = new URL('../page/strings/countries.json', import.meta.url);
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error('web/page/strings/countries.json is stale. hint: node web/pack/countries.mjs');
    process.exit(1);
  }
} else writeFileSync(file, text);
