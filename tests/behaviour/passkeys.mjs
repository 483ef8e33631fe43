// Passkeys over HTTP with an authenticator in software: what a browser would never send.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { Visitor, check, clerk, house, resident } from './house.mjs';

const hash = (bytes) => createHash('sha256').update(bytes).digest();
const number = (value) => (value >= 0 ? Buffer.from([value]) : Buffer.from([0x20 | (-1 - value)]));
const bytes = (value) => Buffer.concat([value.length < 256 ? Buffer.from([0x58, value.length]) : Buffer.from([0x59, value.length >> 8, value.length & 255]), value]);
const words = (value) => Buffer.concat([Buffer.from([0x60 | value.length]), Buffer.from(value)]);
const rp = '127.0.0.1';

/** A key of its own; what it says can be bent before it is sent. */
class Authenticator {
  constructor() {
    this.pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.id = randomBytes(24);
    this.counter = 0;
  }

  data(flags) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([hash(rp), Buffer.from([flags]), counter]);
  }

  client(type, options) { return Buffer.from(JSON.stringify({ type, challenge: options.challenge, origin: house.origin, crossOrigin: false })); }

  make(options) {
    const { x, y } = this.pair.publicKey.export({ format: 'jwk' });
    const point = [x, y].map((part) => bytes(Buffer.from(part, 'base64url')));
    const cose = Buffer.concat([Buffer.from([0xa5]), number(1), number(2), number(3), number(-7), number(-1), number(1), number(-2), point[0], number(-3), point[1]]);
    const data = Buffer.concat([this.data(0x45), Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cose]);
    const object = Buffer.concat([Buffer.from([0xa3]), words('fmt'), words('none'), words('attStmt'), Buffer.from([0xa0]), words('authData'), bytes(data)]);
    this.user = options.user.id;
    return { client_data: this.client('webauthn.create', options).toString('base64url'), attestation: object.toString('base64url') };
  }

  use(options) {
    const client = this.client('webauthn.get', options);
    const data = this.data(0x05);
    const signature = sign('sha256', Buffer.concat([data, hash(client)]), this.pair.privateKey);
    return { id: this.id.toString('base64url'), client_data: client.toString('base64url'), authenticator_data: data.toString('base64url'), signature: signature.toString('base64url'), user_handle: this.user };
  }
}

async function optionsFor(visitor, use, fields = {}) {
  const answer = await visitor.post('/de/passkey/options', { use, ...fields });
  const said = answer.status === 200 ? JSON.parse(answer.text) : null;
  if (said) visitor.csrf = said.csrf;
  return said?.options ?? { status: answer.status };
}

const mira = { first_name: 'Mira', last_name: 'Neumann', email: 'mira@example.org' };

async function registered() {
  const visitor = new Visitor();
  const key = new Authenticator();
  const answer = await visitor.post('/de/register/passkey', { ...mira, ...key.make(await optionsFor(visitor, 'register', mira)) });
  if (answer.status !== 303) throw new Error(`no account: ${answer.status}`);
  return { visitor, key };
}

async function signedIn(key) {
  const visitor = new Visitor();
  const answer = await visitor.post('/de/sign-in/passkey', key.use(await optionsFor(visitor, 'sign_in')));
  return { visitor, answer };
}

/** Milliseconds from the signed challenge to the page of matters, shortest first, the wire of this machine included. */
async function timeOf(key) {
  const times = [];
  for (let turn = 0; turn < 15; ++turn) {
    const visitor = new Visitor();
    const said = key.use(await optionsFor(visitor, 'sign_in'));
    const began = performance.now();
    await visitor.post('/de/sign-in/passkey', said);
    await visitor.get('/de/my');
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

export async function passkeyOnce() {
  const { key } = await registered();
  const { visitor, answer } = await signedIn(key);
  check('a passkey signs in', answer.status === 303 && answer.location === '/de/my', `${answer.status} ${answer.location}`);
  check('and the page of matters opens', (await visitor.get('/de/my')).status === 200);
  const [best, , , , , , , time] = await timeOf(key);
  console.log(`passkey login and page of matters: ${time.toFixed(1)} ms, at best ${best.toFixed(1)}`);
  const begun = await visitor.post('/de/services/registration-certificate/begin');
  check('who has only a passkey begins nothing for which the law wants to know who she is', begun.status === 403 && begun.text.includes('reicht diese Anmeldung nicht'), begun.status);
  check('and is told so beforehand', /sign-in\?return=/.test((await visitor.get('/de/services/registration-certificate/begin')).text));
  check('but what needs no proof', (await visitor.post('/de/services/resident-parking/begin')).status === 303);
  const other = new Visitor();
  const options = await optionsFor(other, 'sign_in');
  const session = other.cookie;
  const said = key.use(options);
  const thief = new Visitor();
  await optionsFor(thief, 'sign_in');
  check('what was signed for one session opens no other', (await thief.post('/de/sign-in/passkey', said)).status === 422);
  const first = await other.post('/de/sign-in/passkey', said);
  check('the session is new after signing in', first.status === 303 && other.cookie !== session);
  await other.get('/de/my/passkeys');
  const again = await other.post('/de/sign-in/passkey', said);
  check('what was signed once does not sign in again', again.status === 422, again.status);
  const away = new Visitor();
  const open = await away.post('/de/sign-in/passkey', { ...key.use(await optionsFor(away, 'sign_in')), return: '//evil.example/' });
  check('nobody is led elsewhere', open.location === '/de/my', open.location);
  const staff = new Visitor();
  const desk = await staff.post('/de/desk/sign-in/passkey', key.use(await optionsFor(staff, 'staff_sign_in')));
  check('a passkey of a resident does not open the desk', desk.status === 422 && (await staff.get('/de/desk')).status === 303, desk.status);
}

export async function passkeyNonsense() {
  const visitor = new Visitor();
  await optionsFor(visitor, 'sign_in');
  for (const fields of [{}, { id: 'x', client_data: '!', authenticator_data: '', signature: '', user_handle: '' }, { id: '\u0000', client_data: 'e30', authenticator_data: 'e30', signature: 'e30', user_handle: 'e30' },
    { id: 'a'.repeat(9000), client_data: 'W1tb'.repeat(1000), authenticator_data: 'AAAA', signature: 'AAAA', user_handle: 'AAAA' }])
    for (const path of ['/de/sign-in/passkey', '/de/desk/sign-in/passkey']) {
      const answer = await visitor.post(path, fields);
      check(`nonsense at ${path} is refused with a page`, [400, 422].includes(answer.status) && answer.text.includes('<h1'), answer.status);
    }
  check('nobody asks for what there is not', (await optionsFor(visitor, 'admin')).status === 422 && (await optionsFor(new Visitor(), 'add')).status === 403);
  for (const bad of [{ ...mira, first_name: '' }, { ...mira, last_name: 'x'.repeat(90) }, { ...mira, email: 'mira' }]) {
    check('an account without a proper name gets no challenge', (await optionsFor(visitor, 'register', bad)).status === 422);
    const answer = await visitor.post('/de/register/passkey', bad);
    check('and a page that says what is missing and keeps the rest', answer.status === 422 && answer.text.includes('data-focus') && answer.text.includes(`value="${bad.last_name}"`), answer.status);
  }
}

export async function passkeyOwners() {
  const { visitor, key } = await registered();
  const jana = await resident('demo:jana-beispiel');
  const mine = /\/my\/passkeys\/([0-9a-f]{32})\/remove/.exec((await visitor.get('/de/my/passkeys')).text)?.[1];
  for (const [method, path] of [['POST', 'name'], ['GET', 'remove'], ['POST', 'remove']])
    check(`another resident gets 404 for ${method} ${path} of a passkey`, (await jana.send(method, `/de/my/passkeys/${mine}/${path}`, { fields: { label: 'meins' } })).status === 404);
  check('the last way in is not removed', (await visitor.post(`/de/my/passkeys/${mine}/remove`)).status === 409);
  const added = new Authenticator();
  const theirs = added.make(await optionsFor(visitor, 'add'));
  check('a challenge of one account adds nothing to another', (await jana.post('/de/my/passkeys', theirs)).status === 422);
  const fresh = added.make(await optionsFor(visitor, 'add'));
  check('and makes no second account', (await visitor.post('/de/register/passkey', { ...mira, ...fresh })).status === 422);
  const stolen = new Authenticator();
  stolen.id = key.id;
  check('an id that is known is not taken again', (await jana.post('/de/my/passkeys', stolen.make(await optionsFor(jana, 'add')))).status === 422);
  check('a new passkey is told by mail', (await jana.post('/de/my/passkeys', added.make(await optionsFor(jana, 'add')))).status === 303 && (await jana.get('/de/demo/mailbox')).text.includes('Neuer Passkey für Ihr Konto'));
  added.counter = 5;
  check('hers signs her in', (await signedIn(added)).answer.status === 303);
  const copy = await signedIn(added);
  check('a counter that stands still is a copy: refused', copy.answer.status === 422 && copy.answer.text.includes('gesperrt'), copy.answer.status);
  added.counter = 9;
  check('and blocked from then on', (await signedIn(added)).answer.status === 422);
  check('she is signed out everywhere', (await jana.get('/de/my')).status === 303);
  const again = await resident('demo:jana-beispiel');
  check('its owner is told by mail and on her page', (await again.get('/de/demo/mailbox')).text.includes('Wir haben einen Ihrer Passkeys gesperrt') && (await again.get('/de/my/passkeys')).text.includes('Gesperrt'));
  const berger = await clerk('berger');
  const token = new Authenticator();
  check('a clerk adds one', (await berger.post('/de/desk/passkeys', token.make(await optionsFor(berger, 'add')))).status === 303);
  const resident_door = new Visitor();
  check('which opens nothing for residents', (await resident_door.post('/de/sign-in/passkey', token.use(await optionsFor(resident_door, 'sign_in')))).status === 422);
  const desk = new Visitor();
  check('but the desk', (await desk.post('/de/desk/sign-in/passkey', token.use(await optionsFor(desk, 'staff_sign_in')))).location === '/de/desk' && (await desk.get('/de/desk')).status === 200);
}
