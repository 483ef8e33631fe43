// Sets letters: reads requests from standard input, writes PDF files to standard output, one at a time. Each message in both
// directions is a length (4 bytes, big endian) and that many bytes. First comes the configuration {look, fonts}, then letters (JSON);
// an answer's first byte is 1 (a PDF follows) or 0 (an error text follows). What people typed is data for Typst, never source.
import { readSync, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import { Coverage } from './font-coverage.mjs';

function readExactly(bytes) {
  const buffer = Buffer.alloc(bytes);
  let have = 0;
  while (have < bytes) {
    const got = readSync(0, buffer, have, bytes - have, null);
    if (got === 0) return null;
    have += got;
  }
  return buffer;
}

function readMessage() {
  const head = readExactly(4);
  return head && readExactly(head.readUInt32BE(0));
}

function answer(status, body) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length + 1, 0);
  head[4] = status;
  const message = Buffer.concat([head, body]);
  for (let sent = 0; sent < message.length;) sent += writeSync(1, message, sent);
}

const config = JSON.parse(readMessage().toString('utf8'));
const look = resolve(config.look);
const compiler = NodeCompiler.create({
  workspace: dirname(look),
  fontArgs: [{ fontPaths: config.fonts }],
});
const source = `#import "${basename(look).replaceAll(/["\\]/g, '')}": letter\n#letter(json(bytes(sys.inputs.data)))\n`;
const coverage = new Coverage(config.fonts);

function messages(error) {
  try {
    return compiler.fetchDiagnostics(error).map((d) => `${d.range ?? ''} ${d.message}`).join('; ');
  } catch {
    return String(error);
  }
}

function toPdf(json) {
  const compiled = compiler.compile({ mainFileContent: source, inputs: { data: json } });
  if (!compiled.result) throw new Error(messages(compiled.takeError() ?? compiled.takeDiagnostics()));
  return compiler.pdf(compiled.result, { pdfStandard: 'ua-1' });
}

for (let request = readMessage(); request; request = readMessage()) {
  try {
    // PDF/UA-1 (ISO 14289-1, 7.21.4.1) forbids missing glyphs: a pictograph in somebody's remark must not stop the letter.
    answer(1, toPdf(coverage.replaceUnprintable(request.toString('utf8'))));
  } catch (error) {
    answer(0, Buffer.from(String(error?.message ?? error), 'utf8'));
  }
  compiler.evictCache(30);
}
