// The pages every test walks, and the viewports that rotate over them: each page is seen in each of them over the languages.

export const origin = (process.env.KIEPE_URL ?? '').replace(/\/$/, '');
export const languages = (process.env.KIEPE_LANGUAGES ?? 'de,en').split(',');

const residentPaths = [
  '', 'services', 'search', 'search?q=umziehen', 'search?q=qwxyzz', 'about-data', 'accessibility', 'imprint', 'sign-in', 'register/passkey',
  'services/resident-parking', 'algorithms', 'algorithms/resident-parking', 'algorithms/housing-benefit',
];

export const paths = process.env.KIEPE_PAGES === undefined ? residentPaths : process.env.KIEPE_PAGES.split(',');

export const viewports = [
  { width: 390, height: 844, dark: false },
  { width: 1280, height: 900, dark: true },
  { width: 320, height: 640, dark: true },
  { width: 768, height: 1024, dark: false },
  { width: 1280, height: 900, dark: false },
  { width: 390, height: 844, dark: true },
];

export function nameOf(language, path, viewport) {
  const page = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'start';
  return `${page}-${language}-${viewport.width}${viewport.dark ? '-dark' : ''}`;
}
