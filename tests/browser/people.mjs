// What people do with a form: begin, answer one screen after the other, upload, send. Used by journeys.test.mjs.

export const phone = { width: 390, height: 844 };

export function fail(why) { throw new Error(why); }

export const pathOf = (page) => new URL(page.url()).pathname;

/** Presses a button of the page's form and waits for the next page. */
export async function press(page, button) {
  await Promise.all([page.waitForEvent('load'), button.click()]);
}

/** From a service's page to the first question, with or without having signed in. */
export async function begin(page, language, service) {
  await page.goto(`/${language}/services/${service}/begin`);
  await press(page, page.locator('main form[action$="/begin"] button[type="submit"]'));
  if (!/\/drafts\/[^/]+\/steps\//.test(pathOf(page))) fail(`does not begin: ${page.url()}`);
  return pathOf(page).match(/\/drafts\/[^/]+/)[0];
}

export async function signIn(page, language, subject, back = '') {
  await page.goto(`/${language}/sign-in${back && `?return=${back}`}`);
  await page.locator(`label[for="p-${subject}"]`).click();
  await press(page, page.locator('main form[action$="/sign-in"] button[type="submit"]'));
}

/** Puts one answer into the screen by hand: choices by their label, as fingers do. */
async function put(page, name, value) {
  const fields = page.locator(`main form [name="${name}"]:not([type="hidden"])`);
  const kind = await fields.first().evaluate((field) => (field.tagName === 'SELECT' ? 'select' : field.type));
  if (kind === 'radio' || kind === 'checkbox') {
    for (const each of [value].flat()) {
      const chosen = page.locator(`main form [name="${name}"][value="${each}"]`);
      await page.locator(`label[for="${await chosen.getAttribute('id')}"]`).first().click();
    }
  } else if (kind === 'select') await fields.first().selectOption(value);
  else await fields.first().fill(value);
}

/**
 * Fills what the screen asks. Answers are given by the names of the fields. `byHand` clicks and types like a finger on a phone; otherwise
 * the fields are set in one go, which is what a test needs that only passes through.
 */
export async function fill(page, answers, byHand = false) {
  if (!byHand) return page.evaluate(setFields, answers);
  const names = await page.locator('main form :is(input, select, textarea):not([type="hidden"])').evaluateAll((all) => [...new Set(all.map((each) => each.name))]);
  for (const name of names) if (answers[name] !== undefined) await put(page, name, answers[name]);
}

/** Runs in the page. */
function setFields(answers) {
  for (const field of document.querySelectorAll('main form :is(input, select, textarea):not([type="hidden"]):not([type="file"])')) {
    const answer = answers[field.name];
    if (answer === undefined) continue;
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = [answer].flat().includes(field.value);
    else field.value = answer;
  }
}

export const next = (page) => press(page, page.locator('main form .kp-actions button[type="submit"]').first());

/** Which screen this is: "home.home-address", "persons/2", "paper/registration", "contact", or "check". */
export function screenOf(page) {
  return pathOf(page).match(/\/drafts\/[^/]+\/(?:steps\/)?(.*)$/)?.[1] ?? '';
}

/**
 * Answers screen after screen until `until` (a name or the beginning of one) or the page with all answers is reached. `at` holds what to
 * do on single screens besides filling; what it gives back true has already gone on. Gives the screens in their order.
 */
export async function walk(page, answers, { until = 'check', at = {}, seen = async () => {}, byHand = false } = {}) {
  const screens = [];
  for (let step = 0; step < 80; ++step) {
    const screen = screenOf(page);
    await seen(screen);
    if (screen.startsWith(until) || screen === 'check') return screens;
    if (screens.at(-1) === screen) fail(`stays on ${screen}: ${(await page.locator('main .kern-alert, main .kern-error').allInnerTexts()).join(' | ') || 'without a word'}`);
    screens.push(screen);
    const special = at[screen];
    if (special && (await special(page)) === true) continue;
    await fill(page, answers, byHand);
    await next(page);
  }
  return fail('the form does not end');
}

export const address = (street, number, postcode, place = 'Münster') => ({
  'home.address-street': street, 'home.address-number': number, 'home.address-postcode': postcode, 'home.address-place': place,
});

export const date = (name, day, month, year) => ({ [`${name}-day`]: String(day), [`${name}-month`]: String(month), [`${name}-year`]: String(year) });
