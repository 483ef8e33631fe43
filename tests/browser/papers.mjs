// Files that people upload, made here: a good paper, photos that nobody can read, and something that is no paper at all.
import { deflateSync } from 'node:zlib';

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; ++bit) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

/** A PNG (ISO/IEC 15948) in greys; `shade(x, y)` gives 0 to 255. */
function png(width, height, shade) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x) rows[y * (width + 1) + 1 + x] = shade(x, y);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Taken at night: smooth, so that reading it ends soon on a busy machine too (what could not be read in time is not refused). */
export const darkPhoto = () => ({ name: 'dunkel.png', mimeType: 'image/png', buffer: png(900, 1200, (x, y) => 6 + Math.round(x / 150 + y / 200)) });
export const tinyPhoto = () => ({ name: 'winzig.png', mimeType: 'image/png', buffer: png(40, 30, (x, y) => ((x + y) % 2 ? 255 : 120)) });

/** The end record of an empty ZIP archive, under the name of a photo. */
export const noPhoto = () => ({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`, 'latin1') });

/** A paper that is surely readable: the printable form, made by the server itself. */
export async function goodPaper(page, language) {
  const answer = await page.request.get(`/${language}/services/resident-parking/form.pdf`);
  if (answer.status() !== 200) throw new Error(`no printable form: ${answer.status()}`);
  return { name: 'papier.pdf', mimeType: 'application/pdf', buffer: await answer.body() };
}
