// Keys of the desk. Single letters work only while the focus is inside an element with data-keys and never in a field (WCAG 2.2,
// success criterion 2.1.4). Every key belongs to a visible link or button: data-key="n" on it. J and K move between [data-row].

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function moveRow(region: Element, step: number): void {
  const rows = [...region.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement || row.closest('tr')?.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  region.querySelector('tr.is-focus')?.classList.remove('is-focus');
  next?.closest('tr')?.classList.add('is-focus');
  next?.focus();
}

function press(element: HTMLElement): void {
  if (inField(element)) element.focus();
  else element.click();
}

export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    const region = document.activeElement?.closest('[data-keys]');
    if (!region || inField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === 'j' || key === 'arrowdown') moveRow(region, 1);
    else if (key === 'k' || key === 'arrowup') moveRow(region, -1);
    else {
      const element = [...document.querySelectorAll<HTMLElement>('[data-key]')].find((each) => each.dataset.key === key);
      if (!element) return;
      press(element);
    }
    event.preventDefault();
  });
}
