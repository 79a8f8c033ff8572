// @anonymesh/store: an app's own database. Knows nothing of what is kept in it.
export { forgetDeleted } from './forget-deleted.js';
export { migrate, type Migration } from './migrate.js';
export { nodeSqlite } from './node-sqlite.js';
export { openStore, type Store, type StoreConfig } from './open-store.js';
export { quiet } from './quiet.js';
export type { SqliteConnection } from './sqlite-connection.js';
export { skipLocked } from './skip-locked.js';
export { insertingRows, together, whereAmong, type ColumnType } from './together.js';
export { countUses, eraseUses, forgetUses, freeAgainAt, lockNames, useTables, type Use } from './uses.js';
