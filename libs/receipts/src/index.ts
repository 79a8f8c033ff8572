// Receipts: how one query went, proven offline by what its parties signed and logged.
export { checkReceipt } from './check-receipt.js';
export { logKeysOf } from './log-keys.js';
export { receipt, type Receipt } from './receipt.js';
export type { Statement } from './statement.js';
