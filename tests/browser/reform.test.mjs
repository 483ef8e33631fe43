// What a changed rule would change: from the upload over a mistake and its correction to the result, its table, and the end of the proposal.
import { readFileSync } from 'node:fs';
import { holds, picture } from './checks.mjs';
import { languages } from './pages.mjs';
import { fail, pathOf, press } from './people.mjs';
import { Skip } from './skip.mjs';

const user = process.env.KIEPE_HEAD_USER;
const password = process.env.KIEPE_HEAD_PASSWORD;
const sizes = [{ width: 1440, height: 900 }, { width: 390, height: 844 }, { width: 320, height: 640, dark: true }];
const law = readFileSync('cities/muenster/law/parking-order/fees.yaml', 'utf8');
const upload = (text, name = 'gebuehren-2027.yaml') => ({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });
const dearer = upload(law.replace('is: 260,', 'is: 300,'));
const longer = upload(law.replace('is: 5.25,', 'is: 5.6,'));
const wrong = upload(law.replace('from: 2024-01-01, source', 'frm: 2024-01-01, source'));

async function signedIn(open, language, options) {
  if (!user || !password) throw new Skip('KIEPE_HEAD_USER and KIEPE_HEAD_PASSWORD name a head of office');
  const page = await open(`/${language}/desk/sign-in`, options);
  await page.locator('#login').fill(user);
  await page.locator('#password').fill(password);
  await press(page, page.locator('main form[action$="/sign-in"] button[type="submit"]'));
  page.seen.messages.length = 0;
  return page;
}

/** Hands in a file; gives the path of the proposal. */
async function propose(page, language, name, file, service = 'resident-parking') {
  await page.goto(`/${language}/desk/reform`);
  await page.locator('#service').selectOption(service);
  await page.locator('#file').setInputFiles(file);
  await page.locator('#name').fill(name);
  await press(page, page.locator('main form[action$="/reform"] button[type="submit"]'));
  if (!/\/desk\/reform\/\d+$/.test(pathOf(page))) fail(`handing in leads to ${page.url()}: ${await page.locator('main').innerText()}`);
  return pathOf(page);
}

/** The page looks again by itself while the server compares. */
async function result(page) {
  for (let tries = 0; tries < 30; ++tries) {
    if (await page.locator('#part-made').count()) return;
    if (await page.locator('#broken-name').count()) fail(await page.locator('main').innerText());
    await page.waitForTimeout(1000);
  }
  fail('comparing does not end');
}

async function remove(page, path) {
  await page.goto(`${path}/delete`);
  await press(page, page.locator('main form[action$="/delete"] button[type="submit"]'));
  if (!pathOf(page).endsWith('/desk/reform')) fail(`deleting leads to ${page.url()}`);
}

export default function (test) {
  for (const language of languages)
    for (const size of sizes)
      test(`/${language}/desk/rules and what lies below it at ${size.width}`, async ({ open }) => {
        const page = await signedIn(open, language, size);
        for (const path of ['rules', 'reform', 'late-law']) {
          await page.goto(`/${language}/desk/${path}`);
          await holds(page);
          if (!(await page.locator('nav a[aria-current="page"][href$="/desk/rules"]').count())) fail(`the entry is not marked on ${path}`);
          await picture(page, `rules-${path}-${language}-${size.width}`);
        }
        const path = await propose(page, language, `Länge ${size.width}`, wrong);
        await holds(page);
        await picture(page, `reform-broken-${language}-${size.width}`);
        await page.locator('#file').setInputFiles(longer);
        await press(page, page.locator('main form[action$="/files"] button[type="submit"]'));
        await result(page);
        await holds(page);
        await page.locator('details summary').first().click();
        await picture(page, `reform-result-${language}-${size.width}`);
        await page.goto(`${path}/delete`);
        await holds(page);
        await remove(page, path);
      });

  test('a changed amount: upload, mistake, correction, progress, result, table, print, end; without scripts', async ({ open }) => {
    const page = await signedIn(open, 'de', { width: 1280, height: 900, scripts: false });
    await page.goto('/de/desk/reform');
    await page.locator('#name').fill('Gebühr 300 Euro');
    await press(page, page.locator('main form[action$="/reform"] button[type="submit"]'));
    if (!(await page.locator('[role="alert"]').innerText()).includes('Datei')) fail('nothing is said of the missing file');
    if ((await page.locator('#name').inputValue()) !== 'Gebühr 300 Euro') fail('the name is lost');
    const path = await propose(page, 'de', 'Gebühr 300 Euro', wrong);
    const mistakes = await page.locator('.k-findings').innerText();
    if (!mistakes.includes('fees.yaml') || !mistakes.includes('Zeile 13')) fail(`the mistake is not named: ${mistakes}`);
    await page.locator('#file').setInputFiles(dearer);
    await press(page, page.locator('main form[action$="/files"] button[type="submit"]'));
    await result(page);
    const said = (await page.locator('main').innerText()).replace(/[\u00a0\u202f]/g, ' ');
    if (!/\d von [\d.]+ Entscheidungen würden anders ausfallen: 0 besser, [\d.]+ schlechter/.test(said)) fail(`no headline: ${said.slice(0, 600)}`);
    if (!said.includes('zahlen mehr') || !said.includes('Nichts davon gilt')) fail('the bands or what happens next are missing');
    if (!said.includes('260,00 Euro') || !said.includes('300,00 Euro')) fail('before and after are not shown');
    const csv = await page.context().request.get(`${path}/changes.csv`);
    const lines = (await csv.text()).trim().split('\r\n');
    if (!lines[0].includes('kind,case,group,effect') || lines.length < 50 || !lines.slice(1).every((line) => line.includes(',lose,'))) fail(`the table: ${lines.slice(0, 3).join(' / ')}`);
    await page.emulateMedia({ media: 'print' });
    await picture(page, 'reform-print');
    if (await page.locator('.k-bar-nav').isVisible()) fail('the navigation is printed');
    await page.emulateMedia({ media: 'screen' });
    await press(page, page.locator('form[action$="/again"] button'));
    await result(page);
    await remove(page, path);
    if ((await page.context().request.get(path)).status() !== 404) fail('the proposal is still there');
  });
}
