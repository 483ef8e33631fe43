/** No service worker before somebody installs the page as an app: until then nothing of ours stays on the device. */
export function registerWorkerWhenInstalled(): void {
  if (!('serviceWorker' in navigator)) return;
  const register = (): void => void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  window.addEventListener('appinstalled', register);
  if (window.matchMedia('(display-mode: standalone)').matches) register();
}
