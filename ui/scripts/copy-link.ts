/** A button with data-copy="#id" copies the text or value of that element; shown only where copying works. */
export function startCopyLinks(): void {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    const source = document.querySelector<HTMLElement>(button.dataset.copy ?? '');
    if (!source) continue;
    button.hidden = false;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(source instanceof HTMLInputElement ? source.value : (source.textContent ?? ''));
      const said = document.querySelector<HTMLElement>(button.dataset.said ?? '');
      if (said) said.hidden = false;
    });
  }
}
