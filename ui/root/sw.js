// Only for people who installed the page as an app. Keeps what never changes (files named by their content); pages always come
// fresh from the city, so that nothing personal stays on the device.
const store = 'kiepe-assets-1';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

async function fromStore(request) {
  const kept = await caches.open(store);
  const known = await kept.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method === 'GET' && origin === self.location.origin && pathname.startsWith('/assets/')) {
    event.respondWith(fromStore(event.request));
  }
});
