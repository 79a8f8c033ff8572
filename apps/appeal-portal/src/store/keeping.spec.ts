import { keepsUntil } from '../../../../tests/mesh/keeps-until.js';
import { eraseOld, tables } from './tables.js';

keepsUntil({ party: 'portal', tables, erase: eraseOld });
