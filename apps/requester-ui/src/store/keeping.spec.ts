import { keepsUntil } from '../../../../tests/mesh/keeps-until.js';
import { eraseExpired } from './queries.js';
import { tables } from './tables.js';

keepsUntil({ party: 'requester', tables, erase: eraseExpired });
