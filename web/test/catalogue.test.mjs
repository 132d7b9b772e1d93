// The catalogue of strings holds what the page asks for, and nothing else; the page says nothing that is not in it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const page = fileURLToPath(new URL('../page/', import.meta.url));
const sources = readdirSync(page, { recursive: true }).map(String).filter((file) => file.endsWith('.js')).map((file) => ({ file, text: readFileSync(page + file, 'utf8') }));
const languages = JSON.parse(readFileSync(`${page}strings/index.json`, 'utf8'));
const english = JSON.parse(readFileSync(`${page}strings/en.json`, 'utf8'));

/** Every string and template of the sources. */
const strings = new Set();
const templates = new Set();
for (const { text } of sources) {
  for (const [, one] of text.matchAll(/'([^'\\\n]*)'/g)) strings.add(one);
  for (const [, one] of text.matchAll(/`([^`\\]*)`/g)) templates.add(one);
  for (const [, group] of text.matchAll(/\bword\('(\w+)'/g)) templates.add(`${group}.\${word}`);
}
const shapes = [...templates].filter((one) => /^[a-z_]+\./.test(one)).map((one) => new RegExp(`^${one.split(/\$\{[^}]*\}+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\w.-]+')}$`));

test('every name that is asked for is there', () => {
  for (const { file, text } of sources) {
    for (const [, name] of text.matchAll(/\bt\('([^']+)'/g)) assert.ok(name in english, `${file} asks for ${name}`);
  }
});

test('every name that is there is asked for', () => {
  for (const name of Object.keys(english)) assert.ok(strings.has(name) || shapes.some((shape) => shape.test(name)), `nothing asks for ${name}`);
});

test('every language has the same names, and fills in the same values', () => {
  const filled = (text) => [...new Set((typeof text === 'string' ? [text] : Object.values(text)).flatMap((one) => [...one.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)))].sort();
  for (const [tag, { dir }] of Object.entries(languages)) {
    assert.ok(['ltr', 'rtl'].includes(dir));
    const catalogue = JSON.parse(readFileSync(`${page}strings/${tag}.json`, 'utf8'));
    assert.deepEqual(Object.keys(catalogue).sort(), Object.keys(english).sort(), tag);
    for (const [name, text] of Object.entries(catalogue)) {
      assert.deepEqual(filled(text), filled(english[name]), `${tag}: ${name}`);
      if (typeof text === 'object') assert.ok('other' in text, `${tag}: ${name} has no plural "other"`);
    }
  }
});

test('no words of ours stand in the code, and nothing is read as HTML', () => {
  for (const { file, text } of sources) {
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
    for (const wrong of ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'DOMParser', 'setHTML', 'createContextualFragment', 'eval(', 'new Function']) assert.ok(!code.includes(wrong), `${file} has ${wrong}`);
    // A child that begins with a capital and goes on in small letters is a sentence.
    for (const [, words] of code.matchAll(/h\('[^']*', [^\n]*?, '([A-Z][a-z]+ [^']*)'\)/g)) assert.fail(`${file} says “${words}” by itself`);
  }
});

test('sides follow the direction of the script', () => {
  for (const file of readdirSync(`${page}css`)) {
    const css = readFileSync(`${page}css/${file}`, 'utf8').replace(/@page[^}]*\}/g, '');
    for (const [wrong] of css.matchAll(/(?:margin|padding|border)-(?:left|right)|(?:^|[\s;{])(?:left|right):|text-align: (?:left|right)|float:/g)) assert.fail(`${file}: ${wrong}`);
  }
});
