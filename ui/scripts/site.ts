// Comfort for residents. Every page works without it.
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
