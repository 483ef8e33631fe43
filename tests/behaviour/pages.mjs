// What everybody may open, errors, uploads: no cookie, a clear page, the right status.
import { Visitor, apply, ask, begin, car, check, formFields, house, openDatabase, pdf, raw, skip, walk } from './house.mjs';

const lineOf = (answer) => /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(answer.text)?.[1].replace(/<[^>]*>/g, '').trim() ?? '';

/** An error page: status, language, a heading, and the reference number that the log has as well. */
function clear(what, answer, status, language) {
  check(`${what} answers ${status}`, answer.status === status, answer.status);
  check(`${what} speaks ${language}`, answer.text.includes(`<html lang="${language}"`));
  check(`${what} has a heading and the reference number`, lineOf(answer) !== '' && answer.text.includes(answer.headers['request-id']), lineOf(answer));
}

/** The page without what differs by request: its reference number and the address it was asked by. */
function bare(answer, ...tokens) {
  let text = answer.text.replaceAll(answer.headers['request-id'], '{reference}');
  for (const token of tokens) text = text.replaceAll(token, '{token}');
  return `${answer.status} ${text}`;
}

export async function crawl() {
  const visitor = new Visitor();
  const waiting = ['/', '/de/', '/en/', '/de/sign-in', '/de/desk/sign-in', '/de/search?q=parken', '/en/search?q=%3Cb%3E', '/health', '/favicon.svg', '/manifest.webmanifest'];
  const seen = new Set(waiting);
  const pages = [];
  while (waiting.length && seen.size < 400) {
    const path = waiting.shift();
    const answer = await visitor.get(path);
    pages.push(path);
    check(`${path} answers`, answer.status < 400, answer.status);
    if (answer.cookies.length) check(`${path} sets no cookie`, false, answer.cookies[0]);
    if (!answer.headers['content-type']?.startsWith('text/html')) continue;
    for (const [, , found] of answer.text.matchAll(/\s(href|src|action)="(\/[^"#]*)"/g)) {
      const next = found.replaceAll('&amp;', '&');
      if (seen.has(next)) continue;
      if (new RegExp(`action="${found.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"`).test(answer.text) && !answer.text.includes(`href="${found}"`)) continue;
      seen.add(next);
      waiting.push(next);
    }
    if (answer.location && !seen.has(answer.location)) seen.add(answer.location), waiting.push(answer.location);
  }
  check('the crawl sees the public pages of both languages', pages.filter((path) => path.startsWith('/de/services/')).length >= 4 && pages.some((path) => path.startsWith('/en/services/')), pages.length);
  check('an anonymous crawl sets no cookie', !visitor.gotCookie);
  const walker = new Visitor();
  const done = await apply(walker, car);
  for (const path of [`${done.link}/receipt`, done.link, `${done.link}/supply`, `${done.link}/all.pdf`]) await walker.get(path);
  check('a whole application without an account sets no cookie', !walker.gotCookie, walker.setCookie);
}

export async function errors() {
  const visitor = new Visitor();
  const token = 'abcdefghjkmnpqrstvwxyz0123';
  for (const language of ['de', 'en']) {
    for (const path of ['nowhere', 'services/flying-carpet', 'services/flying-carpet/begin', `drafts/${token}`, `drafts/${token}/check`, `cases/${token}`,
      `cases/${token}/receipt`, 'my/26-000001-1', 'my/nonsense', 'drafts/x', `drafts/${'z'.repeat(300)}`])
      clear(`/${language}/${path.slice(0, 40)}`, await visitor.get(`/${language}/${path}`), 404, language);
    clear(`begin of an unknown service (${language})`, await visitor.post(`/${language}/services/flying-carpet/begin`), 404, language);
    clear(`sending an unknown draft (${language})`, await visitor.post(`/${language}/drafts/${token}/send`), 404, language);
    clear(`a step of an unknown draft (${language})`, await visitor.post(`/${language}/drafts/${token}/steps/home`), 404, language);
    clear(`a method that is not offered (${language})`, await ask('DELETE', `/${language}/services`), 405, language);
    clear(`a form where none is (${language})`, await visitor.post(`/${language}/services`), 405, language);
  }
  check('an unknown language is an unknown page', (await visitor.get('/xx/services')).status === 404);
  check('a path with .. is no page', [400, 404].includes((await visitor.get('/de/services/../../etc/passwd')).status));
  check('static files end at their folder', [400, 404].includes((await visitor.get('/assets/..%2f..%2f..%2fetc/passwd')).status));
  check('a too long address is said to be too long', [414, 431].includes((await visitor.get(`/de/${'a'.repeat(20000)}`)).status));
  check('too long headers are said to be too long', (await visitor.get('/de/', { headers: { 'x-long': 'a'.repeat(20000) } })).status === 431);
}

export async function guesses() {
  const visitor = new Visitor();
  const { base } = await begin(visitor);
  const sent = await apply(visitor, car);
  const gone = sent.draft.split('/').pop();
  const wrong = 'abcdefghjkmnpqrstvwxyz0123';
  for (const part of ['', '/check', '/qr.svg', '/file/1', '/steps', '/discard']) {
    const one = await visitor.get(`/de/drafts/${wrong}${part}`);
    const two = await visitor.get(`/de/drafts/${gone}${part}`);
    const three = await visitor.get(`/de/drafts/short${part}`);
    check(`a guess at drafts/…${part} does not tell whether there was one`, one.status === 404 && bare(one, wrong) === bare(two, gone) && bare(one, wrong) === bare(three, 'short'));
  }
  const close = base.split('/').pop();
  const neighbour = close.slice(0, -2) + (close.endsWith('00') ? '11' : '00');
  check('a token one letter off opens nothing', (await visitor.get(`/de/drafts/${neighbour}`)).status === 404);
  check('links have 128 bits and more', close.length * 5 >= 128 && sent.link.split('/').pop().length * 5 >= 128);
  check('discarding twice, or what never was, looks the same', bare(await visitor.post(`/de/drafts/${wrong}/discard`), wrong) === bare(await visitor.post(`${base}/discard`), close));
  check('a discarded draft is gone', (await visitor.get(base)).status === 404);
}

export async function uploads() {
  const visitor = new Visitor();
  const stop = await walk(visitor, car, { stopAt: '/steps/paper/' });
  const put = async (name, bytes, type) => {
    const sent = await visitor.post(stop.here, { upload: 'yes' }, { file: { name, bytes, type } });
    const page = await visitor.get(stop.here);
    const script = await visitor.post(`${stop.base}/files/${stop.here.split('/steps/paper/')[1]}`, {}, { file: { name, bytes, type } });
    return { sent, page, script };
  };
  for (const [name, bytes] of [['brief.pdf', Buffer.from('I only say that I am a PDF')], ['programm.exe', Buffer.from('MZ\x90\0'.repeat(99))], ['leer.pdf', Buffer.alloc(0)],
    ['seite.html', Buffer.from('<html><script>alert(1)</script></html>')], ['bild.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ['halb.jpg', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(400, 7)])]]) {
    const { sent, page, script } = await put(name, bytes, 'application/pdf');
    check(`${name} comes back to its page with an error`, sent.status === 303 && page.status === 200 && page.text.includes('kern-error'), `${sent.status} ${page.status}`);
    check(`${name} is refused to the script too, with a sentence`, JSON.parse(script.text).verdict === 'warn' && JSON.parse(script.text).text.length > 15, script.text.slice(0, 200));
  }
  check('what was answered before a wrong file is still there', (await visitor.get(`${stop.base}/check`)).text.includes('MS-KP 77'));
  await huge(visitor, stop);
  const good = await visitor.post(stop.here, {}, { file: { name: 'schein.pdf', bytes: pdf() } });
  check('after all that the right file is taken', good.status === 303 && good.location !== stop.here, good.location);
}

/** 2 GB, announced or in chunks: 413 at once, and the draft is as it was. */
async function huge(visitor, stop) {
  const head = (how) => `POST ${stop.here} HTTP/1.1\r\nHost: 127.0.0.1:${house.port}\r\nOrigin: ${house.origin}\r\nContent-Type: multipart/form-data; boundary=x\r\n${how}\r\n\r\n`;
  let begun = Date.now();
  const announced = await raw((socket) => socket.write(head('Content-Length: 2147483648')));
  check('2 GB announced: 413 at once', announced.startsWith('HTTP/1.1 413') && Date.now() - begun < 2000, `${announced.slice(0, 30)} ${Date.now() - begun} ms`);
  check('2 GB announced: a clear page', announced.includes('<html lang="de"') && /Request-Id: (\w+)/.test(announced) && announced.split(/Request-Id: (\w+)/)[1].length > 5);
  begun = Date.now();
  let sent = 0;
  const block = Buffer.alloc(64 * 1024, 'a');
  const chunked = await raw((socket, said) => {
    socket.write(head('Transfer-Encoding: chunked'));
    const start = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n';
    socket.write(`${start.length.toString(16)}\r\n${start}\r\n`);
    const more = () => {
      if (said() || socket.destroyed || sent > 200e6) return;
      sent += block.length;
      socket.write('10000\r\n');
      socket.write(block);
      socket.write('\r\n', () => setImmediate(more));
    };
    more();
  });
  check('2 GB in chunks: refused before 40 MB have come', chunked.startsWith('HTTP/1.1 413') && sent < 40e6, `${chunked.slice(0, 30)} after ${Math.round(sent / 1e6)} MB`);
  check('2 GB in chunks: not slow', Date.now() - begun < 6000, `${Date.now() - begun} ms`);
  check('nothing is lost by a too big file', (await visitor.get(`${stop.base}/check`)).text.includes('MS-KP 77'));
}

export async function expired() {
  const database = await openDatabase();
  if (!database) return skip('an expired draft link', 'this Node has no SQLite');
  const visitor = new Visitor();
  const { base, here } = await walk(visitor, car, { stopAt: '/contact' });
  const token = base.split('/').pop();
  const yesterday = new Date(Date.now() - 36 * 3600e3).toISOString().slice(0, 10);
  database.exec(`update drafts set expires = '${yesterday}'`);
  for (const part of ['', '/check', '/steps']) clear(`an expired draft${part}`, await visitor.get(`${base}${part}`), 404, 'de');
  const never = await visitor.get('/de/drafts/abcdefghjkmnpqrstvwxyz0123');
  check('an expired draft looks like one that never was', bare(await visitor.get(base), token) === bare(never, 'abcdefghjkmnpqrstvwxyz0123'));
  check('an expired draft takes no answers', (await visitor.post(here, { email: 'a@example.org' })).status === 404);
  check('an expired draft cannot be sent', (await visitor.post(`${base}/send`)).status === 404);
  database.close();
}

/** Nothing that a person types comes out as markup, and no input writes headers or leads away. */
export async function injection() {
  const visitor = new Visitor();
  for (const path of ['/de/sign-in?return=//evil.example', '/de/sign-in?return=https://evil.example/', '/de/sign-in?return=/%5Cevil.example', '/de/sign-in?return=/a:b', '/de/desk/sign-in?return=//evil.example']) {
    const page = await visitor.get(path);
    const value = /name="return" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
    check(`${path} is forgotten`, value === '', value);
  }
  for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', '/../../evil', '@evil.example', '.evil.example', '/my\r\nSet-Cookie: a=b']) {
    const answer = await new Visitor().post('/de/sign-in', { subject: 'demo:emre-muster', return: to });
    check(`signing in with return=${JSON.stringify(to)} stays here`, answer.location === '/de/my' && !answer.cookies.some((line) => line.startsWith('a=')), answer.location);
  }
  for (const path of ['/de/desk/cases/a%0d%0aSet-Cookie:%20a=b', '/de/services/a%0d%0ax:y/begin', '/de/drafts/a%0d%0aSet-Cookie:%20a=b/steps/x', '/de/%0d%0aSet-Cookie:%20a=b'])
    for (const method of ['GET', 'POST']) {
      const answer = await visitor.send(method, path);
      check(`${method} ${path} writes no header`, !answer.cookies.length && !answer.headers.x && !/[\r\n]/.test(answer.location), answer.location);
    }
  const probe = '"><img src=x onerror=alert(1)>\'{{7*7}}';
  for (const path of [`/de/search?q=${encodeURIComponent(probe)}`, `/de/${encodeURIComponent(probe)}`, `/de/services/${encodeURIComponent(probe)}`, `/de/sign-in?return=${encodeURIComponent(probe)}`]) {
    const page = await visitor.get(path);
    check(`${path.slice(0, 30)} is escaped`, !page.text.includes('<img src=x') && !page.text.includes('>49'), page.status);
  }
  const answer = await visitor.post('/de/desk/sign-in', { login: probe, password: probe });
  check('a login name comes back escaped', answer.status === 422 && !answer.text.includes('<img src=x'), answer.status);
  check('a host that is not ours gets no link to it with power', !(await visitor.get('/de/', { headers: { host: 'evil.example' } })).text.includes('evil.example'));
}
