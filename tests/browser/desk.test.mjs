// The desk of a clerk: the list, a case in one place, what she does with it, and two clerks who meet in one case.
import { axe, holds, keyboardWalk, noSidewaysScroll, picture } from './checks.mjs';
import { languages } from './pages.mjs';
import { address, begin, date, fail, pathOf, press, walk } from './people.mjs';
import { Skip } from './skip.mjs';

const user = process.env.KIEPE_STAFF_USER;
const password = process.env.KIEPE_STAFF_PASSWORD;
const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

const dogs = {
  ...address('Hammer Straße', '30', '48153'),
  dogs_held: '0', 'applicant.first_name': 'Vera', 'applicant.last_name': 'Muster',
  'dogs[1].name': 'Bello', ...date('dogs[1].since', 20, 11, 2026), 'dogs[1].breed': 'none', 'dogs[1].found_dangerous': 'no', 'dogs[1].guide_dog': 'no',
  social_benefit: 'buergergeld', remark: 'Der Bescheid kommt nach.\nBitte warten Sie so lange.', email: 'vera@example.org', delivery: 'post',
};

/** A page of a letter as a picture, drawn by the browser itself. */
async function letter(page) {
  const drawing = await page.context().newPage();
  await drawing.setViewportSize({ width: 1000, height: 1300 });
  await drawing.setContent(`<h1>Bescheid über Bürgergeld</h1>${'<p>Vera Muster, Hammer Straße 30, 48153 Münster, vom 1. Oktober 2026 bis 31. März 2027</p>'.repeat(18)}`);
  const bytes = await drawing.screenshot();
  await drawing.close();
  return { name: 'bescheid.png', mimeType: 'image/png', buffer: bytes };
}

/** A resident applies; gives the case's number. `paper`: she shows it at once, otherwise it follows. */
async function apply(open, { paper = true } = {}) {
  const page = await open('/de/', { scripts: false });
  await begin(page, 'de', 'dog-tax');
  const upload = async () => {
    if (!paper) return false;
    await page.locator('input[type="file"]').setInputFiles(await letter(page));
    await press(page, page.locator('main form button[type="submit"]').first());
    return false;
  };
  await walk(page, dogs, { at: { 'paper/benefit_proof': upload } });
  await press(page, page.locator('main form button[type="submit"]').last());
  const number = (await page.locator('main').innerText()).match(/\d\d-\d{6}-\d/)?.[0];
  return number ?? fail('the receipt gives no number');
}

async function signedIn(open, language, options) {
  if (!user || !password) throw new Skip('KIEPE_STAFF_USER and KIEPE_STAFF_PASSWORD name a clerk');
  const page = await open(`/${language}/desk/sign-in`, options);
  await page.locator('#login').fill(user);
  await page.locator('#password').fill(password);
  await press(page, page.locator('main form[action$="/sign-in"] button[type="submit"]'));
  if (pathOf(page) !== `/${language}/desk`) fail(`signing in leads to ${page.url()}`);
  page.seen.messages.length = 0;
  return page;
}

const send = (page, form, button = 'button[type="submit"]') => press(page, page.locator(`${form} ${button}`).first());
const said = (page) => page.locator('[role="status"]').first().innerText();

export default function (test) {
  test('the desk lets nobody in without signing in', async ({ open }) => {
    const page = await open('/de/desk?assigned=me');
    if (pathOf(page) !== '/de/desk/sign-in') fail(`lands on ${page.url()}`);
  });

  for (const language of languages) {
    for (const size of [wide, narrow]) {
      test(`/${language}/desk shows the list and a case at ${size.width}`, async ({ open }) => {
        if (!user) throw new Skip('no clerk named');
        const number = await apply(open);
        const page = await signedIn(open, language, size);
        await page.goto(`/${language}/desk?office=all`);
        await holds(page);
        await picture(page, `desk-${language}-${size.width}`);
        await page.goto(`/${language}/desk/search?q=${number}`);
        if (pathOf(page) !== `/${language}/desk/cases/${number}`) fail(`a number leads to ${page.url()}`);
        await holds(page);
        if (!(await page.locator('.k-remark').innerText()).includes('Bitte warten')) fail('the remark is not shown');
        await picture(page, `desk-case-${language}-${size.width}`);
      });
    }

    test(`/${language}/desk pages around a case`, async ({ open }) => {
      if (!user) throw new Skip('no clerk named');
      const number = await apply(open);
      const page = await signedIn(open, language, narrow);
      for (const path of [`cases/${number}/resident`, `cases/${number}/trace`, 'print', 'new', 'search?q=qwxyzz']) {
        await page.goto(`/${language}/desk/${path}`);
        await holds(page);
      }
      await page.goto(`/${language}/desk/cases/${number}`);
      await press(page, page.locator('.k-doc__page').first());
      await holds(page);
      const width = await page.locator('.k-pictures img').first().evaluate((image) => image.decode().then(() => image.naturalWidth));
      if (!width) fail('the document is not shown');
    });
  }

  test('the desk is walked with the Tab key', async ({ open }) => {
    const page = await signedIn(open, 'de', wide);
    await keyboardWalk(page);
  });

  test('a filter of the desk stays in the address', async ({ open }) => {
    const page = await signedIn(open, 'de', { ...wide, scripts: false });
    await page.locator('.k-pick summary').nth(1).click();
    await press(page, page.locator('.k-pick__list a[href*="assigned=me"]'));
    await press(page, page.locator('.k-tabs a[href*="state=in_review"]'));
    const query = new URL(page.url()).searchParams;
    if (query.get('assigned') !== 'me' || query.get('state') !== 'in_review') fail(`lands on ${page.url()}`);
  });

  test('a clerk checks, asks, writes and decides without scripts', async ({ open }) => {
    if (!user) throw new Skip('no clerk named');
    const number = await apply(open);
    const page = await signedIn(open, 'de', { ...wide, scripts: false });
    const base = `/de/desk/cases/${number}`;
    await page.goto(base);
    await send(page, 'form[action$="/assign"]');
    await said(page);
    await send(page, 'form[action*="/papers/"]', 'button[value="bad"]');
    if (page.url().includes('done=')) fail('a paper is refused without a reason');
    await page.goto(base);
    await send(page, 'form[action*="/papers/"]', 'button[value="good"]');
    await said(page);
    await page.locator('#note-text').fill('Mit dem Jobcenter gesprochen.\nAlles klar.');
    await send(page, 'form[action$="/note"]');
    if ((await page.locator('.k-said-text br').count()) === 0) fail('the note has lost its lines');
    const text = '# Bescheid\n\nGuten Tag,\n\nerster Absatz.\n\nzweiter Absatz.';
    await page.locator('#notice-text').fill(text);
    await send(page, 'form[action$="/notice"]', 'button[value="save"]');
    if ((await page.locator('#notice-text').inputValue()) !== text) fail('the draft has lost its lines');
    await send(page, 'form[action$="/notice"]', 'button[value="decide"]');
    if (!pathOf(page).includes('/decide/')) fail(`lands on ${page.url()}`);
    if ((await page.locator('.kp-letter p').count()) < 3) fail('the preview has lost its paragraphs');
    await send(page, 'form[action*="/decide/"]');
    if (!page.url().includes('done=decided')) fail(`not decided: ${await page.locator('main').innerText()}`);
    await press(page, page.locator('a[href*="/replay/"]').first());
    if (!(await page.locator('.k-note--ok').count())) fail('the decision is not the same when calculated again');
  });

  test('the second of two clerks is told, and nothing is overwritten', async ({ open }) => {
    if (!user) throw new Skip('no clerk named');
    const number = await apply(open, { paper: false });
    const first = await signedIn(open, 'de', wide);
    const second = await signedIn(open, 'de', wide);
    for (const page of [first, second]) await page.goto(`/de/desk/cases/${number}`);
    await first.locator('#reply-text').fill('Ich war zuerst da.');
    await send(first, 'form[action$="/reply"]');
    await second.locator('#reply-text').fill('Zeile eins\nZeile zwei');
    await send(second, 'form[action$="/reply"]');
    if ((await second.locator('#typed').inputValue()) !== 'Zeile eins\nZeile zwei') fail('what was typed is lost');
    await axe(second);
    await noSidewaysScroll(second);
    await press(second, second.locator('main a.kern-btn--primary'));
    const talk = await second.locator('#talk').innerText();
    if (!talk.includes('Ich war zuerst da.') || talk.includes('Zeile eins')) fail('the case is not as the first clerk left it');
  });
}
