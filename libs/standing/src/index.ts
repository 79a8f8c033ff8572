// Which agreements stand: what parties tell each other of them, kept, and what follows from it.
export { openLedger, type Learned, type Ledger } from './ledger.js';
export { readLedger, type ReadLedger } from './read-ledger.js';
export { standingInWords } from './standing-words.js';
export { standingTables } from './tables.js';
