// Comfort for staff: the resident's modules, and keys.
import { startCopyLinks } from './copy-link';
import { startCounters } from './counter';
import { focusErrors } from './errors';
import { startKeys } from './keys';
import { startUploads } from './upload';

focusErrors();
startCounters();
startCopyLinks();
startUploads();
startKeys();
