// What people wait for, over HTTP: pages against nginx that serves the same bytes as a file from the same machine, cold start, memory,
// weight of a first view, durable submissions.
//
//   node bench/http.mjs build/release/kiepe [rounds = 5] [seconds a round = 3]
//
// A ratio is the median of the rounds' ratios; both servers run in turns, so that what else the machine does meets both.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, get, inLanes, post, prepare, start } from '../tests/crash/way.mjs';

const program = process.argv[2];
const rounds = Number(process.argv[3] ?? 5);
const seconds = Number(process.argv[4] ?? 3);
const connections = 32;
const place = mkdtempSync(join(tmpdir(), 'kiepe-bench-'));
const data = join(place, 'data');
let running;  // the server that is up now; it must not outlive this program

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function row(what, value, unit, goal = '') {
  console.log(`${what.padEnd(72)} ${String(value).padStart(9)} ${unit.padEnd(6)} ${goal}`);
}

// -- cold start, memory, weight -------------------------------------------------------------------------------------------------------

async function coldStart() {
  const begun = performance.now();
  const { server, origin } = await start(program, ['--data', data]);
  running = server;
  const page = await get(origin, '/de/');
  const took = performance.now() - begun;
  if (page.status !== 200) throw new Error(`start page: ${page.status}`);
  return { server, origin, took };
}

async function coldStarts() {
  const took = [];
  for (let i = 0; i < rounds; ++i) {
    const one = await coldStart();
    took.push(one.took);
    one.server.kill('SIGTERM');
    await ended(one.server);
  }
  row('first start, database made, until the start page', (took[0] / 1000).toFixed(2), 's');
  row('cold start until the start page', (median(took.slice(1)) / 1000).toFixed(2), 's', 'goal 0.5');
}

function residentMegabytes(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
}

/** With the browser of the tests, where there is one: what it loads depends on style sheets and fonts. */
async function firstView(origin) {
  if (!existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')) return row('first view of the start page', 'skipped', '', 'no Chromium here');
  const { startBrowser } = await import('../tests/browser/browser.mjs');
  const { weight } = await import('../tests/browser/checks.mjs');
  const browser = await startBrowser();
  for (const path of ['/de/', '/en/services/resident-parking']) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    row(`first view of ${path}`, ((await weight(context, origin + path)) / 1024).toFixed(1), 'KiB', 'goal 60 kB');
    await context.close();
  }
  await browser.close();
}

// -- pages against nginx --------------------------------------------------------------------------------------------------------------

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function startNginx(pages) {
  const root = join(place, 'www');
  mkdirSync(root, { recursive: true });
  for (const [name, bytes] of Object.entries(pages)) writeFileSync(join(root, `${name}.html`), bytes);
  const port = await freePort();
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${place}/${name};`).join(' ');
  writeFileSync(join(place, 'nginx.conf'), `${process.getuid() === 0 ? 'user root; ' : ''}daemon off; worker_processes 2; pid ${place}/nginx.pid; error_log ${place}/error.log;
    events { worker_connections 1024; }
    http { access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000; open_file_cache max=100; etag on; ${own}
      types { text/html html; } charset utf-8; server { listen 127.0.0.1:${port}; root ${root}; } }\n`);
  const server = spawn('nginx', ['-c', join(place, 'nginx.conf'), '-e', join(place, 'error.log')], { stdio: 'inherit' });
  const origin = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 50; ++i) {
    try {
      await get(origin, `/${Object.keys(pages)[0]}.html`);
      return { server, origin };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('nginx did not start');
}

function perSecond(url, header) {
  const run = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, ...(header ? ['-H', header] : []), url], { encoding: 'utf8' });
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(run.stdout ?? '');
  if (!rate || /Non-2xx/.test(run.stdout)) throw new Error(`wrk ${url}: ${run.stdout}${run.stderr}`);
  return Number(rate[1]);
}

function compare(what, ours, theirs, goal) {
  const rates = [[], []], ratios = [];
  for (let i = 0; i < rounds; ++i) {
    rates[0].push(perSecond(ours));
    rates[1].push(perSecond(theirs));
    ratios.push(rates[0][i] / rates[1][i]);
  }
  row(`${what}, Kiepe`, median(rates[0]).toFixed(0), '/s');
  row(`${what}, nginx, the same bytes as a file`, median(rates[1]).toFixed(0), '/s');
  row(`${what}, ratio`, median(ratios).toFixed(2), '', `goal ${goal}`);
}

async function pages(origin) {
  const service = '/de/services/resident-parking';
  const draft = await prepare(origin, 0);
  const receipt = await post(origin, `${draft.base}/send`, {});
  const kase = receipt.location.replace(/\/receipt$/, '');
  const bytes = { service: (await get(origin, service)).bytes, case: (await get(origin, kase)).bytes };
  const nginx = await startNginx(bytes);
  try {
    compare(`service page (${(bytes.service.length / 1024).toFixed(0)} KiB)`, origin + service, `${nginx.origin}/service.html`, 0.5);
    compare(`case page (${(bytes.case.length / 1024).toFixed(0)} KiB, rendered each time)`, origin + kase, `${nginx.origin}/case.html`, 0.2);
    row('service page, compressed with Brotli, Kiepe', median(Array.from({ length: rounds }, () => perSecond(origin + service, 'Accept-Encoding: br'))).toFixed(0), '/s');
  } finally {
    nginx.server.kill('SIGTERM');
    await ended(nginx.server);
  }
}

// -- submissions ----------------------------------------------------------------------------------------------------------------------

/** Prepared beforehand, then sent by 64 at once: each answer comes after the commit is on disk. */
async function submissions(origin) {
  const number = 200;
  const drafts = [];
  await inLanes(8, Array.from({ length: number }, (_, i) => i + 1), async (i) => drafts.push(await prepare(origin, i)));
  const waits = [];
  const begun = performance.now();
  await inLanes(64, drafts, async (draft) => {
    const sent = performance.now();
    const answer = await post(origin, `${draft.base}/send`, {});
    if (answer.status !== 303) throw new Error(`send: ${answer.status}`);
    waits.push(performance.now() - sent);
  });
  row('durable submissions through HTTP, 64 at once', (number / ((performance.now() - begun) / 1000)).toFixed(0), '/s');
  row('  of which half answered within', median(waits).toFixed(0), 'ms');
}

let status = 0;
try {
  await coldStarts();
  const { server, origin } = await coldStart();
  await get(origin, '/de/services');
  row('resident memory after the first pages', residentMegabytes(server.pid).toFixed(0), 'MB', 'goal 100');
  await firstView(origin);
  await pages(origin);
  await submissions(origin);
  row('resident memory after all that', residentMegabytes(server.pid).toFixed(0), 'MB');
} catch (error) {
  console.log(`FAIL  ${error.message}`);
  status = 1;
} finally {
  running?.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
}
process.exit(status);
