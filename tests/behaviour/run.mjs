// How the program must behave, over HTTP, against a server of its own with fresh data.
//
//   [KIEPE_BIN=build/release/kiepe] node tests/behaviour/run.mjs [area...]
//
// Prints what fails; the last line is `N passed, N failed, N skipped`.
import { check, count, house, start, stop, violations } from './house.mjs';
import * as cases from './cases.mjs';
import * as pages from './pages.mjs';
import * as passkeys from './passkeys.mjs';
import * as rights from './rights.mjs';

/** Signing in too often comes last: it shuts out whoever comes from this machine. */
const areas = { ...pages, ...cases, ...rights, ...passkeys };
const order = [...Object.keys(areas).filter((name) => name !== 'throttle'), 'throttle'];
const wanted = process.argv.slice(2);

function readLog() {
  const lines = house.log.split('\n').filter(Boolean);
  check('each line of the log is JSON', lines.every((line) => { try { return JSON.parse(line).event; } catch { return false; } }), lines.find((line) => !line.startsWith('{')));
  const told = [...house.secrets].filter((secret) => house.log.includes(secret));
  check('the log holds no token of a draft, a case or a session', told.length === 0, `${told.length} of ${house.secrets.size}`);
  for (const person of ['Erfunden', 'Wilma', 'Beispiel', 'Muster', 'example.org', 'MS-KP', 'Kanalstra', 'Finkenstra', 'wilma.'])
    check(`the log does not say ${person}`, !house.log.includes(person), lines.find((line) => line.includes(person)));
  for (const password of Object.values(house.logins)) if (house.log.includes(password)) check('the log holds no password', false);
}

const server = await start();
process.on('exit', () => server.kill());
for (const name of order) {
  if (wanted.length && !wanted.includes(name)) continue;
  try {
    await areas[name]();
  } catch (error) {
    check(`area ${name} runs to its end`, false, error.stack?.split('\n').slice(0, 4).join(' | '));
  }
}
for (const what of violations) check('headers', false, what);
check('the headers of every answer are in order', violations.size === 0, violations.size);
readLog();
await stop(server);
console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
process.exitCode = count.failed ? 1 : 0;
