// Private set intersection: the group and its engines, the holder's part, the combiner's part and the requester's.
export {
  BadPoint,
  pointBytes,
  scalarBytes,
  uniformBytes,
  weightBytes,
  type Digests,
  type Engine,
} from './group/engine.js';
export { digestsByNode } from './group/digests.js';
export { chooseEngine, engineNames, enginesHere } from './group/engines/choose.js';
export { uniformOf, uniformsOf } from './group/hash-input.js';
export { openPool, PoolClosed, type Pool, type PoolOptions } from './group/pool.js';
export { deriveScalars, type QueryScalars } from './group/scalars.js';
export { wipe } from './group/wipe.js';
export { bucketOf } from './holder/bucket.js';
export { canonicalField } from './holder/canonical-field.js';
export { controlOf, type Control } from './holder/control.js';
export { blindChunk, finishChunk, hopsAreHonest, type ReturnedCheck } from './holder/honest-hops.js';
export { openRecipient, openSender, type Sender, type SealingContext, type SealingKey } from './holder/hpke.js';
export { controlInput, keyInputs } from './holder/key-inputs.js';
export { checkMatched, packProof, proofBytes, unpackProofs, type MatchedProof } from './holder/matched-proof.js';
export { recordBytes } from './holder/record-bytes.js';
export { sealRecord, type RecordKeys } from './holder/sealed-record.js';
export { othersOf, tokenShape, type TokenShape } from './holder/shape.js';
export { tokensOf, type TokenBatch } from './holder/tokens.js';
export { type WordsInput } from './holder/words.js';
export { openCombiner, type Combined, type Combiner, type Uncombined } from './combiner/combiner.js';
export { controlsAgree } from './combiner/controls-agree.js';
export { type MatchLimits } from './combiner/find-matches.js';
export { openOuter, type SealedRecord } from './combiner/open-outer.js';
export { type ReleasedRecord } from './combiner/released.js';
export { type TokenLetter } from './combiner/spool.js';
export { openRecord, type OpenedRecord, type RecordValue } from './requester/open-record.js';
