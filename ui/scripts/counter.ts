/** Says how many characters are left, below a text area with data-count; aloud only when few are. */
export function startCounters(): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-count]')) {
    if (area.maxLength <= 0) continue;
    const left = document.createElement('p');
    left.className = 'kp-count-left';
    area.after(left);
    const show = (): void => {
      const rest = area.maxLength - area.value.length;
      left.textContent = `${area.value.length} / ${area.maxLength}`;
      if (rest <= 100) left.setAttribute('role', 'status');
      else left.removeAttribute('role');
    };
    area.addEventListener('input', show);
    show();
  }
}
