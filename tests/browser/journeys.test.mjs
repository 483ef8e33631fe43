// Whole ways of residents: from a worry to a decision. Server of the demonstration: invented persons and addresses.
import * as check from './checks.mjs';
import { languages } from './pages.mjs';
import { darkPhoto, goodPaper, noPhoto, tinyPhoto } from './papers.mjs';
import { address, begin, date, fail, fill, next, pathOf, phone, press, screenOf, signIn, walk } from './people.mjs';

const jana = 'demo:jana-beispiel';
const inZone = address('Finkenstraße', '12a', '48147');
const outsideAllZones = address('Schillerstraße', '7', '48155');

const parking = {
  ...inZone, 'home.main': 'yes', 'applicant.first_name': 'Jana', 'applicant.last_name': 'Beispiel', permits_held: '0', 'vehicle.plate': 'ms-ab 123',
  'vehicle.kind': 'car', 'vehicle.length': '4', 'vehicle.keeper': 'me', 'vehicle.keeper_name': 'Erika Beispiel', garage: 'no', email: 'jana@example.org', delivery: 'post',
};

/** What every page on the way must hold; at 320 px too. */
async function holds(page) {
  await check.wellFormed(page);
  await check.axe(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await check.noSidewaysScroll(page);
  await page.setViewportSize(phone);
  check.noMessages(page);
}

const words = (page, selector) => page.locator(selector).allInnerTexts().then((all) => all.join(' | '));
const there = (page, selector) => page.locator(selector).count().then((count) => count > 0);
const must = async (page, selector, why) => (await there(page, selector)) || fail(`${why} (${selector} on ${pathOf(page)})`);

async function mustLookLikeDraft(page) {
  await must(page, 'main .kern-badge:has(use[href$="#pen"])', 'does not say that it is a draft');
  if (await there(page, '.kp-receipt, .kp-track')) fail('a draft that looks like something sent');
}

async function mustLookLikeSent(page) {
  if (await there(page, 'main .kern-badge:has(use[href$="#pen"])')) fail('something sent that looks like a draft');
  if (await there(page, 'main form[action$="/send"]')) fail('may be sent again');
}

/** Chooses a file and waits for the verdict, which comes at once with scripts and with the page without. */
async function upload(page, file, scripts = true) {
  await page.locator('main input[type="file"]').setInputFiles(file);
  if (!scripts) await press(page, page.locator('main button[name="upload"]'));
  else await page.waitForFunction(() => !document.querySelector('main .kp-file--run'));
  const verdict = page.locator('main .kp-verdict, main .kern-error').last();
  await verdict.waitFor();
  return verdict.innerText();
}

const send = (page) => press(page, page.locator('main form[action$="/send"] button'));

/** Sends from the page with all answers and gives the case: its receipt's path, its number. */
async function sent(page) {
  await send(page);
  await must(page, '.kp-receipt', 'no receipt');
  await mustLookLikeSent(page);
  return { receipt: pathOf(page), base: pathOf(page).replace(/\/receipt$/, ''), number: await words(page, '.kp-receipt .kp-num') };
}

export default function (test) {
  for (const language of languages) {
    const german = language === 'de';

    test(`/${language}/ leads on a phone from a word to a receipt, over two devices`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      await page.locator('main input[type="search"]').fill(german ? 'parken vor der Haustür' : 'resident parking');
      await press(page, page.locator('main form[role="search"] button').first());
      await press(page, page.locator('main a[href$="/services/resident-parking"]').first());
      await holds(page);
      await press(page, page.locator('main a[href$="/services/resident-parking/begin"]').first());
      await holds(page);
      const draft = await begin(page, language, 'resident-parking');
      await walk(page, parking, { byHand: true, until: 'paper', seen: async () => { await holds(page); await mustLookLikeDraft(page); } });
      await page.locator('main button[name="later"]').click();
      await page.waitForURL((url) => url.pathname.endsWith(draft));
      await holds(page);
      await mustLookLikeDraft(page);
      const link = await page.locator('#link').inputValue();

      const second = await open(link, phone);  // a context of its own: another device
      await press(second, second.locator('main a.kern-btn--primary'));
      if (!screenOf(second).startsWith('paper')) fail(`goes on with ${screenOf(second)}`);
      await upload(second, await goodPaper(second, language));
      await second.locator('main .kp-file button[name="remove"]').waitFor();   // the list comes from the server: it can be removed again
      await holds(second);
      await walk(second, parking, { seen: async (screen) => { if (!screen.startsWith('paper')) await holds(second); } });
      await mustLookLikeDraft(second);
      const { base, number } = await sent(second);
      await holds(second);
      if (!/^\S{6,}$/.test(number)) fail(`no number: ${number}`);
      await must(second, '.kp-receipt__no > div:nth-child(2) b', 'no promise');
      await must(second, 'aside .kp-person', 'no contact');
      await second.goto(base);
      await holds(second);
      await mustLookLikeSent(second);
      await must(second, '.kp-track [aria-current="step"]', 'nobody sees where it stands');
      const gone = await second.goto(link);
      if (gone.status() !== 404) fail(`the draft is still there: ${gone.status()}`);
    });

    test(`/${language}/ says at once why a file will not do, and keeps what was typed`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      await begin(page, language, 'resident-parking');
      await walk(page, { ...parking, 'vehicle.keeper': 'family' }, { until: 'paper/permission', at: { 'paper/registration': async () => { await upload(page, await goodPaper(page, language)); } } });
      const kind = page.locator('main input[name="paper"]').last();
      await page.locator(`label[for="${await kind.getAttribute('id')}"]`).click();
      const said = [];
      for (const file of [darkPhoto(), tinyPhoto(), noPhoto()]) said.push(await upload(page, file));
      if (new Set(said).size !== 3) fail(`not three reasons: ${said.join(' | ')}`);
      if (!(await kind.isChecked())) fail('forgets which paper it is');
      await must(page, 'main .kp-verdict--warn', 'the last verdict is gone');
      await check.axe(page);
      await upload(page, await goodPaper(page, language));
      if ((await page.locator('main .kp-file').count()) !== 1) fail('the refused files still stand in the list');
      return said.join(' | ');
    });

    test(`/${language}/ shows wrong answers above, linked to the field, and keeps them`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      await begin(page, language, 'resident-parking');
      await fill(page, { ...inZone, 'home.address-postcode': '12' });
      await next(page);
      await must(page, '[data-focus] a', 'no list of errors');
      if (!(await page.evaluate(() => document.activeElement?.hasAttribute('data-focus')))) fail('the focus is not at the errors');
      await page.locator('[data-focus] a').first().click();
      if (!(await page.evaluate(() => document.activeElement?.matches('main form input')))) fail('the link does not lead to the field');
      if ((await page.locator('[name="home.address-postcode"]').inputValue()) !== '12') fail('forgets what was typed');
      await check.axe(page);
      await walk(page, parking, { until: 'vehicle.vehicle-plate' });
      await fill(page, { 'vehicle.plate': 'gar kein Kennzeichen' });
      await next(page);
      if ((await page.locator('[name="vehicle.plate"]').inputValue()) !== 'gar kein Kennzeichen') fail('forgets the plate');
      await must(page, 'main .kern-error', 'no error at the field');
      await walk(page, parking, { until: 'contact' });
      await fill(page, { email: 'keine Adresse' });
      await next(page);
      await must(page, '[data-focus] a[href="#email"]', 'no list of errors for the address');
      if ((await page.locator('#email').inputValue()) !== 'keine Adresse') fail('forgets the e-mail address');
      await check.axe(page);
    });

    test(`/${language}/ lets a warning be confirmed, and says before sending that it will be refused`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      const draft = await begin(page, language, 'resident-parking');
      await fill(page, outsideAllZones);
      await next(page);
      await must(page, 'label[for="confirm"]', 'no warning');
      await check.axe(page);
      await page.locator('label[for="confirm"]').click();
      await next(page);
      await walk(page, parking, { at: { 'paper/registration': async () => { await upload(page, await goodPaper(page, language)); } } });
      await must(page, 'main .kern-alert--warning li', 'does not say that it will be refused');
      await holds(page);
      if (!pathOf(page).startsWith(`/${language}`) || !pathOf(page).includes(draft)) fail('left the draft');
      const { base } = await sent(page);
      await page.goto(base);
      await must(page, '.kp-track [aria-current="step"]', 'a refusal without a person');
    });

    test(`/${language}/ asks for a missing paper, and goes on by itself when it comes`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      await begin(page, language, 'resident-parking');
      const paper = await goodPaper(page, language);
      await walk(page, { ...parking, 'vehicle.keeper': 'family' }, { at: { 'paper/registration': async () => { await upload(page, paper); } } });
      await must(page, '.kern-badge--warning use[href$="#warning"]', 'does not say what will be missing');
      const { base } = await sent(page);
      await must(page, '.kp-todo .kp-cal', 'the receipt does not say what is missing');
      await page.goto(base);
      await must(page, '.kp-todo li', 'does not say what is missing');
      await holds(page);

      const day = await words(page, '.kp-cal');
      await press(page, page.locator('.kp-todo a[href$="/more-time"]'));
      await holds(page);
      await press(page, page.locator('main form button'));
      await must(page, '.kern-alert--success', 'does not say that there is more time');
      if ((await words(page, '.kp-cal')) === day) fail('the same day as before');

      await press(page, page.locator('.kp-todo a[href$="/supply"]'));
      await holds(page);
      await page.locator('main input[type="file"]').setInputFiles(noPhoto());
      await press(page, page.locator('main form button[type="submit"]').first());
      await must(page, '[data-focus] a', 'takes anything for a paper');
      await check.axe(page);
      page.seen.messages.length = 0;                   // the browser notes the status 422 of that page
      await page.locator('main input[type="file"]').setInputFiles(paper);
      await press(page, page.locator('main form button[type="submit"]').first());
      if (pathOf(page) !== base) fail(`lands on ${pathOf(page)}`);
      await must(page, '.kern-alert--success', 'no thanks');
      if (await there(page, '.kp-todo')) fail('still asks for it');
      await holds(page);
    });

    test(`/${language}/ takes a message once, prints everything, and lets an application be withdrawn`, async ({ open }) => {
      const page = await open(`/${language}/`, phone);
      await begin(page, language, 'dog-tax');
      await walk(page, {
        ...inZone, dogs_held: '0', 'applicant.first_name': 'Jana', 'applicant.last_name': 'Beispiel', 'dogs[1].name': 'Bello', ...date('dogs[1].since', 1, 11, 2026),
        'dogs[1].breed': 'none', 'dogs[1].found_dangerous': 'no', 'dogs[1].guide_dog': 'no', social_benefit: 'none', delivery: 'counter',
      }, { seen: async () => { await check.axe(page); await check.noSidewaysScroll(page); } });
      const { base } = await sent(page);
      await page.goto(base);
      const text = 'Bello ist ein Dackel.';
      const once = await page.locator('form[action$="/messages"]').evaluate((form) => Object.fromEntries(new FormData(form)));
      await page.locator('#message').fill(text);
      await press(page, page.locator('form[action$="/messages"] button'));
      const again = await page.request.post(`${base}/messages`, { form: { ...once, message: text }, headers: { origin: new URL(page.url()).origin } });
      if (again.status() >= 400) fail(`the second click: ${again.status()}`);
      await page.reload();
      const messages = await page.locator('.kp-msg--me').count();
      if (messages !== 1) fail(`${messages} messages`);
      await holds(page);
      const all = await page.request.get(`${base}/all.pdf`);
      if (all.status() !== 200 || !(await all.body()).subarray(0, 5).equals(Buffer.from('%PDF-'))) fail('nothing to print');
      await press(page, page.locator('aside a[href$="/withdraw"]'));
      await holds(page);
      await press(page, page.locator('main form button'));
      if (await there(page, 'aside a[href$="/withdraw"]')) fail('can be withdrawn twice');
      await must(page, '.kp-track .is-done', 'no track');
      await holds(page);
    });

    test(`/${language}/ gives who signed in her certificate at once, without a person having looked, and without scripts`, async ({ open }) => {
      const page = await open(`/${language}/services/registration-certificate/begin`, { ...phone, scripts: false });
      if (await there(page, 'main form[action$="/begin"]')) fail('begins without a sign-in');
      await signIn(page, language, jana, '/services/registration-certificate/begin');
      await begin(page, language, 'registration-certificate');
      await walk(page, { copies: '1', for_benefit: 'no', delivery: 'inbox' });
      await must(page, 'use[href$="#lock"]', 'does not say what comes from the register');
      const { base } = await sent(page);
      await page.goto(base);
      const pdf = page.locator('main a[href*="/notices/"]');
      if (!(await pdf.count())) fail('no notice');
      const bytes = await page.request.get(await pdf.getAttribute('href'));
      if (!(await bytes.body()).subarray(0, 5).equals(Buffer.from('%PDF-'))) fail('the notice is no PDF');
      await must(page, '#looked p', 'does not say who looked');
      if (await there(page, '#looked li')) fail('somebody looked');
      if (await there(page, '.kp-track [aria-current]')) fail('not decided');
      const stranger = await open(base, phone);
      if (await there(stranger, 'main a[href*="/notices/"], .kp-letter')) fail('the link alone shows the notice');
      await holds(stranger);
      await page.goto(`/${language}/my`);
      await must(page, '.kp-case', 'not among her matters');
    });
  }

  test('a second click on "send" and a form sent again make the same case', async ({ open }) => {
    const page = await open('/de/', phone);
    await begin(page, 'de', 'resident-parking');
    await walk(page, parking, { at: { 'paper/registration': async () => { await upload(page, await goodPaper(page, 'de')); } } });
    const form = page.locator('main form[action$="/send"]');
    const [action, fields] = [await form.getAttribute('action'), await form.evaluate((each) => Object.fromEntries(new FormData(each)))];
    await form.locator('button').dblclick({ noWaitAfter: true });
    for (let wait = 0; wait < 80 && !pathOf(page).endsWith('/receipt'); ++wait) await page.waitForTimeout(250);   // the second click aborts the first
    await must(page, '.kp-receipt', 'two clicks and no receipt');
    const receipt = pathOf(page);
    const answers = await Promise.all([1, 2, 3].map(() => page.request.post(action, { form: fields, headers: { origin: new URL(page.url()).origin } })));
    for (const answer of answers)
      if (new URL(answer.url()).pathname !== receipt) fail(`another answer: ${answer.status()} ${answer.url()}`);
  });

  test('resident parking can be applied for without scripts', async ({ open }) => {
    const page = await open('/de/services/resident-parking', { ...phone, scripts: false });
    await begin(page, 'de', 'resident-parking');
    await walk(page, parking, {
      at: {
        'paper/registration': async () => {
          if (!(await upload(page, darkPhoto(), false)).trim()) fail('no verdict');
          await upload(page, await goodPaper(page, 'de'), false);
          await must(page, 'main .kp-verdict--ok', 'a good paper is refused');
          if (await there(page, 'main .kern-error')) fail('an old error stays');
        },
      },
    });
    await sent(page);
  });

  test('a certificate can be had by keyboard alone', async ({ open }) => {
    const page = await open('/de/sign-in?return=/services/registration-certificate/begin', phone);
    const tabTo = async (selector) => {
      for (let step = 0; step < 60; ++step) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
      }
      fail(`the Tab key does not reach ${selector} on ${pathOf(page)}`);
    };
    const enter = () => Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    const button = 'main form button[type="submit"]';
    await tabTo('main input[name="subject"]');
    await tabTo(button);
    await enter();
    await tabTo('main form[action$="/begin"] button');
    await enter();
    for (let step = 0; step < 20 && screenOf(page) !== 'check'; ++step) {
      if (screenOf(page).endsWith('for_benefit')) {
        await tabTo('main input[name="for_benefit"]');
        await page.keyboard.press('ArrowDown');
      }
      await tabTo('main form .kp-actions button');
      await enter();
    }
    await tabTo('main form[action$="/send"] button');
    await enter();
    await must(page, '.kp-receipt', 'no receipt');
  });

  test('persons of a household can be added, left half empty, mended and removed', async ({ open }) => {
    const page = await open('/de/', phone);
    await begin(page, 'de', 'housing-benefit');
    await walk(page, family(), { until: 'persons/1' });
    await fill(page, family());
    await next(page);
    if (screenOf(page) !== 'persons') fail(`after one person comes ${screenOf(page)}`);
    for (const number of [2, 3]) {
      await addEntry(page);
      if (screenOf(page) !== `persons/${number}`) fail(`adds ${screenOf(page)}`);
      await fill(page, family());
      await next(page);
    }
    await addEntry(page);                               // begun and left
    await page.goto(pathOf(page).replace(/persons\/\d+$/, 'persons'));
    await next(page);
    await must(page, '[data-focus] a[href="#entries"]', 'goes on with an empty entry');
    await holds(page);
    await press(page, page.locator('main .kp-entry button[name="remove"]').last());
    if ((await entries(page)) !== 3) fail('does not remove it');
    await change(page, 1);
    await fill(page, { 'persons[2].relation': 'self' });
    await next(page);
    await next(page);
    await must(page, '[data-focus]', 'two persons are the one who applies');
    await change(page, 1);
    await fill(page, { 'persons[2].relation': 'partner' });
    await next(page);
    await press(page, page.locator('main .kp-entry button[name="remove"]').nth(1));
    const left = await words(page, '.kp-entry > :first-child');
    if (!/Ay\u015fe.*\|.*Elif/.test(left)) fail(`left are: ${left}`);
    await next(page);
    if (!screenOf(page).startsWith('transfers/1')) fail(`after the persons comes ${screenOf(page)}`);
    await press(page, page.locator('main .kp-crumb'));
    if (screenOf(page) !== 'persons') fail(`"back" leads to ${screenOf(page)}`);
  });

  test('housing benefit for three persons with several incomes: changes lead back to the check page and ask only what is new', async ({ open }) => {
    const page = await open('/de/', phone);
    const paper = await goodPaper(page, 'de');
    await begin(page, 'de', 'housing-benefit');
    const upTo = (least) => async () => { if ((await entries(page)) < least) { await addEntry(page); return true; } return false; };
    await walk(page, family(), { at: { persons: upTo(3), 'incomes/1': upTo(2), 'paper/rent_proof': async () => { await upload(page, paper); } } });
    if (await there(page, '[data-focus]')) fail(`not complete: ${await words(page, '[data-focus]')}`);
    await holds(page);
    const before = await page.locator('main .kp-check dt').count();
    const follow = (screen) => press(page, page.locator(`main a[href*="/steps/${screen}?"]`));

    await follow('rent.rent-base');
    await fill(page, { 'rent.base': '700' });
    await next(page);
    if (screenOf(page) !== 'check') fail(`a change leads to ${screenOf(page)}`);
    await follow('persons');                            // one person less
    await press(page, page.locator('main .kp-entry button[name="remove"]').last());
    await next(page);
    if (screenOf(page) !== 'check') fail(`removing a person leads to ${screenOf(page)}`);
    await follow('persons');                            // and again one more
    await addEntry(page);
    const asked = await walk(page, family());
    if (asked.some((screen) => !/\/3(\.|$)/.test(screen))) fail(`asks again: ${asked.join(', ')}`);
    if ((await page.locator('main .kp-check dt').count()) !== before) fail('not the same answers as before');
    const { base } = await sent(page);
    await must(page, '.kp-todo li', 'does not ask for the proofs of income');
    await page.goto(base);
    await holds(page);
    if ((await page.locator('.kp-todo li').count()) !== 2) fail(`asks for: ${await words(page, '.kp-todo li')}`);
  });
}

const entries = (page) => page.locator('main .kp-entry').count();
const addEntry = (page) => press(page, page.locator('main button[value="add"]'));
const change = (page, at) => press(page, page.locator('main .kp-entry').nth(at).locator('a'));

/** Three persons: two wages, one of them with interest beside it. */
function family() {
  const answers = {
    ...address('Hoher Heckenweg', '118', '48157'), 'home.kind': 'tenant', 'rent.base': '650', 'rent.operating': '120', 'rent.sublets': 'no',
    pays_maintenance: 'no', wealth_over: 'no', iban: 'DE88100900001234567892', delivery: 'post',
  };
  const persons = [['Ayşe', 20, 1, 1988, 'self'], ['Cem', 2, 11, 1986, 'partner'], ['Elif', 9, 7, 2016, 'child']];
  persons.forEach(([name, day, month, year, relation], at) => {
    const person = `persons[${at + 1}]`;
    Object.assign(answers, date(`${person}.birth_date`, day, month, year), {
      [`${person}.first_name`]: name, [`${person}.last_name`]: 'Vorlage', [`${person}.relation`]: relation, [`${person}.transfer`]: 'none',
      [`${person}.has_income`]: at < 2 ? 'yes' : 'no', [`${person}.severe_disability`]: 'no',
      [`${person}.pays_tax`]: 'yes', [`${person}.pays_health`]: 'yes', [`${person}.pays_pension`]: 'yes',
    });
    for (const [income, kind, amount, per] of [[1, 'wage', '1450', 'month'], [2, 'capital', '200', 'year']])
      Object.assign(answers, { [`${person}.incomes[${income}].kind`]: kind, [`${person}.incomes[${income}].amount`]: amount, [`${person}.incomes[${income}].per`]: per });
  });
  return answers;
}
