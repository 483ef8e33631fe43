// A server of its own with a fresh folder of data, a small HTTP client without a browser's kindness, and the way through a form.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const program = process.env.KIEPE_BIN ?? 'build/release/kiepe';
export const data = mkdtempSync(join(tmpdir(), 'kiepe-behaviour-'));
export const house = { origin: '', port: 0, log: '', logins: {}, secrets: new Set() };
export const count = { passed: 0, failed: 0, skipped: 0 };

export function check(what, good, detail = '') {
  count[good ? 'passed' : 'failed'] += 1;
  if (!good) console.log(`FAIL ${what}${detail === '' ? '' : `: ${detail}`}`);
  return good;
}

export function skip(what, why) {
  count.skipped += 1;
  console.log(`skip ${what}: ${why}`);
}

// -- the server ---------------------------------------------------------------------------------------------------------------------

export function start() {
  return new Promise((resolve, reject) => {
    const server = spawn(program, ['--data', data, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
    let said = '';
    server.stderr.on('data', (chunk) => { house.log += chunk; });
    server.stdout.on('data', (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
      if (!found || !/\n {2}osei {2}\S+/.test(said)) return;
      [house.origin, house.port] = [found[0], Number(found[1])];
      for (const [, id, password] of said.matchAll(/^ {2}(\w+) {2}(\S+) {2}\(/gm)) house.logins[id] = password;
      resolve(server);
    });
    server.once('exit', (code) => reject(new Error(`the server ended with ${code} before it served\n${house.log}`)));
  });
}

export function stop(server) {
  server.removeAllListeners('exit');
  const ended = server.exitCode !== null ? Promise.resolve() : new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  return ended.then(() => rmSync(data, { recursive: true, force: true }));
}

/** The database beside the running server; null where this Node has no SQLite. */
export async function openDatabase() {
  const sqlite = await import('node:sqlite').catch(() => null);
  return sqlite && new sqlite.DatabaseSync(join(data, 'kiepe.db'), { timeout: 5000 });
}

// -- HTTP -----------------------------------------------------------------------------------------------------------------------------

const policy = ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'x-frame-options', 'cross-origin-opener-policy', 'permissions-policy'];
const personal = /^\/(de|en)\/(drafts|cases|my|desk)(\/|$)/;

/** ASVS 3.4 and 14.3.2: what each answer must carry, whatever it is about. Violations are collected once a path and kind. */
export const violations = new Set();
function lookAtHeaders(method, path, answer) {
  const say = (why) => violations.add(`${method} ${path.replace(/[0-9a-z]{26}/g, '{token}')} ${answer.status}: ${why}`);
  for (const name of policy) if (!answer.headers[name]) say(`no ${name}`);
  const csp = answer.headers['content-security-policy'] ?? '';
  if (/unsafe-|\*/.test(csp) || !csp.includes("base-uri 'none'") || !csp.includes('frame-ancestors')) say(`CSP ${csp}`);
  if (!answer.headers['request-id']) say('no Request-Id');
  if (answer.bytes.length && !answer.headers['content-type'] && answer.status !== 304) say('no Content-Type');
  if (personal.test(path.split('?')[0]) && answer.headers['cache-control'] !== 'no-store') say(`cache-control ${answer.headers['cache-control']}`);
  if (answer.status >= 500) say('an error of the server');
}

export function ask(method, path, { body, headers = {}, agent } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: house.port, method, path, agent, headers: { host: `127.0.0.1:${house.port}`, ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const answer = { status: response.statusCode, headers: response.headers, location: response.headers.location ?? '', bytes, text: bytes.toString(), cookies: response.headers['set-cookie'] ?? [] };
        lookAtHeaders(method, path, answer);
        resolve(answer);
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Bytes as they are, for what no client would send; the answer's head and body as one text. */
export function raw(write, patience = 8000) {
  return new Promise((resolve) => {
    const socket = net.connect(house.port, '127.0.0.1');
    let said = '';
    const done = () => { socket.destroy(); resolve(said); };
    const timer = setTimeout(done, patience);
    socket.on('data', (chunk) => { said += chunk; });
    socket.on('error', () => {});
    socket.on('close', () => { clearTimeout(timer); resolve(said); });
    socket.on('connect', () => write(socket, () => said));
  });
}

function multipart(fields, file) {
  const edge = '----edge7f3a91c2';
  const parts = Object.entries(fields).map(([name, value]) => Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  const name = file.name.replaceAll('"', '%22');
  parts.push(Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${file.type ?? 'application/pdf'}\r\n\r\n`), file.bytes, Buffer.from(`\r\n--${edge}--\r\n`));
  return { body: Buffer.concat(parts), type: `multipart/form-data; boundary=${edge}` };
}

/** Somebody with or without a session. Forms carry the token of the page that was seen, as a browser would send it. */
export class Visitor {
  cookie = '';
  csrf = '';
  gotCookie = false;

  async send(method, path, { fields, file, headers = {}, csrf = true } = {}) {
    const all = { ...headers };
    if (this.cookie) all.cookie = this.cookie;
    let body;
    if (method === 'POST') {
      const sent = { ...(csrf && this.csrf ? { csrf: this.csrf } : {}), ...fields };
      if (!('origin' in all) && !('sec-fetch-site' in all)) all.origin = house.origin;
      for (const name of ['origin', 'sec-fetch-site']) if (all[name] === null) delete all[name];
      if (file) {
        const form = multipart(sent, file);
        [body, all['content-type']] = [form.body, form.type];
      } else {
        [body, all['content-type']] = [new URLSearchParams(sent).toString(), 'application/x-www-form-urlencoded'];
      }
    }
    const answer = await ask(method, path, { body, headers: all });
    for (const line of answer.cookies) {
      this.gotCookie = true;
      const [pair] = line.split(';');
      this.cookie = pair.endsWith('=') ? '' : pair;
      if (this.cookie) house.secrets.add(pair.split('=')[1]);
      this.setCookie = line;
    }
    for (const [, token] of `${path} ${answer.location}`.matchAll(/\/(?:drafts|cases)\/([0-9a-z]{26})/g)) house.secrets.add(token);
    return answer;
  }
  async get(path, options) {
    const answer = await this.send('GET', path, options);
    const token = /name="csrf" value="([^"]+)"/.exec(answer.text);
    if (token) [, this.csrf] = token;
    return answer;
  }
  post(path, fields = {}, options = {}) { return this.send('POST', path, { fields, ...options }); }
}

export async function resident(subject) {
  const visitor = new Visitor();
  const answer = await visitor.post('/de/sign-in', { subject });
  if (answer.status !== 303 || !visitor.cookie) throw new Error(`${subject} cannot sign in: ${answer.status}`);
  await visitor.get('/de/my');
  return visitor;
}

export async function clerk(login) {
  const visitor = new Visitor();
  const answer = await visitor.post('/de/desk/sign-in', { login, password: house.logins[login] });
  if (answer.status !== 303 || !visitor.cookie) throw new Error(`${login} cannot sign in: ${answer.status}`);
  await visitor.get('/de/desk');
  return visitor;
}

// -- an application -----------------------------------------------------------------------------------------------------------------------

// The day where the city is: for an hour or two of each night it is another one than in UTC.
const today = new Date(new Date().toLocaleString('en-US', { timeZone: 'Europe/Berlin' }));
export const car = {
  'home.address-street': 'Kanalstraße', 'home.address-number': '40', 'home.address-postcode': '48147', 'home.address-place': 'Münster',
  'home.main': 'yes', 'applicant.first_name': 'Wilma', 'applicant.last_name': 'Erfunden', permits_held: '0', 'vehicle.plate': 'MS-KP 77',
  'vehicle.kind': 'car', 'vehicle.length': '4,28', 'vehicle.keeper': 'me', garage: 'no', email: 'wilma.erfunden@example.org', delivery: 'post',
  'start-day': String(today.getDate()), 'start-month': String(today.getMonth() + 1), 'start-year': String(today.getFullYear()), confirm: 'yes',
};
/** What a person adds whose address, name and permits the register knows. */
export const known = Object.fromEntries(Object.entries(car).filter(([name]) => !/^(home|applicant)\.|^permits_held|^delivery|^email/.test(name)));

/** A PDF of one page with some lines. */
export function pdf(lines = ['Zulassungsbescheinigung Teil I', 'Kennzeichen MS-KP 77', 'Feld 18: 4280']) {
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

/** What the form with this action would send: ours where we have it, else what the page filled in. */
export function formFields(html, action, ours = {}) {
  const begin = html.indexOf(`action="${action}"`);
  const form = begin < 0 ? '' : html.slice(begin, html.indexOf('</form>', begin));
  const fields = {};
  for (const [, kind, tag, rest] of form.matchAll(/<(input|select|textarea)\b([^>]*)>([\s\S]*?)(?=<(?:input|select|textarea|\/form)|$)/g)) {
    const attribute = (name) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '';
    const name = attribute('name');
    const type = attribute('type');
    if (!name || name === 'csrf' || type === 'file') continue;
    const chosen = !['radio', 'checkbox'].includes(type) || /\schecked\b/.test(tag);
    if (name in ours) fields[name] = ours[name];
    else if (kind === 'input' && chosen) fields[name] = attribute('value');
    else if (kind === 'textarea') fields[name] = rest.slice(0, Math.max(0, rest.indexOf('</textarea')));
  }
  return fields;
}

export async function begin(visitor, service = 'resident-parking', language = 'de') {
  const begun = await visitor.post(`/${language}/services/${service}/begin`);
  if (begun.status !== 303) throw new Error(`begin ${service}: ${begun.status}`);
  return { base: /^\/\w+\/drafts\/[^/]+/.exec(begun.location)?.[0] ?? '', first: begun.location };
}

/** Walks to the check page; `stopAt` leaves it at that screen. Gives the draft's path and the screens that it came by. */
export async function walk(visitor, ours, { service = 'resident-parking', language = 'de', file = { name: 'fahrzeugschein.pdf', bytes: pdf() }, stopAt } = {}) {
  const { base, first } = await begin(visitor, service, language);
  const screens = [];
  let here = first;
  while (!here.endsWith('/check')) {
    if (screens.length > 60) throw new Error(`no way to the end: ${here}`);
    const page = await visitor.get(here);
    if (page.status === 303) { here = page.location; continue; }
    if (screens.at(-1) === here && !page.text.includes('name="confirm"'))
      throw new Error(`${here} refuses: ${/kern-(?:body|error)[^>]*error[^>]*>([^<]+)/.exec(page.text)?.[1] ?? ''}`);
    screens.push(here);
    if (stopAt && here.includes(stopAt)) return { base, screens, here, page };
    const sent = await visitor.post(here, formFields(page.text, here, ours), here.includes('/steps/paper/') ? { file } : {});
    if (sent.status !== 303) throw new Error(`${here}: ${sent.status}`);
    here = sent.location;
  }
  return { base, screens, here };
}

/** A whole application; gives the paths of its case. */
export async function apply(visitor, ours, options) {
  const draft = await walk(visitor, ours, options);
  const sent = await visitor.post(`${draft.base}/send`);
  const link = /^\/\w+\/cases\/[^/]+/.exec(sent.location)?.[0];
  if (!link) throw new Error(`send: ${sent.status} ${sent.location}`);
  const page = await visitor.get(link);
  return { draft: draft.base, link, number: /\b\d\d-\d{6}-\d\b/.exec(page.text)?.[0] ?? '', page };
}
