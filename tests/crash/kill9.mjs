// Kills the server with SIGKILL in the middle of many concurrent submissions and looks, after a restart, whether each one that was
// acknowledged is there: once, with its file. What was not acknowledged must be sendable again and then be there once as well.
//
//   node tests/crash/kill9.mjs build/release/kiepe [how many = 200] [--database postgresql://...]
//
// Each submission is a whole one over HTTP: begin a draft, answer every screen, put a file in, send. Closes with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, get, inLanes, post, prepare, start } from './way.mjs';

const [program, ...rest] = process.argv.slice(2);
const database = rest.includes('--database') ? ['--database', rest[rest.indexOf('--database') + 1]] : [];
const wanted = Number(rest.find((word) => /^\d+$/.test(word)) ?? 200);
const data = mkdtempSync(join(tmpdir(), 'kiepe-crash-'));
const count = { passed: 0, failed: 0 };
let origin = '';

function check(what, good, detail = '') {
  count[good ? 'passed' : 'failed'] += 1;
  console.log(`${good ? 'ok   ' : 'FAIL '} ${what}${detail ? `: ${detail}` : ''}`);
}

// -- the crash ------------------------------------------------------------------------------------------------------------------------

/** Sends all at once; kills when a third is acknowledged, so that many are under way at that moment. */
async function sendAndKill(server, drafts) {
  let acknowledged = 0;
  await Promise.all(drafts.map(async (draft) => {
    try {
      const sent = await post(origin, `${draft.base}/send`, {});
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
  const page = await get(origin, draft.receipt.replace(/\/receipt$/, ''));
  if (page.status !== 200) return { there: false };
  const html = page.bytes.toString();
  const files = [...new Set([...html.matchAll(/href="(\/de\/cases\/[^"]*\/files?\/[^"]*)"/g)].map((match) => match[1]))];
  const number = /<dd class="kp-num">([^<]*)/.exec(html)?.[1] ?? '';
  const bytes = files.length === 1 ? (await get(origin, files[0])).bytes : Buffer.alloc(0);
  return { there: true, number, files: files.length, same: createHash('sha256').update(bytes).digest('hex') === draft.digest };
}

async function checkAcknowledged(drafts) {
  let there = 0, whole = 0, once = 0;
  await inLanes(8, drafts, async (draft) => {
    const seen = await look(draft);
    draft.case = seen.number;
    there += seen.there ? 1 : 0;
    whole += seen.files === 1 && seen.same ? 1 : 0;
    const again = await post(origin, `${draft.base}/send`, {});
    once += again.status === 303 && again.location === draft.receipt ? 1 : 0;
  });
  check('each acknowledged case is there', there === drafts.length, `${there} of ${drafts.length}`);
  check('each has its one file', whole === drafts.length, `${whole} of ${drafts.length}`);
  check('sending again leads to the same case', once === drafts.length, `${once} of ${drafts.length}`);
}

async function checkOthers(drafts) {
  let sent = 0, whole = 0;
  await inLanes(8, drafts, async (draft) => {
    const answer = await post(origin, `${draft.base}/send`, {});
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
  ({ server, origin } = await start(program, ['--data', data, ...database]));
  const drafts = [];
  await inLanes(8, Array.from({ length: wanted }, (_, number) => number), async (number) => drafts.push(await prepare(origin, number)));
  const acknowledged = await sendAndKill(server, drafts);
  const refused = drafts.filter((draft) => draft.refused);
  check('no submission was refused', refused.length === 0, refused[0]?.refused);
  check('the server died in the middle', acknowledged > 0 && acknowledged < wanted, `${acknowledged} of ${wanted} acknowledged`);
  ({ server, origin } = await start(program, ['--data', data, ...database]));
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
