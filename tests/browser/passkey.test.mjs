// Passkeys with Chromium's virtual authenticator: a new account, signing in, a second one, removing one, and a copy that is found out.
import { axe, holds, keyboardWalk, picture } from './checks.mjs';
import { languages, origin } from './pages.mjs';
import { fail, pathOf, phone, press } from './people.mjs';
import { Skip } from './skip.mjs';

const user = process.env.KIEPE_STAFF_USER;
const password = process.env.KIEPE_STAFF_PASSWORD;
/** Passkeys belong to names of hosts, never to bare addresses. */
const home = origin.replace('//127.0.0.1', '//localhost');

/** A telephone that unlocks itself at once. Gives what the browser's debugger can do with it. */
async function device(page, { verifies = true } = {}) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: verifies, automaticPresenceSimulation: true },
  });
  return {
    keys: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    give: (credential) => session.send('WebAuthn.addCredential', { authenticatorId, credential }),
    forget: (credentialId) => session.send('WebAuthn.removeCredential', { authenticatorId, credentialId }),
    remove: () => session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }),
  };
}

async function register(page, language, lastName) {
  await page.goto(`${home}/${language}/register/passkey`);
  await page.locator('#first_name').fill('Mira');
  await page.locator('#last_name').fill(lastName);
  await press(page, page.locator('form[data-passkey="create"] button[type="submit"]'));
  if (pathOf(page) !== `/${language}/my/passkeys`) fail(`registering leads to ${page.url()}: ${await page.locator('main').innerText()}`);
}

async function signOut(page, language) {
  await page.goto(`${home}/${language}/my`);
  await Promise.all([page.waitForEvent('load'), page.locator(`form[action="/${language}/sign-out"]`).first().evaluate((form) => form.submit())]);
}

const signIn = (page) => press(page, page.locator('form[data-passkey="get"] button[type="submit"]'));
const words = (page) => page.locator('main').innerText();

export default function (test) {
  for (const language of languages) {
    test(`/${language}/register/passkey: a new account, signed out and in again, a second passkey, the first removed`, async ({ open }) => {
      const page = await open(`${home}/${language}/register/passkey`, language === 'de' ? phone : {});
      const first = await device(page);
      await holds(page);
      await picture(page, `register-passkey-${language}`);
      await register(page, language, 'Neumann');
      await holds(page);
      await picture(page, `passkeys-${language}`);
      await signOut(page, language);
      await page.goto(`${home}/${language}/sign-in?return=/my/passkeys`);
      await picture(page, `sign-in-passkey-${language}`);
      await signIn(page);
      if (pathOf(page) !== `/${language}/my/passkeys`) fail(`signing in leads to ${page.url()}: ${await words(page)}`);
      await press(page, page.locator('a[href$="/remove"]'));
      await holds(page);
      if (await page.locator('form[action$="/remove"]').count()) fail('the only way in may be removed');
      await page.goto(`${home}/${language}/my/passkeys`);
      await first.remove();
      await device(page);
      await page.locator('#label').fill('Zweites Gerät');
      await press(page, page.locator('form[data-passkey="create"] button[type="submit"]'));
      if (!page.url().includes('done=added')) fail(`a second passkey: ${await words(page)}`);
      await holds(page);
      if ((await page.locator('a[href$="/remove"]').count()) !== 2) fail('not two passkeys');
      await page.locator('details summary').filter({ hasText: 'Zweites' }).click();
      await page.locator('details[open] input[name="label"]').fill('Schlüssel <b>');
      await press(page, page.locator('details[open] button[type="submit"]'));
      await press(page, page.locator('a[href$="/remove"]').filter({ hasNotText: 'Schlüssel' }));
      await picture(page, `passkey-remove-${language}`);
      await press(page, page.locator('form[action$="/remove"] button[type="submit"]'));
      if (!page.url().includes('done=removed') || (await page.locator('a[href$="/remove"]').count()) !== 1) fail('not removed');
      if (!(await words(page)).includes('Schlüssel <b>')) fail('the name is not shown as it was typed');
      await signOut(page, language);
      await page.goto(`${home}/${language}/sign-in`);
      await signIn(page);
      if (pathOf(page) !== `/${language}/my`) fail(`the second passkey leads to ${page.url()}`);
    });

    test(`/${language}/register/passkey fits 320 px, goes by keyboard, and says what is missing`, async ({ open }) => {
      const page = await open(`${home}/${language}/register/passkey`, { width: 320, height: 640 });
      await keyboardWalk(page);
      await press(page, page.locator('form[data-passkey="create"] button[type="submit"]'));
      if ((await page.locator('[data-focus] a').count()) !== 2) fail('not both names are asked for');
      page.seen.messages.length = 0;
      await holds(page);
      await picture(page, `register-passkey-errors-${language}-320`);
      const without = await open(`${home}/${language}/register/passkey`, { scripts: false });
      if (!(await without.locator('[data-passkey-none]').isVisible())) fail('nothing is said without scripts');
    });
  }

  test('a copied passkey is refused, blocked, and its owner sees it', async ({ open }) => {
    const page = await open(`${home}/de/register/passkey`, phone);
    const hers = await device(page);
    await register(page, 'de', 'Kopie');
    const [copy] = await hers.keys();
    await signOut(page, 'de');
    await page.goto(`${home}/de/sign-in`);
    await signIn(page);
    await signOut(page, 'de');
    await hers.forget(copy.credentialId);
    await hers.give(copy);  // its counter is where it was before she signed in
    for (const time of ['first', 'second']) {
      await page.goto(`${home}/de/sign-in`);
      await signIn(page);
      if (!(await words(page)).includes('gesperrt')) fail(`the copy opens the account the ${time} time: ${page.url()}`);
    }
    page.seen.messages.length = 0;
    await holds(page);
    await picture(page, 'passkey-copied');
  });

  test('a device that does not ask who holds it makes no account', async ({ open }) => {
    const page = await open(`${home}/de/register/passkey`);
    await device(page, { verifies: false });
    await page.locator('#first_name').fill('Ohne');
    await page.locator('#last_name').fill('Sperre');
    await page.locator('form[data-passkey="create"] button[type="submit"]').click();
    await page.locator('[data-passkey-failed]').waitFor();
    if (pathOf(page) !== '/de/register/passkey') fail(`leads to ${page.url()}`);
    await axe(page);
  });

  test('looking at the sign-in asks for no passkey and sets no cookie', async ({ open }) => {
    const page = await open(`${home}/de/sign-in`);
    await page.waitForTimeout(300);
    if ((await page.context().cookies()).length) fail('a cookie');
    if (page.seen.requests.some((url) => url.includes('passkey/options'))) fail('asks for a challenge');
  });

  test('a clerk adds a passkey and signs in with it', async ({ open }) => {
    if (!user) throw new Skip('no clerk named');
    const page = await open(`${home}/de/desk/sign-in?return=/desk/passkeys`);
    await device(page);
    await page.locator('#login').fill(user);
    await page.locator('#password').fill(password);
    await press(page, page.locator('main form[action$="/sign-in"] button[type="submit"]'));
    page.seen.messages.length = 0;
    await page.locator('#label').fill('Dienststelle');
    await press(page, page.locator('form[data-passkey="create"] button[type="submit"]'));
    if (!page.url().includes('done=added')) fail(`not added: ${await words(page)}`);
    await holds(page);
    await picture(page, 'desk-passkeys');
    await Promise.all([page.waitForEvent('load'), page.locator('form[action="/de/desk/sign-out"]').evaluate((form) => form.submit())]);
    await press(page, page.locator('form[data-passkey="get"] button[type="submit"]'));
    if (pathOf(page) !== '/de/desk') fail(`signing in leads to ${page.url()}`);
    await Promise.all([page.waitForEvent('load'), page.locator('form[action="/de/desk/sign-out"]').evaluate((form) => form.submit())]);
    await Promise.all([page.waitForEvent('load'), page.locator('#login').focus()]);
    if (pathOf(page) !== '/de/desk') fail(`the passkey offered in the field leads to ${page.url()}`);
    await page.goto(`${home}/de/desk/passkeys`);
    for (const link of await page.locator('a[href$="/remove"]').evaluateAll((all) => all.map((each) => each.href))) {
      await page.goto(link);
      await axe(page);
      await press(page, page.locator('form[action$="/remove"] button[type="submit"]'));
    }
  });
}
