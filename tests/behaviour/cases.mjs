// From a draft to a case: once, whatever is clicked; nothing forged; nothing said beyond who may hear it.
import { Visitor, apply, begin, car, check, clerk, formFields, house, known, openDatabase, pdf, resident, skip, walk } from './house.mjs';

const probe = '"><img src=x onerror=alert(1)>\'{{7*7}}';
const escaped = (text) => !text.includes('<img src=x') && !text.includes('onerror=alert(1)>');

/** Rows of a table; -1 where this Node has no SQLite. */
async function rows(table) {
  const database = await openDatabase();
  if (!database) return -1;
  const { n } = database.prepare(`select count(*) as n from ${table}`).get();
  database.close();
  return n;
}

export async function sendingOnce() {
  const visitor = new Visitor();
  const before = await rows('cases');
  const draft = await walk(visitor, car);
  const first = await visitor.post(`${draft.base}/send`);
  const again = await visitor.post(`${draft.base}/send`);
  check('a resent form gives the same receipt', first.status === 303 && first.location.endsWith('/receipt') && again.location === first.location, `${first.location} ${again.location}`);
  check('a sent draft is no draft any more', (await visitor.get(draft.base)).status === 404);
  const other = await walk(new Visitor(), car);
  const all = await Promise.all(Array.from({ length: 20 }, () => new Visitor().post(`${other.base}/send`)));
  check('20 at once give one receipt', all.every((answer) => answer.status === 303 && answer.location === all[0].location), [...new Set(all.map((answer) => `${answer.status} ${answer.location}`))].join(' '));
  const after = await rows('cases');
  if (after < 0) skip('counting cases', 'this Node has no SQLite');
  else check('two drafts sent 22 times are two cases', after === before + 2, after - before);
}

export async function stepsNotSkipped() {
  const visitor = new Visitor();
  const { base } = await begin(visitor);
  const sent = await visitor.post(`${base}/send`);
  check('an empty draft is not sent', sent.status === 303 && sent.location === `${base}/check`, sent.location);
  const draft = await walk(visitor, car, { stopAt: '/steps/paper/' });
  const early = await visitor.post(`${draft.base}/send`);
  check('without its paper it is not sent', early.location === `${draft.base}/check`, early.location);
  const check1 = await visitor.get(`${draft.base}/check`);
  check('what is missing is said on the check page', check1.status === 200 && check1.text.includes(`${draft.base}/steps/paper/`));
}

/** A case with everything clear is granted at once; each of the ways to cheat must end at a person instead. */
export async function forging() {
  const clear = async (change, more = {}) => {
    const jana = await resident('demo:jana-beispiel');
    const draft = await walk(jana, { ...known, delivery: 'inbox' });
    if (change) await change(jana, draft.base);
    const sent = await jana.post(`${draft.base}/send`, more);
    const link = /^\/\w+\/cases\/[^/]+/.exec(sent.location)?.[0] ?? '';
    return { jana, page: await jana.get(link || draft.base), sent, link };
  };
  const decided = (page) => /notices\/\d+\.pdf/.test(page.text);
  const picked = [];
  for (let i = 0; i < 3 && !picked.some(Boolean); ++i) picked.push(decided((await clear()).page));  // one in twenty goes to a person by lot
  check('what is clear is decided at once', picked.some(Boolean));
  const address = { 'home.address-street': 'Kanalstraße', 'home.address-number': '40', 'home.address-postcode': '48147', 'home.address-place': 'Münster' };
  const change = (screen, fields) => async (jana, base) => {
    const path = (await jana.get(`${base}/check`)).text.match(new RegExp(`${base}/steps/${screen}[^"?]*`))?.[0];
    if (!path) throw new Error(`no screen ${screen}`);
    const page = await jana.get(path);
    const answer = await jana.post(path, { ...formFields(page.text, path, fields), ...fields, confirm: 'yes', from: 'check' });
    if (answer.location === path) throw new Error(`${path} refuses`);
  };
  for (const [what, how, more] of [
    ['another address in a zone', change('home', address)],
    ['another address, and the old one kept as sure', change('home', { ...address, 'sure[home.address]': 'register', sure: 'register', 'home.address-level': 'register', zone: '{"found":true,"zone":"K3"}', 'zone.found': 'true' })],
    ['another address and back to one that differs by its number', change('home', { ...address, 'home.address-street': 'Finkenstraße', 'home.address-number': '12' })],
  ]) check(`${what} goes to a person`, !decided((await clear(how, more)).page));
  const outside = await clear(change('home', { 'home.address-street': 'Von-Esmarch-Straße', 'home.address-number': '52', 'home.address-postcode': '48161', 'home.address-place': 'Münster', zone: '{"found":true}' }));
  check('an address outside all zones is not granted with the zone of the old one', !decided(outside.page));
  const back = await clear(async (jana, base) => {
    await change('home', address)(jana, base);
    await change('home', { 'home.address-street': 'Finkenstraße', 'home.address-number': '12a' })(jana, base);
  });
  check('who takes a change back stands as the register says', back.sent.status === 303 && back.page.status === 200, back.sent.location);
  const anonymous = new Visitor();
  const draft = await walk(anonymous, { ...car, ...address, delivery: 'inbox' }, {});
  for (const extra of [{ subject: 'demo:jana-beispiel' }, { channel: 'paper', entered_by: 'berger' }, { 'sure.home.address': 'register' }]) await anonymous.post(`${draft.base}/steps/contact`, { email: '', delivery: 'inbox', ...extra });
  const sent = await anonymous.post(`${draft.base}/send`, { subject: 'demo:jana-beispiel', entered_by: 'berger' });
  const page = await anonymous.get(sent.location.replace('/receipt', ''));
  check('who has not signed in gets no decision at once, whatever she sends along', sent.status === 303 && !/notice_here|notices\/\d+\.pdf/.test(page.text));
  const jana = await resident('demo:jana-beispiel');
  check('and nothing lands at the account of somebody else', !(await jana.get('/de/my')).text.includes(/\b\d\d-\d{6}-\d\b/.exec(page.text)?.[0] ?? 'no number'));
}

/** A draft that was begun signed in opens for its person alone: the link may lie in a browser that others use. */
export async function draftsOfPersons() {
  const jana = await resident('demo:jana-beispiel');
  const draft = await walk(jana, { ...known, delivery: 'inbox' });
  const emre = await resident('demo:emre-muster');
  for (const [who, visitor] of [['somebody else', emre], ['nobody signed in', new Visitor()]]) {
    const sent = await visitor.post(`${draft.base}/send`);
    check(`${who} does not send the draft of a person`, !sent.location.includes('/cases/'), `${sent.status} ${sent.location}`);
    for (const path of [draft.base, `${draft.base}/check`, ...draft.screens]) {
      const page = await visitor.get(path);
      check(`${who} reads nothing of it at ${path.replace(draft.base, '')}`, page.status !== 200 && !page.text.includes('Beispiel'), page.status);
    }
    const thrown = await visitor.post(`${draft.base}/discard`);
    check(`${who} does not throw it away`, thrown.status !== 200 && (await jana.get(`${draft.base}/check`)).status === 200, thrown.status);
  }
  const sent = await jana.post(`${draft.base}/send`);
  check('she herself does', sent.location.includes('/cases/'), sent.location);
  const berger = await clerk('berger');
  const paper = await begin(berger);
  const forged = await new Visitor().post(`${paper.base}/send`);
  check('an application on paper is sent by staff alone', !forged.location.includes('/cases/'), `${forged.status} ${forged.location}`);
  check('and read by staff alone', (await new Visitor().get(`${paper.base}/check`)).status === 303 && (await jana.get(`${paper.base}/check`)).status === 403);
  const entered = await berger.post(`${paper.base}/send`);
  check('staff may send it incomplete', entered.location.includes('/cases/'), entered.location);
  const page = await berger.get(entered.location.replace('/receipt', ''));
  check('what is missing of an application on paper is asked for, nothing is refused', page.status === 200 && !/notices\/\d+\.pdf/.test(page.text));
}

export async function probes() {
  const visitor = new Visitor();
  const ours = { ...car, 'applicant.first_name': `W${probe}`, 'applicant.last_name': `E${probe}`, 'vehicle.keeper': 'family', 'vehicle.keeper_name': `K${probe}`, remark: `R${probe}`,
    'home.address-place': 'Münster', email: 'wilma.erfunden@example.org' };
  const file = { name: `a${probe.replaceAll('/', '')}.pdf`, bytes: pdf() };
  const draft = await walk(visitor, ours, { file });
  const pages = [['check', await visitor.get(`${draft.base}/check`)]];
  for (const path of draft.screens) pages.push([path.split('/steps/')[1], await visitor.get(path)]);
  const plate = draft.screens.find((path) => path.includes('plate')) ?? '';
  if (check('there is a screen for the plate', plate !== '', draft.screens.join(' '))) {
    await visitor.post(plate, { 'vehicle.plate': probe });
    pages.push(['a plate typed wrong', await visitor.get(plate)]);
    await visitor.post(plate, { 'vehicle.plate': 'MS-KP 77' });
  }
  await visitor.post(`${draft.base}/steps/contact`, { email: `${probe}@b.de`, delivery: probe });
  pages.push(['a mail address typed wrong', await visitor.get(`${draft.base}/steps/contact`)]);
  await visitor.post(`${draft.base}/steps/contact`, { email: 'wilma.erfunden@example.org', delivery: 'post' });
  const sent = await visitor.post(`${draft.base}/send`);
  if (!check('it can be sent', sent.location.endsWith('/receipt'), sent.location)) return;
  const link = sent.location.replace('/receipt', '');
  await visitor.post(`${link}/messages`, { message: `M${probe}`, key: probe });
  for (const part of ['', '/receipt', '/supply']) pages.push([`case${part}`, await visitor.get(link + part)]);
  const number = /\b\d\d-\d{6}-\d\b/.exec(pages.at(-3)[1].text)[0];
  const berger = await clerk('berger');
  const desk = `/de/desk/cases/${number}`;
  const act = async (action, fields) => {
    const page = await berger.get(desk);
    return berger.post(`${desk}/${action}`, { version: /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '', ...fields });
  };
  for (const [action, fields] of [['note', { text: `N${probe}` }], ['reply', { text: `A${probe}` }], ['ask', { text: `Q${probe}`, 'until-day': '1', 'until-month': '2', 'until-year': String(new Date().getFullYear() + 1), paper: probe, answer: probe }],
    ['notice', { outcome: 'grant', text: `# T${probe}\n\nB${probe}` }], ['assign', { to: probe }]]) pages.push([`desk ${action}`, await act(action, fields)]);
  const files = [...(await berger.get(desk)).text.matchAll(/\/(?:view|files|papers)\/(\d+)/g)].map(([, id]) => id);
  for (const part of ['', '/resident', '/trace', '/decide/grant', ...files.map((id) => `/view/${id}`)]) pages.push([`desk case${part}`, await berger.get(desk + part)]);
  for (const path of ['/de/desk?office=all', `/de/desk/search?q=${encodeURIComponent(probe)}`, `/de/desk?q=${encodeURIComponent(probe)}`, '/de/desk/print', '/de/demo/mailbox', `/de/desk?service=${encodeURIComponent(probe)}&order=${encodeURIComponent(probe)}`])
    pages.push([path, await berger.get(path)]);
  for (const [what, page] of pages) check(`${what}: what was typed comes out escaped`, escaped(page.text) && page.status < 500, page.status);
  check('the remark is on the desk as text', (await berger.get(desk)).text.includes('onerror=alert(1)&gt;'));
  const [, kept] = /\/files\/(\d+)/.exec((await visitor.get(link)).text) ?? [];
  const bytes = await visitor.get(`${link}/files/${kept}`);
  const name = bytes.headers['content-disposition'] ?? '';
  check('a file with an evil name keeps to its place in the header', bytes.status === 200 && /^attachment; filename="[^"]*"; filename\*=UTF-8''[-\w.%~!$&+^`|]*$/.test(name), `${bytes.status} ${name}`);
}

export async function messages() {
  const visitor = new Visitor();
  const { link } = await apply(visitor, car);
  const page = await visitor.get(link);
  const fields = { ...formFields(page.text, `${link}/messages`), message: 'Nur einmal, bitte.' };
  check('the form for a message carries a key', Boolean(fields.key), JSON.stringify(fields));
  await visitor.post(`${link}/messages`, fields);
  await visitor.post(`${link}/messages`, fields);
  const said = async (text) => (await visitor.get(link)).text.split(text).length - 1;
  check('a message sent twice is there once', await said('Nur einmal, bitte.') === 1, await said('Nur einmal, bitte.'));
  const other = { ...fields, key: 'b'.repeat(26), message: 'Zehnmal zugleich.' };
  const all = await Promise.all(Array.from({ length: 10 }, () => new Visitor().post(`${link}/messages`, other)));
  check('a message sent ten times at once is there once', await said('Zehnmal zugleich.') === 1, await said('Zehnmal zugleich.'));
  check('each of the ten is told that it was written', all.every((answer) => answer.status === 303 && answer.location.endsWith('done=written')), [...new Set(all.map((answer) => answer.location))].join(' '));
}

/** Two clerks decide at the same moment: one wins, the other one is told and loses nothing. */
export async function twoClerks() {
  const { number } = await apply(new Visitor(), car);
  const [berger, brandt] = [await clerk('berger'), await clerk('brandt')];
  const desk = `/de/desk/cases/${number}`;
  const version = /name="version" value="(\d+)"/.exec((await berger.get(desk)).text)?.[1];
  await brandt.get(desk);
  const both = await Promise.all([berger.post(`${desk}/decide/grant`, { version, text: '# Bescheid\n\nVon der einen geschrieben.' }), brandt.post(`${desk}/decide/refuse`, { version, text: '# Bescheid\n\nVom anderen geschrieben.' })]);
  const [won, lost] = both[0].status === 303 ? both : [both[1], both[0]];
  check('one of two decisions wins', won.status === 303 && lost.status === 409, `${both[0].status} ${both[1].status}`);
  check('the other one sees what happened and what she wrote', /geschrieben\./.test(lost.text) && lost.text.includes(number));
  const again = await (both[0].status === 303 ? brandt : berger).post(`${desk}/decide/refuse`, { version: String(Number(version) + 1), text: 'noch einmal' });
  check('a decided case is not decided again', again.status === 409, again.status);
  const page = await berger.get(`${desk}/resident`);
  check('there is one notice', [...new Set(page.text.match(/notices\/\d+\.pdf/g) ?? ['post'])].length === 1);
}
