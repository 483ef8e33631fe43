// Kills the server with SIGKILL in the middle of many concurrent submissions and looks, after a restart, whether each one that was
// acknowledged is there: once, with its file. What was not acknowledged must be sendable again and then be there once as well.
//
//   node tests/crash/kill9.mjs build/release/kiepe [how many = 200] [--database postgresql://...]
//
// Each submission is a whole one over HTTP: begin a draft, answer every screen, put a file in, send. Closes with "N passed, N failed".
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [program, ...rest] = process.argv.slice(2);
const database = rest.includes('--database') ? ['--database', rest[rest.indexOf('--database') + 1]] : [];
const wanted = Number(rest.find((word) => /^\d+$/.test(word)) ?? 200);
const service = 'resident-parking';
const data = mkdtempSync(join(tmpdir(), 'kiepe-crash-'));
const count = { passed: 0, failed: 0 };
let origin = '';

function check(what, good, detail = '') {
  count[good ? 'passed' : 'failed'] += 1;
  console.log(`${good ? 'ok   ' : 'FAIL '} ${what}${detail ? `: ${detail}` : ''}`);
}

// -- the server ---------------------------------------------------------------------------------------------------------------------

function start(port) {
  return new Promise((resolve, reject) => {
    const server = spawn(program, ['--data', data, ...database, 'serve', '--port', String(port)], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, LC_ALL: 'C' } });
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) [origin] = found, resolve(server);
    });
    server.once('exit', (code) => reject(new Error(`the server ended with ${code} before it served`)));
  });
}

function ended(server) {
  return server.exitCode !== null || server.signalCode !== null ? Promise.resolve() : new Promise((resolve) => server.once('exit', resolve));
}

// -- one application ------------------------------------------------------------------------------------------------------------------

const now = new Date();
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

async function get(path) {
  const answer = await fetch(origin + path, { redirect: 'manual' });
  return { status: answer.status, location: answer.headers.get('location'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

async function post(path, fields, file) {
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
async function prepare(number) {
  const begun = await post(`/de/services/${service}/begin`, {});
  if (begun.status !== 303) throw new Error(`begin: ${begun.status}`);
  const base = /^\/de\/drafts\/[^/]+/.exec(begun.location)[0];
  const file = pdf(number);
  let here = begun.location;
  for (let steps = 0; !here.endsWith('/check'); ++steps) {
    if (steps > 60) throw new Error(`no way to the end: ${here}`);
    const page = await get(here);
    if (page.status === 303) {
      here = page.location;
      continue;
    }
    const html = page.bytes.toString();
    const form = html.slice(html.indexOf(`action="${here}"`));
    const paper = here.includes('/steps/paper/');
    const sent = await post(here, fieldsOf(form.slice(0, form.indexOf('</form>')), answers(number)), paper ? file : undefined);
    const refused = sent.status !== 303 || (sent.location === here && html.includes('name="confirm"'));
    if (refused) throw new Error(`${here}: ${sent.status} ${/class="kern-body kern-body--error"[^>]*>([^<]*)/.exec((await get(here)).bytes.toString())?.[1] ?? ''}`);
    here = sent.location;
  }
  return { number, base, digest: createHash('sha256').update(file).digest('hex'), receipt: '' };
}

async function inLanes(lanes, items, work) {
  const waiting = [...items];
  await Promise.all(Array.from({ length: lanes }, async () => {
    while (waiting.length) await work(waiting.shift());
  }));
}

// -- the crash ------------------------------------------------------------------------------------------------------------------------

/** Sends all at once; kills when a third is acknowledged, so that many are under way at that moment. */
async function sendAndKill(server, drafts) {
  let acknowledged = 0;
  await Promise.all(drafts.map(async (draft) => {
    try {
      const sent = await post(`${draft.base}/send`, {});
      if (sent.status !== 303 || !sent.location.endsWith('/receipt')) {
        if (!server.killed) draft.refused = `${sent.status} ${sent.location ?? ''}`;
        return;
      }
      draft.receipt = sent.location;
      acknowledged += 1;
      if (acknowledged >= drafts.length / 3 && !server.killed) server.kill('SIGKILL');
    } catch {
      // The connection died with the server: not acknowledged.
    }
  }));
  await ended(server);
  return acknowledged;
}

async function look(draft) {
  const page = await get(draft.receipt.replace(/\/receipt$/, ''));
  if (page.status !== 200) return { there: false };
  const html = page.bytes.toString();
  const files = [...new Set([...html.matchAll(/href="(\/de\/cases\/[^"]*\/files?\/[^"]*)"/g)].map((match) => match[1]))];
  const number = /<dd class="kp-num">([^<]*)/.exec(html)?.[1] ?? '';
  const bytes = files.length === 1 ? (await get(files[0])).bytes : Buffer.alloc(0);
  return { there: true, number, files: files.length, same: createHash('sha256').update(bytes).digest('hex') === draft.digest };
}

async function checkAcknowledged(drafts) {
  let there = 0, whole = 0, once = 0;
  await inLanes(8, drafts, async (draft) => {
    const seen = await look(draft);
    draft.case = seen.number;
    there += seen.there ? 1 : 0;
    whole += seen.files === 1 && seen.same ? 1 : 0;
    const again = await post(`${draft.base}/send`, {});
    once += again.status === 303 && again.location === draft.receipt ? 1 : 0;
  });
  check('each acknowledged case is there', there === drafts.length, `${there} of ${drafts.length}`);
  check('each has its one file', whole === drafts.length, `${whole} of ${drafts.length}`);
  check('sending again leads to the same case', once === drafts.length, `${once} of ${drafts.length}`);
}

async function checkOthers(drafts) {
  let sent = 0, whole = 0;
  await inLanes(8, drafts, async (draft) => {
    const answer = await post(`${draft.base}/send`, {});
    if (answer.status !== 303 || !answer.location.endsWith('/receipt')) return;
    sent += 1;
    draft.receipt = answer.location;
    const seen = await look(draft);
    draft.case = seen.number;
    whole += seen.files === 1 ? 1 : 0;
  });
  check('what was not acknowledged can be sent again', sent === drafts.length && whole === sent, `${sent} of ${drafts.length}`);
}

let server;
try {
  server = await start(0);
  const drafts = [];
  await inLanes(8, Array.from({ length: wanted }, (_, number) => number), async (number) => drafts.push(await prepare(number)));
  const acknowledged = await sendAndKill(server, drafts);
  const refused = drafts.filter((draft) => draft.refused);
  check('no submission was refused', refused.length === 0, refused[0]?.refused);
  check('the server died in the middle', acknowledged > 0 && acknowledged < wanted, `${acknowledged} of ${wanted} acknowledged`);
  server = await start(0);
  check('it starts again', true);
  await checkAcknowledged(drafts.filter((draft) => draft.receipt));
  await checkOthers(drafts.filter((draft) => !draft.receipt));
  check('every case is there once', new Set(drafts.map((draft) => draft.case)).size === wanted, `${new Set(drafts.map((draft) => draft.case)).size} numbers`);
  server.kill('SIGTERM');
  await ended(server);
  const verified = spawnSync(program, ['--data', data, ...database, 'verify'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  check('all journals are whole', verified.status === 0, verified.stdout.trim());
} catch (error) {
  check('the test runs to its end', false, error.message);
} finally {
  if (server && server.exitCode === null && server.signalCode === null) server.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
}
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed ? 1 : 0);
