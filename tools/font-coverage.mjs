// Which characters some fonts can print: reads the `cmap` tables (OpenType 1.9, "cmap", formats 4 and 12).
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const kReplacement = '\u25a1';  // white square: "here stood a sign that this sheet cannot show"

function fontFiles(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => fontFiles(join(path, name))).filter((file) => /\.(ttf|otf)$/i.test(file));
}

function readFormat4(data, at, add) {
  const segments = data.readUInt16BE(at + 6) / 2;
  for (let i = 0; i < segments; ++i) {
    const end = data.readUInt16BE(at + 14 + 2 * i);
    const start = data.readUInt16BE(at + 16 + 2 * segments + 2 * i);
    if (start !== 0xffff) add(start, end);
  }
}

function readFormat12(data, at, add) {
  const groups = data.readUInt32BE(at + 12);
  for (let i = 0; i < groups; ++i) add(data.readUInt32BE(at + 16 + 12 * i), data.readUInt32BE(at + 20 + 12 * i));
}

function readCmap(data, add) {
  const tables = data.readUInt16BE(4);
  for (let i = 0; i < tables; ++i) {
    const record = 12 + 16 * i;
    if (data.toString('latin1', record, record + 4) !== 'cmap') continue;
    const cmap = data.readUInt32BE(record + 8);
    for (let k = 0; k < data.readUInt16BE(cmap + 2); ++k) {
      const at = cmap + data.readUInt32BE(cmap + 4 + 8 * k + 4);
      const format = data.readUInt16BE(at);
      if (format === 4) readFormat4(data, at, add);
      if (format === 12) readFormat12(data, at, add);
    }
  }
}

export class Coverage {
  #printable = new Uint8Array(0x110000);
  #read = false;

  constructor(paths) {
    this.paths = paths;
  }

  // Latin letters are in every font; the tables are read only when the first other character comes.
  #load() {
    for (const file of this.paths.flatMap(fontFiles)) {
      readCmap(readFileSync(file), (from, to) => this.#printable.fill(1, from, Math.min(to, 0x10ffff) + 1));
    }
    this.#read = true;
  }

  replaceUnprintable(text) {
    if (/^[\t\n\r\x20-\x7e\xa0-\xff\u2013\u2014\u2018-\u201e\u2022\u2026\u20ac]*$/.test(text)) return text;
    if (!this.#read) this.#load();
    let out = '';
    for (const character of text) {
      const code = character.codePointAt(0);
      // Joiners, direction marks and variation selectors are no glyphs of their own.
      const silent = /\p{Default_Ignorable_Code_Point}/u.test(character);
      out += code < 0x20 || silent || this.#printable[code] ? character : kReplacement;
    }
    return out;
  }
}
