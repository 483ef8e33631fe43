// Sends a chosen file at once and shows whether we can read it. The server's verdict and its sentence are shown as they come; if the
// network or the server fails, the file stays chosen and the ordinary button sends it with the page.

interface Verdict {
  verdict: 'ok' | 'warn';
  text: string;
  name: string;
  size: string;
}

function isVerdict(value: unknown): value is Verdict {
  if (typeof value !== 'object' || value === null) return false;
  const { verdict, text, name, size } = value as Record<string, unknown>;
  return (verdict === 'ok' || verdict === 'warn') && [text, name, size].every((part) => typeof part === 'string');
}

/** A file in the list: made from the page's own sprite and words, so that no text stands in a script. */
function fileEntry(name: string, icons: string): { entry: HTMLLIElement; body: HTMLDivElement } {
  const entry = document.createElement('li');
  entry.className = 'kp-file kp-file--run';
  const picture = document.createElement('span');
  picture.className = 'kp-file__pic';
  picture.append(icon(icons, 'paper', 'kp-i kp-i--xl'));
  const body = document.createElement('div');
  const title = document.createElement('b');
  title.textContent = name;
  body.append(title);
  entry.append(picture, body);
  return { entry, body };
}

function icon(icons: string, name: string, classes: string): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('class', classes);
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(namespace, 'use');
  use.setAttribute('href', `${icons}#${name}`);
  svg.append(use);
  return svg;
}

function showVerdict(entry: HTMLLIElement, body: HTMLDivElement, icons: string, judged: Verdict): void {
  entry.className = judged.verdict === 'ok' ? 'kp-file' : 'kp-file kp-file--warn';
  const size = document.createElement('span');
  size.className = 'kp-small kp-muted';
  size.textContent = ` ${judged.size}`;
  const line = document.createElement('p');
  line.className = `kp-verdict kp-verdict--${judged.verdict}`;
  const words = document.createElement('span');
  words.textContent = judged.text;
  line.append(icon(icons, judged.verdict === 'ok' ? 'ok' : 'warning', 'kp-i'), words);
  body.querySelector('progress')?.remove();
  body.append(size, line);
}

function send(path: string, file: File, page: FormData, onProgress: (share: number) => void): Promise<Verdict | null> {
  const form = new FormData();
  for (const name of ['csrf', 'paper']) form.append(name, page.get(name) ?? '');
  form.append('file', file);
  // fetch cannot tell how much of an upload has gone; XMLHttpRequest can.
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open('POST', path);
    request.responseType = 'json';
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => done(request.status === 200 && isVerdict(request.response) ? request.response : null);
    request.onerror = () => done(null);
    request.send(form);
  });
}

/** The list as the server has it now: with its links to view and its buttons to remove. */
async function listFromServer(): Promise<HTMLUListElement | null> {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector<HTMLUListElement>('[data-files]');
}

/** "Go on" waits until the file is there: two answers at once would be two states of one draft. */
function holdForm(form: HTMLFormElement): () => void {
  let waiting: SubmitEvent | null = null;
  const hold = (event: SubmitEvent): void => { event.preventDefault(); waiting = event; };
  form.addEventListener('submit', hold);
  return () => {
    form.removeEventListener('submit', hold);
    if (waiting) form.requestSubmit(waiting.submitter);
  };
}

async function sendAtOnce(block: HTMLElement, input: HTMLInputElement, path: string): Promise<void> {
  const file = input.files?.[0];
  const list = block.querySelector<HTMLUListElement>('[data-files]');
  const icons = block.querySelector('use')?.getAttribute('href')?.split('#')[0] ?? '';
  if (!file || !list || !input.form) return;
  list.querySelectorAll('.kp-file--warn').forEach((refused) => refused.remove());  // the next try stands for the one before
  const { entry, body } = fileEntry(file.name, icons);
  const progress = document.createElement('progress');
  progress.max = 1;
  progress.setAttribute('aria-label', file.name);
  body.append(progress);
  list.append(entry);
  const release = holdForm(input.form);
  const judged = await send(path, file, new FormData(input.form), (share) => { progress.value = share; });
  if (judged) {
    input.value = '';
    showVerdict(entry, body, icons, judged);
    const fresh = judged.verdict === 'ok' ? await listFromServer() : null;
    if (fresh) list.replaceChildren(...fresh.children);
  } else {
    entry.remove();
    block.classList.remove('is-live');
  }
  release();
}

function acceptDrops(block: HTMLElement, input: HTMLInputElement): void {
  const place = block.querySelector<HTMLElement>('.kp-drop');
  if (!place) return;
  place.addEventListener('dragover', (event) => { event.preventDefault(); place.classList.add('is-over'); });
  place.addEventListener('dragleave', () => place.classList.remove('is-over'));
  place.addEventListener('drop', (event) => {
    event.preventDefault();
    place.classList.remove('is-over');
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event('change'));
  });
}

export function startUploads(): void {
  for (const block of document.querySelectorAll<HTMLElement>('[data-upload]')) {
    const input = block.querySelector<HTMLInputElement>('input[type="file"]');
    const path = block.dataset.upload;
    if (!input || !path) continue;
    block.classList.add('is-live');
    input.addEventListener('change', () => void sendAtOnce(block, input, path));
    acceptDrops(block, input);
  }
}
