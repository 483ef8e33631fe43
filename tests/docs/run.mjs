// The service that docs/decisions-engine.md builds is copied out of the page, checked, and its examples are run: what readers type in works.
//
//   [KIEPE_BIN=build/release/kiepe] node tests/docs/run.mjs
//
// The last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const program = resolve(process.env.KIEPE_BIN ?? 'build/release/kiepe');
const count = { passed: 0, failed: 0, skipped: 0 };
function check(what, holds, seen = '') {
  count[holds ? 'passed' : 'failed']++;
  if (!holds) console.log(`FAIL ${what}${seen === '' ? '' : `: ${seen}`}`);
  return holds;
}

/** Fenced blocks that name a file: ```yaml packages/volunteer-card/form.yaml */
const filesIn = (page) => [...readFileSync(page, 'utf8').matchAll(/^```\w+ (\S+\/\S+)\n([\s\S]*?)^```$/gm)].map(([, path, text]) => ({ path, text }));

const files = filesIn('docs/decisions-engine.md');
check('the page holds the files of a service', files.length >= 7, files.length);
const place = mkdtempSync(join(tmpdir(), 'kiepe-docs-'));
try {
  for (const folder of ['packages', 'law', 'cities', 'locales', 'config']) cpSync(folder, join(place, folder), { recursive: true });
  for (const { path, text } of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  const service = dirname(files.find(({ path }) => path.endsWith('/service.yaml'))?.path ?? 'packages/none/service.yaml');
  const run = (...words) => spawnSync(program, words, { cwd: place, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const checked = run('package', 'check', service);
  const of = checked.stdout.split('\n').filter((line) => line.startsWith(`${service}/`) || line.includes('/volunteer-card/'));
  check('nothing is found in the service of the page', of.length === 0, of.join(' | '));
  const [ran, failed] = /Examples: (\d+) passed, (\d+) failed/.exec(checked.stdout)?.slice(1).map(Number) ?? [0, 1];
  check('its examples pass', ran >= 6 && failed === 0, checked.stdout.trim().split('\n').pop() + checked.stderr);
  const spoilt = join(place, service, 'examples/basic.yaml');
  writeFileSync(spoilt, readFileSync(spoilt, 'utf8').replace('reasons: [too_few_hours]', 'reasons: [paid_work]'));
  check('an example that expects something else fails', run('package', 'check', service).status === 1);
} finally {
  rmSync(place, { recursive: true, force: true });
}
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exit(count.failed ? 1 : 0);
