// A whole application over HTTP, as a browser without scripts would send it, and the server it goes to. Used by the crash test and
// by the benchmark.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';

/** Starts the program with the given options on a free port; gives the process and the origin that it serves. */
export function start(program, options) {
  return new Promise((resolve, reject) => {
    const server = spawn(program, [...options, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, LC_ALL: 'C' } });
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve({ server, origin: found[0] });
    });
    server.once('exit', (code) => reject(new Error(`the server ended with ${code} before it served`)));
  });
}

export function ended(server) {
  return server.exitCode !== null || server.signalCode !== null ? Promise.resolve() : new Promise((resolve) => server.once('exit', resolve));
}

const service = 'resident-parking';
const now = new Date(new Date().toLocaleString('en-US', { timeZone: 'Europe/Berlin' }));  // the day where the city is
const answers = (number) => ({
  'home.address-street': 'Kanalstraße', 'home.address-number': '40', 'home.address-postcode': '48147', 'home.address-place': 'Münster',
  'home.main': 'yes', 'applicant.first_name': 'Jana', 'applicant.last_name': `Probe ${'abcdefghij'[number % 10]}`, 'permits_held': '0',
  'vehicle.plate': `MS-KP ${number + 1}`, 'vehicle.kind': 'car', 'vehicle.length': '4,28', 'vehicle.keeper': 'me', 'garage': 'no',
  'start-day': String(now.getDate()), 'start-month': String(now.getMonth() + 1), 'start-year': String(now.getFullYear()),
  'delivery': 'post', 'confirm': 'yes',
});

/** A one-page PDF that says what it is; each one is different. */
function pdf(number) {
  const lines = ['Zulassungsbescheinigung Teil I', `Kennzeichen MS-KP ${number + 1}`, 'Feld 18: 4280'];
  const stream = `BT /F1 24 Tf 72 720 Td ${lines.map((line) => `(${line}) Tj 0 -40 Td`).join(' ')} ET`;
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>stream\n${stream}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, i) => {
    const place = text.length;
    text += `${i + 1} 0 obj${object}endobj\n`;
    return place;
  });
  const table = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')}`;
  return Buffer.from(`${text}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`, 'latin1');
}

/** GET of a page of the site; redirects are not followed. */
export async function get(origin, path) {
  const answer = await fetch(origin + path, { redirect: 'manual' });
  return { status: answer.status, location: answer.headers.get('location'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

export async function post(origin, path, fields, file) {
  let body = new URLSearchParams(fields);
  if (file) {
    body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append('file', new Blob([file], { type: 'application/pdf' }), 'fahrzeugschein.pdf');
  }
  const answer = await fetch(origin + path, { method: 'POST', redirect: 'manual', body, headers: { origin } });
  const text = await answer.text();
  return { status: answer.status, location: answer.headers.get('location'), text };
}

/** What the screen's form would send: its own values, ours where we have one. */
function fieldsOf(html, known) {
  const fields = {};
  for (const [tag] of html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)) {
    const attribute = (name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
    const name = attribute('name');
    if (!name || attribute('type') === 'file') continue;
    if (name in known) fields[name] = known[name];
    else if (!['radio', 'checkbox'].includes(attribute('type')) && tag.startsWith('<input') && name !== 'csrf') fields[name] = attribute('value');
  }
  return fields;
}

/** Walks a draft to its check page; gives its path. */
export async function prepare(origin, number) {
  const begun = await post(origin, `/de/services/${service}/begin`, {});
  if (begun.status !== 303) throw new Error(`begin: ${begun.status}`);
  const base = /^\/de\/drafts\/[^/]+/.exec(begun.location)[0];
  const file = pdf(number);
  let here = begun.location;
  for (let steps = 0; !here.endsWith('/check'); ++steps) {
    if (steps > 60) throw new Error(`no way to the end: ${here}`);
    const page = await get(origin, here);
    if (page.status === 303) {
      here = page.location;
      continue;
    }
    const html = page.bytes.toString();
    const form = html.slice(html.indexOf(`action="${here}"`));
    const paper = here.includes('/steps/paper/');
    const sent = await post(origin, here, fieldsOf(form.slice(0, form.indexOf('</form>')), answers(number)), paper ? file : undefined);
    const refused = sent.status !== 303 || (sent.location === here && html.includes('name="confirm"'));
    if (refused) throw new Error(`${here}: ${sent.status} ${/class="kern-body kern-body--error"[^>]*>([^<]*)/.exec((await get(origin, here)).bytes.toString())?.[1] ?? ''}`);
    here = sent.location;
  }
  return { number, base, digest: createHash('sha256').update(file).digest('hex'), receipt: '' };
}

/** Does the work for all items, so many at a time. */
export async function inLanes(lanes, items, work) {
  const waiting = [...items];
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (waiting.length) await work(waiting.shift());
  }));
}
