/** Puts the focus on the list of errors, so that a screen reader reads it and the keyboard goes on from there. */
export function focusErrors(): void {
  const summary = document.querySelector<HTMLElement>('[data-focus]');
  if (!summary) return;
  document.title = `${summary.querySelector('h2')?.textContent ?? ''} | ${document.title}`;
  summary.focus();
}
