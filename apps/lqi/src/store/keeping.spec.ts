import { keepsUntil } from '../../../../tests/mesh/keeps-until.js';
import { eraseExpired } from './erase-expired.js';
import { tables } from './tables.js';

// Without it no mark that is kept could be found again.
const forEver = ['mark_secrets'];

keepsUntil({ party: 'holder', tables, erase: eraseExpired, forEver });
