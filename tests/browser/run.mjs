// Runs every *.test.mjs of this folder against the server of KIEPE_URL, some side by side, and counts.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { opener, startBrowser } from './browser.mjs';
import { origin } from './pages.mjs';
import { Skip } from './skip.mjs';

const secondsForOneTest = 60;
const lanes = Number(process.env.KIEPE_LANES ?? 2);

function withTimeout(work) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`took longer than ${secondsForOneTest} s`)), secondsForOneTest * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function collect() {
  const tests = [];
  const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.mjs')).sort();
  for (const file of files) {
    const { default: declare } = await import(pathToFileURL(join(import.meta.dirname, file)).href);
    declare((name, body) => tests.push({ name, body }));
  }
  return tests.filter(({ name }) => name.includes(process.env.KIEPE_ONLY ?? ''));
}

async function runOne({ name, body }, browser, count) {
  const tools = opener(browser, origin);
  try {
    const said = await withTimeout(body(tools));
    count.passed += 1;
    if (said) console.log(`ok    ${name}: ${said}`);
  } catch (error) {
    const skipped = error instanceof Skip;
    count[skipped ? 'skipped' : 'failed'] += 1;
    console.log(`${skipped ? 'skip ' : 'FAIL '} ${name}\n    ${error.message}`);
  } finally {
    await tools.closeAll();
  }
}

async function run(tests) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const browser = await startBrowser();
  const rest = [...tests];
  const lane = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await runOne(next, browser, count);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  await browser.close();
  console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  return count.failed === 0;
}

if (!origin) {
  console.error('KIEPE_URL says which server to test, for example http://127.0.0.1:8080');
  process.exit(2);
}
process.exit((await run(await collect())) ? 0 : 1);
