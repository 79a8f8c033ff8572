// Evidence: an append-only log for each party, checkpoints that bind it, and what can be proven by them offline.
export { commit, opens } from './entries/commitment.js';
export type { Draft } from './entries/draft.js';
export { entry, readEntry, type Entry } from './entries/entry.js';
export type { Head } from './merkle/verify.js';
export { originOf, readCheckpoint } from './notes/checkpoint.js';
export type { Checkpoint, SignedCheckpoint } from './notes/checkpoint.js';
export { cosign, cosignedAt } from './notes/cosignature.js';
export { standingOf, wasSeenBefore, type LogKeys } from './notes/log-keys.js';
export { isSignedBy, keyIdOf, readNote, writeNote } from './notes/note.js';
export type { NamedKey, NamedSigningKey, Note, SignatureLine } from './notes/note.js';
export { checkPart, type CheckedPart, type PartExpected, type PartFault } from './parts/check-part.js';
export { makePart, openPartMaker, type Bound, type PartMaker } from './parts/make-part.js';
export { part, type Part } from './parts/part.js';
export { openTestimony, sealNothing, sealTestimony } from './testimonies/testimony.js';
export type { OpenedTestimony, Testifying, Testimony } from './testimonies/testimony.js';
export { openJoiner } from './runs/join-runs.js';
export { runTables } from './runs/tables.js';
export { enter, entering, place, placeAll } from './store/append.js';
export { checkpoint, countersigned, type LogKey } from './store/checkpoints.js';
export { proveConsistency } from './store/read-hashes.js';
export {
  entriesAbout,
  eraseSalts,
  eraseSaltsBefore,
  lastAboutQuery,
  readEntries,
  type Stored,
} from './store/read-entries.js';
export { evidenceTables } from './store/tables.js';
export {
  addCosignature,
  disputes,
  holdCheckpoint,
  holdWitnessed,
  latestCheckpoint,
  saveWitnessed,
  witnessedNotes,
  witnessTables,
  type Witnessed,
} from './store/witnessing.js';
export { checkLog, type Checked, type Expected, type Seen } from './checking/check-log.js';
export { say, type Finding } from './checking/finding.js';
export { writeLog } from './checking/log-file.js';
export { judge, type Known, type Objection, type Shown } from './checking/witness.js';
