// Who may do what: each route times each kind of visitor, forms from foreign pages, sessions, and what a link alone never shows.
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { Visitor, apply, ask, begin, car, check, clerk, house, known, openDatabase, resident, skip, walk } from './house.mjs';

const draftRoutes = ['GET ', 'GET /qr.svg', 'GET /discard', 'POST /discard', 'POST /files/{rest...}', 'GET /file/{file}', 'GET /check', 'GET /what-if', 'POST /send', 'GET /steps', 'GET /steps/{rest...}', 'POST /steps/{rest...}'];
const caseRoutes = ['GET ', 'GET /qr.svg', 'GET /files/{file}', 'GET /notices/{notice}', 'GET /all.pdf', 'GET /supply', 'POST /supply', 'POST /messages', 'GET /more-time', 'POST /more-time', 'GET /withdraw', 'POST /withdraw', 'GET /why', 'GET /what-if', 'GET /contest', 'POST /contest', 'GET /contest/letter'];
const linkRoutes = [...caseRoutes, 'GET /receipt', 'POST /attach'];
const deskCaseRoutes = ['GET ', 'GET /files/{file}', 'GET /view/{file}', 'GET /resident', 'GET /trace', 'GET /rules', 'GET /notices/{notice}', 'GET /replay/{notice}', 'POST /assign', 'POST /ask', 'POST /reply', 'POST /note',
  'POST /papers/{file}', 'POST /notice', 'GET /decide/{outcome}', 'POST /decide/{outcome}', 'POST /printed/{notice}', 'POST /reopen', 'POST /keep'];
const passkeyRoutes = ['GET /passkeys', 'POST /passkeys', 'POST /passkeys/{key}/name', 'GET /passkeys/{key}/remove', 'POST /passkeys/{key}/remove'];
const deskRoutes = ['GET /{lang}/desk', 'GET /{lang}/desk/search', 'GET /{lang}/desk/new', 'GET /{lang}/desk/print', ...passkeyRoutes.map((route) => route.replace(' ', ' /{lang}/desk'))];
const rulesRoutes = ['GET /{lang}/desk/rules', 'GET /{lang}/desk/late-law', 'GET /{lang}/desk/reform', 'POST /{lang}/desk/reform', 'GET /{lang}/desk/reform/{id}', 'POST /{lang}/desk/reform/{id}/files',
  'POST /{lang}/desk/reform/{id}/again', 'GET /{lang}/desk/reform/{id}/delete', 'POST /{lang}/desk/reform/{id}/delete', 'GET /{lang}/desk/reform/{id}/changes.csv'];
const openRoutes = ['GET /{lang}/', 'GET /{lang}/search', 'GET /{lang}/services', 'GET /{lang}/services/{service}', 'GET /{lang}/services/{service}/begin', 'POST /{lang}/services/{service}/begin', 'GET /{lang}/services/{service}/form.pdf',
  'GET /{lang}/services/{service}/rules', 'GET /{lang}/services/{service}/rules.dmn', 'GET /{lang}/services/{service}/rules/drawing.dmn',
  'GET /{lang}/algorithms', 'GET /{lang}/algorithms/{service}', 'GET /algorithms.json',
  'GET /{lang}/about-data', 'GET /{lang}/accessibility', 'GET /{lang}/imprint', 'GET /{lang}/sign-in', 'POST /{lang}/sign-in', 'POST /{lang}/sign-out', 'GET /{lang}/desk/sign-in', 'POST /{lang}/desk/sign-in',
  'POST /{lang}/desk/sign-out', 'POST /{lang}/sign-in/passkey', 'POST /{lang}/desk/sign-in/passkey', 'POST /{lang}/passkey/options', 'GET /{lang}/register/passkey', 'POST /{lang}/register/passkey', 'GET /{lang}/my', 'GET /{lang}/demo/mailbox', 'GET /health'];
const below = (base, routes) => routes.map((route) => route.replace(' ', ` ${base}`));
const table = new Set([...openRoutes, ...deskRoutes, ...rulesRoutes, ...below('/{lang}/drafts/{token}', draftRoutes), ...below('/{lang}/cases/{token}', linkRoutes),
  ...below('/{lang}/my/{number}', caseRoutes), ...below('/{lang}/my', passkeyRoutes), ...below('/{lang}/desk/cases/{number}', deskCaseRoutes)]);

const filled = (route, { token = 'x', number = 'x', file = '1', notice = '1' }) => route.replace('{lang}', 'de').replace('{token}', token).replace('{number}', number).replace('{file}', file)
  .replace('{notice}', notice).replace('{id}', '1').replace('{key}', '0'.repeat(32)).replace('{outcome}', 'grant').replace('{service}', 'resident-parking').replace('{rest...}', 'home').split(' ');

/** A route that the table here does not know would escape every test of this file. */
export function allRoutes() {
  if (!existsSync('src')) return skip('the table of routes', 'no sources here');
  const unknown = [];
  for (const room of readdirSync('src'))
    for (const file of readdirSync(`src/${room}`).filter((name) => name.endsWith('.cpp') && !name.endsWith('_test.cpp')))
      for (const [, method, base, path] of readFileSync(`src/${room}/${file}`, 'utf8').matchAll(/\{"(GET|POST|PUT|DELETE)", (base(?: \+ )?)?(?:"([^"]*)")?,? ?web::Kind/g)) {
        const known = [...table].some((route) => route.startsWith(`${method} `) && (base ? route.endsWith(path ?? '') : route === `${method} ${path}`));
        if (!known) unknown.push(`${file}: ${method} ${base ?? ''}${path ?? ''}`);
      }
  check('every route of the program stands in the table of this test', unknown.length === 0, unknown.join(', '));
}

/** A case of Jana with everything, on her account and by link. */
async function janas() {
  const jana = await resident('demo:jana-beispiel');
  const { link, number, page } = await apply(jana, { ...known, delivery: 'inbox', remark: 'Bitte lesen.' });
  const mine = await jana.get(`/de/my/${number}`);
  const file = /\/files\/(\d+)/.exec(mine.text)?.[1] ?? '0';
  return { jana, link, token: link.split('/').pop(), number, page, file };
}

async function decideByHand(number, outcome = 'grant') {
  const berger = await clerk('berger');
  const desk = `/de/desk/cases/${number}`;
  const version = /name="version" value="(\d+)"/.exec((await berger.get(desk)).text)?.[1];
  const done = await berger.post(`${desk}/decide/${outcome}`, { version, text: '# Geheimer Titel\n\nGeheimer Inhalt des Bescheids.' });
  if (done.status !== 303) throw new Error(`decide: ${done.status}`);
  return berger;
}

const bare = (answer, number) => `${answer.status} ${answer.text.replaceAll(answer.headers['request-id'], '').replaceAll(number, '{number}').replace(/name="csrf" value="[^"]*"/g, '')}`;

export async function foreignCases() {
  const { jana, number, file, token } = await janas();
  check('she sees her own case', (await jana.get(`/de/my/${number}`)).status === 200);
  check('she sees her own file', file !== '0' && (await jana.get(`/de/my/${number}/files/${file}`)).status === 200, file);
  const berger = await decideByHand(number);
  const notice = /notices\/(\d+)\.pdf/.exec((await jana.get(`/de/my/${number}`)).text)?.[1] ?? '0';
  check('she sees her notice', notice !== '0');
  const emre = await resident('demo:emre-muster');
  for (const [who, visitor] of [['another resident', emre], ['nobody signed in', new Visitor()], ['a clerk on the page of residents', berger]])
    for (const route of below('/{lang}/my/{number}', caseRoutes)) {
      const [method, path] = filled(route, { number, file, notice: `${notice}.pdf` });
      const [, nowhere] = filled(route, { number: '26-999999-9', file, notice: `${notice}.pdf` });
      const fields = { message: 'Ich bin es nicht.', key: 'k', need: 'registration' };
      const answer = await visitor.send(method, path, { fields });
      const unknown = await visitor.send(method, nowhere, { fields });
      check(`${who} gets 404 for ${route}`, answer.status === 404, answer.status);
      if (method === 'GET') check(`${who} cannot tell whether there is ${route}`, bare(answer, number) === bare(unknown, '26-999999-9'));
    }
  const other = await apply(emre, { ...known, 'home.address-street': 'Von-Esmarch-Straße', remark: 'Meins.' });
  for (const path of [`${other.link}/files/${file}`, `/de/my/${other.number}/files/${file}`, `${other.link}/files/-1`, `${other.link}/files/0`, `${other.link}/notices/${notice}.pdf`, `/de/my/${other.number}/notices/${notice}.pdf`])
    check(`no file of another case by ${path.replace(/[0-9a-z]{26}/, '{token}')}`, (await emre.get(path)).status === 404 || (await emre.get(path)).status === 403, (await emre.get(path)).status);
  check('no file of another case at the desk', (await berger.get(`/de/desk/cases/${other.number}/files/${file}`)).status === 404);
  const attached = await emre.post(`/de/cases/${token}/attach`);
  check('nobody takes the case of somebody else into his account', attached.status === 403 && !(await emre.get('/de/my')).text.includes(number), attached.status);
  check('no message of others has come in', !(await jana.get(`/de/my/${number}`)).text.includes('Ich bin es nicht.'));
}

export async function linkAlone() {
  const visitor = new Visitor();
  const { link, number } = await apply(visitor, car);
  const { link: hers, number: herNumber } = await janas();
  for (const each of [number, herNumber]) await decideByHand(each);
  const emre = await resident('demo:emre-muster');
  for (const [who, eyes] of [['nobody signed in', new Visitor()], ['somebody else', emre]]) {
    for (const part of ['', '/receipt', '/supply']) {
      const page = await eyes.get(link + part);
      check(`a case on its link${part} shows ${who} nothing of the notice`, page.status === 200 && !/Geheim|notices\/\d/.test(page.text), page.status);
    }
    const everything = await eyes.get(`${link}/all.pdf`);
    check(`the print of a case on its link for ${who} holds no notice`, everything.status === 503 || (everything.status === 200 && !everything.text.includes('Geheim')), everything.status);
    for (let notice = 0; notice < 8; ++notice)
      for (const name of [`${notice}.pdf`, `${notice}`]) {
        const answer = await eyes.get(`${link}/notices/${name}`);
        if (answer.status !== 403 && answer.status !== 404) check(`a case on its link: notices/${name} for ${who}`, false, answer.status);
      }
    const away = who === 'somebody else' ? 403 : 303;
    for (const route of below('/{lang}/cases/{token}', linkRoutes)) {  // on an account: the link leads to the sign-in and does nothing
      const [method, path] = filled(route, { token: hers.split('/').pop() });
      const answer = await eyes.send(method, path, { fields: { message: 'Ich bin es nicht.', key: 'k', need: 'registration' } });
      check(`a case of a person, by its link, opens nothing for ${who}: ${route}`, answer.status === away && (away === 403 || answer.location.includes('/sign-in?return=/cases/')) && !answer.text.includes(herNumber), answer.status);
    }
  }
  const jana = await resident('demo:jana-beispiel');
  const page = await jana.get(hers);
  check('she herself comes by her link, and nothing was done', page.status === 200 && !page.text.includes('Ich bin es nicht.'), page.status);
}

export async function deskIsForStaff() {
  const { number, file } = await janas();
  const emre = await resident('demo:emre-muster');
  for (const [who, visitor] of [['a resident', emre], ['nobody signed in', new Visitor()]])
    for (const route of [...deskRoutes, ...rulesRoutes, ...below('/{lang}/desk/cases/{number}', deskCaseRoutes)]) {
      const [method, path] = filled(route, { number, file });
      const answer = await visitor.send(method, path, { fields: { version: '1', text: 'nicht von hier', verdict: 'good', outcome: 'grant', to: 'berger' } });
      check(`${who} is led from ${route} to the sign-in`, answer.status === 303 && answer.location.startsWith('/de/desk/sign-in') && answer.bytes.length < 300, `${answer.status} ${answer.location}`);
    }
  const berger = await clerk('berger');
  const page = await berger.get(`/de/desk/cases/${number}`);
  check('nothing of it was done', page.status === 200 && !page.text.includes('nicht von hier'));
  const osei = await clerk('osei');
  check('who watches over data protection may read', (await osei.get(`/de/desk/cases/${number}`)).status === 200);
  for (const route of below('/{lang}/desk/cases/{number}', deskCaseRoutes).filter((each) => each.startsWith('POST'))) {
    const answer = await osei.post(filled(route, { number, file })[1], { version: '1', text: 'nicht von mir', verdict: 'good', outcome: 'grant', to: 'osei' });
    check(`and does nothing by ${route}`, answer.status === 403, answer.status);
  }
  for (const odd of ['x', '26-000001-1', '../..', '%00', '99999999999999999999'])
    check(`a clerk gets 404 for the case ${odd}`, [400, 404].includes((await berger.get(`/de/desk/cases/${odd}`)).status));
  for (const part of ['/files/x', '/files/99999999999999999999', '/view/x', '/notices/x', '/notices/99999999999999999999', '/replay/x', '/replay/99999999999', '/decide/nothing'])
    check(`a clerk gets 404 for ${part}`, (await berger.get(`/de/desk/cases/${number}${part}`)).status === 404, (await berger.get(`/de/desk/cases/${number}${part}`)).status);
  for (const [part, fields] of [['/decide/nothing', {}], ['/decide/look', {}], ['/papers/99999999999999999', { verdict: 'good' }], ['/printed/77', {}], ['/assign', { to: 'nobody-here' }], ['/ask', { 'until-day': '40', 'until-month': 'x', 'until-year': '-1', text: 'a' }], ['/note', { version: 'x', text: '' }], ['/reply', { version: '-1', text: 'a' }]]) {
    const answer = await berger.post(`/de/desk/cases/${number}${part}`, { version: '99', ...fields });
    check(`a clerk's nonsense at ${part} is refused with a page`, answer.status === 409 || answer.status === 404, answer.status);
  }
}

/** Rules are for heads of office, designers and data protection; the last one looks and proposes nothing. */
export async function rulesAreForTheirRoles() {
  const law = readFileSync('cities/muenster/law/parking-order/fees.yaml', 'utf8');
  const dearer = { name: 'gebuehren.yaml', type: 'application/yaml', bytes: Buffer.from(law.replace('is: 260,', 'is: 300,')) };
  const fields = { service: 'resident-parking', name: 'Gebühr 300', months: '12' };
  const berger = await clerk('berger');
  check('a clerk has no entry for rules', !(await berger.get('/de/desk')).text.includes('/desk/rules'));
  for (const route of rulesRoutes) {
    const [method, path] = filled(route, {});
    const answer = await berger.send(method, path, { fields });
    check(`a clerk is told that ${route} is not her task`, answer.status === 403 && answer.text.includes('nicht Ihre Aufgabe'), answer.status);
  }
  const osei = await clerk('osei');
  for (const path of ['/de/desk/rules', '/de/desk/reform', '/de/desk/late-law']) check(`data protection sees ${path}`, (await osei.get(path)).status === 200);
  check('data protection proposes nothing', (await osei.post('/de/desk/reform', fields, { file: dearer })).status === 403 && !(await osei.get('/de/desk/reform')).text.includes('type="file"'));
  for (const login of ['winter', 'lange']) {
    const who = await clerk(login);
    check(`${login} has the entry for rules`, (await who.get('/de/desk')).text.includes('/de/desk/rules'));
    const made = await who.post('/de/desk/reform', { ...fields, name: `von ${login} <b>` }, { file: dearer });
    check(`${login} proposes`, made.status === 303 && /\/de\/desk\/reform\/\d+$/.test(made.location), `${made.status} ${made.location}`);
    const page = await who.get(made.location);
    check('what was typed is shown as text', page.status === 200 && page.text.includes('&lt;b&gt;') && !page.text.includes(' <b>'));
    check('asking before deleting changes nothing', (await who.get(`${made.location}/delete`)).status === 200 && (await who.get(made.location)).status === 200);
    check('a proposal is deleted', (await who.post(`${made.location}/delete`)).status === 303 && (await who.get(made.location)).status === 404);
  }
  const winter = await clerk('winter');
  await winter.get('/de/desk/reform');
  const bad = [[{ ...fields, service: 'nonsense' }, dearer, 'Wählen Sie die Leistung'], [{ ...fields, 'in-force-day': '31', 'in-force-month': '2', 'in-force-year': '2027' }, dearer, 'Diesen Tag gibt es nicht'],
    [fields, undefined, 'mindestens eine geänderte Datei'], [fields, { ...dearer, name: 'liste.txt' }, 'gehört nicht zu den Regeln'], [fields, { ...dearer, bytes: Buffer.from([0xff, 0xfe, 0]) }, 'keine Textdatei'],
    [fields, { ...dearer, bytes: Buffer.from('act: WoGG\nparameters: {}\n') }, 'rechnet nicht damit']];
  for (const [typed, file, words] of bad) {
    const answer = await winter.post('/de/desk/reform', typed, { file });
    check(`refused with "${words}", and what was typed is kept`, answer.status === 422 && answer.text.includes(words) && answer.text.includes('value="Gebühr 300"'), answer.status);
  }
  const broken = await winter.post('/de/desk/reform', fields, { file: { ...dearer, bytes: Buffer.from(law.replace('from: 2024-01-01, source', 'frm: 2024-01-01, source')) } });
  const page = await winter.get(broken.location);
  check('a broken file is kept, its mistake named with file and line', page.text.includes('fees.yaml') && /Zeile 13/.test(page.text) && !page.headers.refresh, page.status);
  const hostile = await winter.post(`${broken.location}/files`, {}, { file: { name: 'decision.dmn', bytes: Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><definitions>&a;</definitions>') } });
  check('a hostile model is a mistake like any other', hostile.status === 303 && (await winter.get(broken.location)).text.includes('decision.dmn'));
  for (const odd of ['x', '-1', '99999999999999999999', '9999999999999999999', '0']) check(`there is no proposal ${odd}`, (await winter.get(`/de/desk/reform/${odd}`)).status === 404);
}

/** How many rows each table has, and the newest events. Looking at a case is written down by law: access and presence are left out. */
async function snapshot() {
  const database = await openDatabase();
  if (!database) return null;
  const tables = database.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite%'").all().map(({ name }) => name)
    .filter((name) => !/access|presence|^jobs$/.test(name));
  const counts = tables.map((name) => `${name} ${database.prepare(`select count(*) as n from ${name}`).get().n}`);
  const extra = ['select sum(revision) as n from drafts', 'select sum(version) as n from cases', 'select count(*) as n from cases where has_new', "select count(*) as n from deliveries where is_done"].map((sql) => `${sql}: ${database.prepare(sql).get().n}`);
  database.close();
  return [...counts, ...extra].join('\n');
}

export async function foreignForms() {
  const anonymous = new Visitor();
  const draft = await walk(anonymous, car, { stopAt: '/steps/paper/' });
  const case1 = await apply(new Visitor(), car);
  const { jana, number, file } = await janas();
  const berger = await clerk('berger');
  const before = await snapshot();
  const targets = [...table].filter((route) => route.startsWith('POST ')).map((route) => [route, filled(route, route.includes('drafts/') ? { token: draft.base.split('/').pop() } : { token: case1.link.split('/').pop(), number, file })[1]]);
  for (const [route, path] of targets) {
    const fields = { message: 'fremd', text: 'fremd', version: '1', subject: 'demo:emre-muster', login: 'berger', password: 'x'.repeat(12), to: 'berger', email: '' };
    for (const [what, headers] of [['Origin', { origin: 'https://evil.example' }], ['Origin null', { origin: 'null' }], ['no origin at all', { origin: null, 'sec-fetch-site': null }], ['another port', { origin: 'http://127.0.0.1:1' }],
      ['a Referer', { origin: null, referer: 'https://evil.example/de/' }], ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }], ['same-site', { 'sec-fetch-site': 'same-site' }], ['Sec-Fetch-Site with our Origin', { 'sec-fetch-site': 'cross-site', origin: house.origin }]]) {
      const answer = await new Visitor().send('POST', path, { fields, headers });
      if (answer.status !== 403 || answer.cookies.length) check(`${route}: a form with ${what} is refused`, false, answer.status);
      else check(`${route}: ${what}`, true);
    }
    for (const [who, visitor] of [['a resident', jana], ['a clerk', berger]]) {
      for (const [what, options] of [['without token', { csrf: false }], ['with a wrong token', { csrf: false, fields: { ...fields, csrf: '0'.repeat(64) } }], ['with an empty token', { csrf: false, fields: { ...fields, csrf: '' } }],
        ['with the token of somebody else', { csrf: false, fields: { ...fields, csrf: (visitor === jana ? berger : jana).csrf } }], ['from a foreign page, token or not', { headers: { origin: 'https://evil.example' } }]]) {
        const answer = await visitor.send('POST', path, { fields, ...options });
        check(`${route} by ${who} ${what}`, answer.status === 403 && !answer.cookies.length, answer.status);
      }
    }
  }
  check('a form may not come as JSON or text', (await ask('POST', '/de/sign-in', { body: '{"subject":"demo:emre-muster"}', headers: { 'content-type': 'text/plain', origin: house.origin } })).status >= 400);
  if (before === null) skip('no row was written by foreign forms', 'this Node has no SQLite');
  else check('no row was written by foreign forms', before === await snapshot(), differing(before, await snapshot()));
}

const differing = (one, two) => two.split('\n').filter((line) => !one.split('\n').includes(line)).join('; ');

export async function gettingWritesNothing() {
  const anonymous = new Visitor();
  const draft = await walk(anonymous, car, { stopAt: '/steps/paper/' });
  const case1 = await apply(new Visitor(), car);
  const { jana, number, file, token } = await janas();
  const berger = await clerk('berger');
  await new Promise((resolve) => { setTimeout(resolve, 1500); });  // PDFs that are being made
  const before = await snapshot();
  for (const route of table) {
    const paths = route.includes('drafts/') ? [{ token: draft.base.split('/').pop() }] : [{ token, number, file }, { token: case1.link.split('/').pop(), number: case1.number, file }];
    for (const names of paths) {
      const [method, path] = filled(route, names);
      if (method !== 'GET') continue;
      for (const visitor of [anonymous, jana, berger]) {
        await visitor.get(path);
        const head = await visitor.send('HEAD', path);
        if (head.bytes.length) check(`HEAD ${path} has no body`, false);
      }
    }
  }
  const confirm = await jana.get(`/de/my/${number}/withdraw`);
  check('GET asks before it withdraws', confirm.status === 200 && confirm.text.includes('<form'));
  if (before === null) return skip('GET writes nothing', 'this Node has no SQLite');
  check('GET and HEAD of every route write nothing but who looked', before === await snapshot(), differing(before, await snapshot()));
}

export async function sessions() {
  const { jana, number } = await janas();
  check('the cookie of a session is HttpOnly and SameSite, and for this host alone', /HttpOnly/i.test(jana.setCookie) && /SameSite=(Lax|Strict)/i.test(jana.setCookie) && /Path=\//i.test(jana.setCookie) && !/Domain=/i.test(jana.setCookie), jana.setCookie.replace(/=[^;]*/, '='));
  const old = jana.cookie;
  const out = await jana.post('/de/sign-out');
  check('signing out clears the cookie and what the browser kept', out.status === 303 && jana.cookie === '' && /cache/.test(out.headers['clear-site-data'] ?? ''));
  const thief = new Visitor();
  thief.cookie = old;
  check('signing out ends on the server', (await thief.get(`/de/my/${number}`)).status === 404 && (await thief.get('/de/my')).status === 303);
  const planted = new Visitor();
  planted.cookie = `${old.split('=')[0]}=abcdefghjkmnpqrstvwxyz0123`;
  const value = planted.cookie;
  await planted.post('/de/sign-in', { subject: 'demo:emre-muster' });
  check('a planted cookie does not become a session', planted.cookie !== value && planted.cookie !== '');
  const first = planted.cookie;
  await planted.get('/de/my');
  await planted.post('/de/sign-in', { subject: 'demo:gerda-probe' });
  const again = new Visitor();
  again.cookie = first;
  check('signing in anew ends the session before', planted.cookie !== first && (await again.get('/de/my')).status === 303);
  const nobody = await new Visitor().post('/de/sign-in', { subject: 'demo:nobody' });
  check('an unknown person cannot sign in', nobody.status === 422 && !nobody.cookies.length, nobody.status);
  const berger = await clerk('berger');
  const desk = berger.cookie;
  await berger.post('/de/desk/sign-out');
  const later = new Visitor();
  later.cookie = desk;
  check('a clerk who has signed out is out', (await later.get('/de/desk')).location.startsWith('/de/desk/sign-in'));
  const draft = await begin(new Visitor());
  check('a draft needs no session', draft.base !== '');
}

/** Last of all: afterwards nobody signs in from here for a while. */
export async function throttle() {
  const wrong = (login) => new Visitor().post('/de/desk/sign-in', { login, password: 'certainly wrong' });
  const unknown = await wrong('nobody-of-this-name');
  const real = await wrong('krueger');
  const plain = (answer, name) => answer.text.replaceAll(answer.headers['request-id'], '').replaceAll(name, '{login}');
  check('a wrong password and an unknown name look the same', unknown.status === 422 && real.status === 422 && plain(unknown, 'nobody-of-this-name') === plain(real, 'krueger'), `${unknown.status} ${real.status}`);
  let answers = [];
  for (let i = 0; i < 12; ++i) answers.push((await wrong('osei')).status);
  check('guessing at one name is throttled', answers.at(-1) === 429, answers.join(' '));
  const right = await new Visitor().post('/de/desk/sign-in', { login: 'osei', password: house.logins.osei });
  check('not even the right password helps then', right.status === 429 && !right.cookies.length, right.status);
  check('another name is not shut out by it', (await new Visitor().post('/de/desk/sign-in', { login: 'lange', password: house.logins.lange })).status === 303);
  answers = [];
  for (let i = 0; i < 30; ++i) answers.push((await wrong(`name-${i}`)).status);
  check('guessing over many names from one place is throttled', answers.at(-1) === 429, answers.join(' '));
}
