// What would have to be different: before sending, after a refusal, and at the desk.
import { axe, noMessages, noSidewaysScroll, onlyOwnRequests, picture, wellFormed } from './checks.mjs';
import { languages } from './pages.mjs';
import { goodPaper } from './papers.mjs';
import { address, begin, fail, pathOf, phone, press, signIn, walk } from './people.mjs';
import { Skip } from './skip.mjs';

const user = process.env.KIEPE_STAFF_USER;
const password = process.env.KIEPE_STAFF_PASSWORD;
const wide = { width: 1440, height: 900 };

const tooLong = {
  ...address('Finkenstraße', '12a', '48147'), 'home.main': 'yes', 'applicant.first_name': 'Jana', 'applicant.last_name': 'Beispiel', permits_held: '0',
  'vehicle.plate': 'ms-ab 123', 'vehicle.kind': 'camper', 'vehicle.length': '6', 'vehicle.keeper': 'me', garage: 'no', email: 'jana@example.org', delivery: 'inbox',
};

async function holds(page, size) {
  await wellFormed(page);
  await axe(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await noSidewaysScroll(page);
  await page.setViewportSize(size);
  await onlyOwnRequests(page);
  noMessages(page);
}

async function says(page, language) {
  const text = (await page.locator('main').innerText()).replaceAll('\u00a0', ' ');
  const border = language === 'de' ? 'Bis 5,25 Meter' : '5.25';
  if (!text.includes(border)) fail(`does not give the border: ${text}`);
  const honest = language === 'de' ? 'keine Zusage' : 'not a promise';
  if (!text.includes(honest)) fail('promises something');
}

/** Jana applies signed in for a vehicle that is too long; gives the number of the case. */
async function apply(open, language) {
  const page = await open(`/${language}/`, phone);
  await signIn(page, language, 'demo:jana-beispiel');
  await begin(page, language, 'resident-parking');
  const upload = async () => {
    await page.locator('main input[type="file"]').setInputFiles(await goodPaper(page, language));
    await page.locator('main .kp-verdict').last().waitFor();
    return false;
  };
  await walk(page, tooLong, { at: { 'paper/registration': upload } });
  await press(page, page.locator('main form[action$="/send"] button'));
  const number = (await page.locator('main').innerText()).match(/\d\d-\d{6}-\d/)?.[0];
  return { page, number: number ?? fail('the receipt gives no number') };
}

async function refuse(open, number, language) {
  const page = await open('/de/desk/sign-in', wide);
  await page.locator('#login').fill(user);
  await page.locator('#password').fill(password);
  await press(page, page.locator('main form[action$="/sign-in"] button[type="submit"]'));
  page.seen.messages.length = 0;
  await page.goto(`/de/desk/cases/${number}?outcome=refuse`);
  const letter = (await page.locator('#notice-text').inputValue()).replaceAll('\u00a0', ' ');
  const sentence = language === 'de' ? 'Bis 5,25 Meter könnten wir dem Antrag zustimmen (jetzt: 6 Meter)' : 'Up to 5.25 metres we could agree';
  if (!letter.includes(sentence)) fail(`the letter does not say it: ${letter}`);
  await page.locator('#what-if summary').click();
  await says(page, 'de');
  await holds(page, wide);
  await picture(page, 'what-if-desk');
  await press(page, page.locator('form[action$="/notice"] button[value="decide"]').first());
  await press(page, page.locator('form[action*="/decide/"] button[type="submit"]').first());
  if (!page.url().includes('done=decided')) fail(`not decided: ${await page.locator('main').innerText()}`);
}

export default function (test) {
  for (const language of languages) {
    test(`/${language}/ says before sending what would have to be different, without an account`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      await begin(page, language, 'resident-parking');
      await walk(page, { ...tooLong, delivery: 'post' }, { until: 'paper' });
      await holds(page, phone);
      await picture(page, `what-if-standing-${language}`);
      await press(page, page.locator('main aside a[href$="/what-if"]'));
      await says(page, language);
      await page.goBack();
      await page.goto(pathOf(page).replace(/\/steps\/.*/, '/check'));
      await press(page, page.locator('main .kern-alert--warning a[href$="/what-if"]'));
      await says(page, language);
      await holds(page, phone);
      await picture(page, `what-if-draft-${language}`);
      await press(page, page.locator('main li a[href*="/steps/"]').first());
      if (!pathOf(page).includes('vehicle-length')) fail(`the answer is not there: ${page.url()}`);
    });

    test(`/${language}/ says after a refusal what would have to be different, to nobody but her`, async ({ open }) => {
      if (!user) throw new Skip('no clerk named');
      const { page, number } = await apply(open, language);
      await page.goto(`/${language}/my/${number}`);
      if (await page.locator('a[href$="/what-if"]').count()) fail('speaks of it before there is a decision');
      await refuse(open, number, language);
      await page.goto(`/${language}/my/${number}`);
      await press(page, page.locator('main a[href$="/what-if"]').first());
      await says(page, language);
      await holds(page, phone);
      await picture(page, `what-if-${language}`);
      await page.setViewportSize(wide);
      await picture(page, `what-if-${language}-wide`);
      const other = await open(`/${language}/`, phone);
      await signIn(other, language, 'demo:emre-muster');
      const answer = await other.goto(`/${language}/my/${number}/what-if`);
      if (answer.status() !== 404) fail(`somebody else gets ${answer.status()}`);
    });
  }
}
