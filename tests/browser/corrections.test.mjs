// A decision that is not the last word: granted by the machine, counted in the register, contested, opened again, decided anew.
import { holds, keyboardWalk, noSidewaysScroll, picture } from './checks.mjs';
import { languages } from './pages.mjs';
import { address, begin, date, fail, pathOf, phone, press, signIn, walk } from './people.mjs';
import { Skip } from './skip.mjs';

const user = process.env.KIEPE_STAFF_USER;
const password = process.env.KIEPE_STAFF_PASSWORD;
const jana = 'demo:jana-beispiel';
const parking = {
  permits_held: '0', 'vehicle.plate': 'MS-AB 123', 'vehicle.kind': 'car', 'vehicle.length': '4,28', 'vehicle.keeper': 'me', garage: 'no', email: 'jana@example.org', delivery: 'inbox',
};

const dogs = {
  ...address('Hammer Straße', '30', '48153'),
  dogs_held: '0', 'applicant.first_name': 'Vera', 'applicant.last_name': 'Muster',
  'dogs[1].name': 'Bello', ...date('dogs[1].since', 20, 11, 2026), 'dogs[1].breed': 'none', 'dogs[1].found_dangerous': 'no', 'dogs[1].guide_dog': 'no',
  social_benefit: 'none', remark: 'Bitte ansehen.', email: '', delivery: 'post',
};

/** The registration paper, on which the program finds what was said. */
async function registration(page) {
  const drawing = await page.context().newPage();
  await drawing.setContent('<h1>Zulassungsbescheinigung Teil I</h1><p>A: MS-AB 123</p><p>18: 4280</p>');
  const buffer = await drawing.pdf();
  await drawing.close();
  return { name: 'schein.pdf', mimeType: 'application/pdf', buffer };
}

/** Applies until the machine decides: a few clear cases are drawn for a spot check. Gives the path of the case under "my". */
async function granted(page) {
  for (let attempt = 0; attempt < 6; ++attempt) {
    await begin(page, 'de', 'resident-parking');
    const upload = async () => {
      await page.locator('main input[type="file"]').setInputFiles(await registration(page));
      await page.waitForFunction(() => document.querySelector('main .kp-verdict') && !document.querySelector('main .kp-file--run'));
    };
    await walk(page, parking, { at: { 'paper/registration': upload } });
    await press(page, page.locator('main form[action$="/send"] button'));
    const number = await page.locator('.kp-receipt .kp-num').first().innerText();
    await page.goto(`/de/my/${number.trim()}`);
    if (await page.locator('main a[href$="/contest"]').count()) return number.trim();
  }
  return fail(`nothing was decided at once: ${await page.locator('main').innerText()}`);
}

async function counts(page) {
  const { algorithms } = await (await page.request.get('/algorithms.json')).json();
  return algorithms.find((each) => each.service === 'resident-parking').last_twelve_months;
}

async function clerk(open) {
  if (!user || !password) throw new Skip('KIEPE_STAFF_USER and KIEPE_STAFF_PASSWORD name a clerk');
  const page = await open('/de/desk/sign-in', { width: 1440, height: 900 });
  await page.locator('#login').fill(user);
  await page.locator('#password').fill(password);
  await press(page, page.locator('main form[action$="/sign-in"] button[type="submit"]'));
  page.seen.messages.length = 0;
  return page;
}

const text = (page, selector) => page.locator(selector).allInnerTexts().then((all) => all.join(' | '));
const send = (page, form) => press(page, page.locator(`${form} button[type="submit"]`).first());

export default function (test) {
  test('a grant by the machine is counted, contested, opened again and decided anew', async ({ open }) => {
    const desk = await clerk(open);
    const page = await open('/de/', phone);
    await signIn(page, 'de', jana);
    const before = await counts(page);
    const number = await granted(page);
    const after = await counts(page);
    // Other tests are granted permits at the same time: at least hers is counted.
    if (after.automatic.decided <= before.automatic.decided) fail(`the register counts ${after.automatic.decided} after ${before.automatic.decided}`);
    await holds(page);
    if (!/Entschieden nach den Regeln vom .* \(Fassung .*Kennung [0-9a-f]{12}\) mit dem Recht vom/.test(await text(page, '.kp-notice'))) fail('the notice does not say by which rules');
    await picture(page, 'correction-granted-390');
    await press(page, page.locator('.kp-notice a[href*="/algorithms/"]').first());
    await holds(page);

    await page.goto(`/de/my/${number}`);
    await page.goto(`/de/my/${number}/why`);
    await press(page, page.locator('main aside a[href$="/contest"]'));
    await holds(page);
    await picture(page, 'contest-390');
    if (!(await text(page, 'main')).includes('bleibt bis dahin fällig')) fail('does not say that the fee stays due');
    await send(page, 'form[action$="/contest"]');                 // nothing written
    if (!(await page.locator('[data-focus] a[href="#objection"]').count())) fail('no list of errors');
    page.seen.messages.length = 0;                                // the browser says 422, too
    await holds(page);
    await page.locator('#objection').fill('Das Kennzeichen stimmt nicht.\nEs heißt MS-AB 124.');
    await send(page, 'form[action$="/contest"]');
    if (!(await text(page, '#objections')).includes('MS-AB 124')) fail('what she wrote is not shown');
    if (await page.locator('main a[href$="/contest"]').count()) fail('may contest the same notice again');
    await holds(page);
    await picture(page, 'contested-390');
    if (await page.locator('#objections a[href$="/contest/letter"]').count()) fail('offers an objection where there is none by law');

    const base = `/de/desk/cases/${number}`;
    await desk.goto('/de/desk?office=all&state=');
    if (!(await text(desk, 'tr')).includes('Nicht einverstanden')) fail('the desk does not show what is contested');
    await desk.goto(base);
    if (!(await text(desk, '#correct')).includes('MS-AB 124')) fail('the clerk does not see the objection');
    if ((await desk.locator('#correct').textContent()).includes('VwGO § 72')) fail('speaks of granting an objection where the law knows none');
    await holds(desk);
    await picture(desk, 'desk-correct-1440');
    await send(desk, 'form[action$="/reopen"]');                  // no reason
    if (desk.url().includes('done=')) fail('opened again without a reason');
    desk.seen.messages.length = 0;                                // 409
    await desk.goto(base);
    await desk.locator('#reason-error_input').check();
    await desk.locator('#reopen-text').fill('Wir hatten das Kennzeichen falsch gelesen.');
    await send(desk, 'form[action$="/reopen"]');
    if (!desk.url().includes('done=reopened')) fail(`not opened again: ${await text(desk, 'main')}`);
    await holds(desk);
    await page.goto(`/de/my/${number}`);
    const meanwhile = await text(page, 'main');
    for (const words of ['falsch gelesen', 'Bis Sie den neuen Bescheid haben, gilt dieser']) if (!meanwhile.includes(words)) fail(`she does not read: ${words}`);
    if (await page.locator('main a[href$="/withdraw"]').count()) fail('she may withdraw what is decided');
    if (meanwhile.includes('sieht ein Mensch es an')) fail('offers a person who looks already');
    await page.goto(`/de/my/${number}/why`);
    if (!(await text(page, 'main')).includes('Wir entscheiden noch einmal')) fail('says that nothing was ever decided');

    await desk.goto(base);
    await send(desk, 'form[action$="/notice"]');
    await send(desk, 'form[action*="/decide/"]');
    if (!desk.url().includes('done=decided')) fail(`not decided anew: ${await text(desk, 'main')}`);
    await holds(desk);
    await page.goto(`/de/my/${number}`);
    const both = await text(page, '.kp-notice');
    if ((await page.locator('.kp-notice').count()) !== 2) fail('not both notices');
    for (const words of ['Dieser Bescheid gilt nicht mehr', 'Dieser Bescheid ersetzt unseren Bescheid vom', 'Entschieden hat ein Mensch']) if (!both.includes(words)) fail(`does not say: ${words}`);
    await holds(page);
    await picture(page, 'corrected-390');
    const last = await counts(page);
    if (last.by_hand.decided !== before.by_hand.decided + 1) fail('the register does not count the new decision');
    await desk.goto(base);
    for (const link of await desk.locator('a[href*="/replay/"]').evaluateAll((all) => all.map((each) => each.getAttribute('href')))) {
      await desk.goto(link);
      if (!(await desk.locator('.k-note--ok').count())) fail(`not the same when calculated again: ${link}`);
    }
  });

  test('a refused objection is answered with a letter', async ({ open }) => {
    const desk = await clerk(open);
    const page = await open('/de/', phone);
    await signIn(page, 'de', jana);
    const number = await granted(page);
    await page.goto(`/de/my/${number}/contest`);
    await page.locator('#objection').fill('Die Gebühr ist zu hoch.');
    await send(page, 'form[action$="/contest"]');
    await desk.goto(`/de/desk/cases/${number}`);
    await desk.locator('#keep-text').fill('Die Gebühr steht in der Gebührenordnung.\n\nSie gilt für alle.');
    await send(desk, 'form[action$="/keep"]');
    if (!desk.url().includes('done=kept')) fail(`not answered: ${await text(desk, 'main')}`);
    await holds(desk);
    await page.goto(`/de/my/${number}`);
    if (!(await text(page, '.kp-notice')).includes('Sie gilt für alle.')) fail('she does not read the answer');
    await holds(page);
    await picture(page, 'kept-390');
  });

  test('who has only a link can object, and gets a letter to sign', async ({ open }) => {
    const desk = await clerk(open);
    const page = await open('/de/', phone);
    await begin(page, 'de', 'dog-tax');
    await walk(page, dogs);
    await press(page, page.locator('main form[action$="/send"] button'));
    const base = pathOf(page).replace(/\/receipt$/, '');
    const number = (await page.locator('.kp-receipt .kp-num').first().innerText()).trim();
    await desk.goto(`/de/desk/cases/${number}`);
    await send(desk, 'form[action$="/notice"]');
    await send(desk, 'form[action*="/decide/"]');
    if (!desk.url().includes('done=decided')) fail(`not decided: ${await text(desk, 'main')}`);
    await page.goto(`${base}/contest/letter`);
    await holds(page);                                            // with lines to write on
    await page.goto(`${base}/contest`);
    await holds(page);
    await picture(page, 'contest-objection-390');
    await page.locator('#objection').fill('Bello ist ein Führhund.');
    await send(page, 'form[action$="/contest"]');
    await press(page, page.locator('#objections a[href$="/contest/letter"]'));
    const letter = await text(page, 'article');
    for (const words of ['Vera Muster', 'lege ich Widerspruch ein', 'Bello ist ein Führhund.', 'Klemensstraße']) if (!letter.includes(words)) fail(`the letter lacks ${words}: ${letter}`);
    await holds(page);
    await picture(page, 'contest-letter-390');
    await desk.goto(`/de/desk/cases/${number}`);
    await desk.locator('#keep-text').fill('Dafür fehlt der Nachweis.');
    await send(desk, 'form[action$="/keep"]');
    if (!desk.url().includes('done=kept')) fail(`not answered: ${await text(desk, 'main')}`);
    await page.goto(base);
    if ((await text(page, 'main')).includes('Dafür fehlt der Nachweis.')) fail('the link alone shows the answer');
    await holds(page);
  });

  for (const language of languages)
    test(`/${language}/algorithms is in the footer and leads to each service`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      await press(page, page.locator(`footer a[href="/${language}/algorithms"]`));
      await holds(page);
      const services = await page.locator('main h3 a').evaluateAll((all) => all.map((each) => each.getAttribute('href')));
      if (services.length < 4) fail(`only ${services.length} services`);
      for (const service of services) {
        await page.goto(service);
        await holds(page);
        await page.setViewportSize({ width: 320, height: 640 });
        await noSidewaysScroll(page);
        await page.setViewportSize(phone);
      }
      await picture(page, `register-entry-${language}-390`);
      await page.goto(`/${language}/algorithms`);
      await keyboardWalk(page);
    });
}
