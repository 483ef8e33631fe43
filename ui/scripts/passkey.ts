// Makes a passkey and signs in with one (W3C Web Authentication). The page's own forms carry what the authenticator said, so that the server
// answers with pages as ever. Where the browser knows no passkeys, the forms stay hidden or say so.

interface Descriptor { type: 'public-key'; id: string }
interface Options {
  challenge: string;
  rpId: string;
  timeout: number;
  rp?: { id: string; name: string };
  user?: { id: string; name: string; displayName: string };
  algorithms?: number[];
  exclude?: string[];
}
interface Answer { csrf: string; options: Options }

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'csrf' in value && 'options' in value;
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function textOf(bytes: ArrayBuffer | null): string {
  const raw = String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)));
  return btoa(raw).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function put(form: HTMLFormElement, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    let field = form.querySelector<HTMLInputElement>(`input[type="hidden"][name="${name}"]`);
    if (!field) {
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      form.append(field);
    }
    field.value = value;
  }
}

/** The challenge begins a session where there was none: from now on every form of the page must carry its token. */
async function askFor(form: HTMLFormElement): Promise<Options | null> {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  fields.set('use', form.dataset.passkeyUse ?? '');
  const response = await fetch(form.dataset.passkeyOptions ?? '', { method: 'POST', body: fields }).catch(() => null);
  const answer: unknown = response?.ok ? await response.json() : null;
  if (!isAnswer(answer)) return null;
  for (const each of document.querySelectorAll<HTMLFormElement>('form[method="post"]')) put(each, { csrf: answer.csrf });
  return answer.options;
}

async function make(options: Options): Promise<Record<string, string>> {
  if (!options.rp || !options.user) throw new TypeError('no options for a new passkey');
  const exclude = (options.exclude ?? []).map((id): Descriptor => ({ type: 'public-key', id }));
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: bytesOf(options.challenge),
      rp: options.rp,
      user: { ...options.user, id: bytesOf(options.user.id) },
      pubKeyCredParams: (options.algorithms ?? []).map((alg) => ({ type: 'public-key', alg })),
      timeout: options.timeout,
      excludeCredentials: exclude.map(({ type, id }) => ({ type, id: bytesOf(id) })),
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      attestation: 'none',
    },
  });
  if (!(made instanceof PublicKeyCredential) || !(made.response instanceof AuthenticatorAttestationResponse)) throw new TypeError('no passkey');
  return { client_data: textOf(made.response.clientDataJSON), attestation: textOf(made.response.attestationObject) };
}

async function use(options: Options, mediation?: 'conditional', signal?: AbortSignal): Promise<Record<string, string>> {
  const used = await navigator.credentials.get({
    publicKey: { challenge: bytesOf(options.challenge), rpId: options.rpId, timeout: options.timeout, userVerification: 'required' },
    ...(mediation ? { mediation } : {}),
    ...(signal ? { signal } : {}),
  });
  if (!(used instanceof PublicKeyCredential) || !(used.response instanceof AuthenticatorAssertionResponse)) throw new TypeError('no passkey');
  const said = used.response;
  return {
    id: textOf(used.rawId), client_data: textOf(said.clientDataJSON), authenticator_data: textOf(said.authenticatorData),
    signature: textOf(said.signature), user_handle: textOf(said.userHandle),
  };
}

/** Shows which device the person sits at, where she has said so elsewhere on the page. */
function send(form: HTMLFormElement, said: Record<string, string>): void {
  const terminal = document.querySelector<HTMLInputElement>('main input[type="checkbox"][name="terminal"]');
  put(form, terminal?.checked ? { ...said, terminal: terminal.value } : said);
  form.submit();
}

/** The browser offers passkeys in the field for the name itself, as soon as somebody goes there: before, nothing is asked or stored. */
function offerInFields(form: HTMLFormElement): AbortController {
  const waiting = new AbortController();
  const fields = [...document.querySelectorAll<HTMLInputElement>('main input[autocomplete~="username"], main input[autocomplete~="email"]')];
  void PublicKeyCredential.isConditionalMediationAvailable?.().then((can) => {
    if (!can) return;
    for (const field of fields) field.setAttribute('autocomplete', `${field.autocomplete} webauthn`.trim());
    let begun = false;
    const begin = async (): Promise<void> => {
      if (begun || waiting.signal.aborted) return;
      begun = true;
      const options = await askFor(form);
      if (options && !waiting.signal.aborted) send(form, await use(options, 'conditional', waiting.signal));
    };
    for (const field of fields) field.addEventListener('focus', () => void begin().catch(() => undefined));
  });
  return waiting;
}

function start(form: HTMLFormElement): void {
  const making = form.dataset.passkey === 'create';
  const failed = form.querySelector<HTMLElement>('[data-passkey-failed]');
  const waiting = making ? null : offerInFields(form);
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (failed) failed.hidden = true;
    waiting?.abort();
    void (async () => {
      const options = await askFor(form);
      if (!options) return form.submit();  // the server's page says what is wrong
      send(form, making ? await make(options) : await use(options));
    })().catch(() => { if (failed) failed.hidden = false; });
  });
}

export function startPasskeys(): void {
  const known = typeof PublicKeyCredential === 'function' && window.isSecureContext;
  for (const each of document.querySelectorAll<HTMLElement>('[data-passkey-none]')) each.hidden = known;
  if (known) document.querySelectorAll<HTMLFormElement>('form[data-passkey]').forEach(start);
}
