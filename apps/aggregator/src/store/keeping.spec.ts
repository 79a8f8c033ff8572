import { keepsUntil } from '../../../../tests/mesh/keeps-until.js';
import { eraseExpired } from './erase-expired.js';
import { tables } from './tables.js';

keepsUntil({ party: 'aggregator', tables, erase: eraseExpired });
