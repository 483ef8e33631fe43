// Comfort for everybody. Every page works without it.
import { startCopyLinks } from './copy-link';
import { startCounters } from './counter';
import { focusErrors } from './errors';
import { registerWorkerWhenInstalled } from './install';
import { startUploads } from './upload';

focusErrors();
startCounters();
startCopyLinks();
startUploads();
registerWorkerWhenInstalled();
// Only the desk has keys; residents do not load them.
if (document.querySelector('[data-keys]')) void import('./keys').then(({ startKeys }) => startKeys());
// Half a megabyte, only where rules are shown.
if (document.querySelector('[data-rules]')) void import('./rules').then(({ showRules }) => showRules());
if (document.querySelector('[data-passkey]')) void import('./passkey').then(({ startPasskeys }) => startPasskeys());
