// What every page template must hold: sections closed in order, components and layouts that exist, texts that exist in each language
// of the program, nothing inline that the content security policy forbids. Says each fault as FILE:LINE.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const top = join(import.meta.dirname, '..');
const folder = join(top, 'ui/templates');
const languages = ['de', 'en'];
let faults = 0;

function fault(file, line, what) {
  console.log(`ui/templates/${file}:${line}: ${what}`);
  faults += 1;
}

/** Keys of all catalogues of a language: msgid lines, joined where they run over several. */
function keysOf(language) {
  const keys = new Set();
  for (const name of readdirSync(join(top, 'locales', language))) {
    if (!name.endsWith('.po')) continue;
    for (const [, id] of readFileSync(join(top, 'locales', language, name), 'utf8').matchAll(/^msgid "(.*)"$/gm)) keys.add(id);
  }
  return keys;
}

function checkMarkers(file, text, keys) {
  const open = [];
  for (const match of text.matchAll(/\{\{([#/>!]?)([^{}]*)\}\}/g)) {
    const line = text.slice(0, match.index).split('\n').length;
    const [, kind, body] = match;
    const name = body.trim().split(/[:\s]/)[0];
    if (kind === '#') open.push(name);
    if (kind === '/' && open.pop() !== name) fault(file, line, `{{/${name}}} closes a section that is not the last one opened`);
    if (kind === '>' && !existsSync(join(folder, name))) fault(file, line, `there is no component ${name}`);
    if (kind === '!' && name === 'layout' && !existsSync(join(folder, body.trim().split(/\s+/)[1]))) fault(file, line, `there is no ${body.trim()}`);
    if (kind === '' && name.startsWith('T_'))
      for (const language of languages)
        if (!keys[language].has(name.slice(2))) fault(file, line, `no text "${name.slice(2)}" in locales/${language}`);
  }
  for (const name of open) fault(file, text.split('\n').length, `{{#${name}}} is never closed`);
}

function checkInline(file, text) {
  const plain = text.replace(/\{\{![\s\S]*?\}\}/g, (comment) => comment.replace(/[^\n]/g, ' '));
  for (const [pattern, what] of [
    [/\sstyle\s*=/gi, 'an inline style'],
    [/\son[a-z]+\s*=\s*"/gi, 'an inline event handler'],
    [/<style\b/gi, 'a style element'],
    [/<script\b(?![^>]*\bsrc=)/gi, 'an inline script'],
    [/javascript:/gi, 'a javascript: address'],
  ])
    for (const match of plain.matchAll(pattern)) fault(file, plain.slice(0, match.index).split('\n').length, `${what} is forbidden by the policy`);
}

const keys = Object.fromEntries(languages.map((language) => [language, keysOf(language)]));
const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html')).sort();
for (const file of files) {
  const text = readFileSync(join(folder, file), 'utf8');
  checkMarkers(file, text, keys);
  checkInline(file, text);
}
console.log(`${files.length} templates looked at, ${faults} faults`);
process.exit(faults ? 1 : 0);
