// The only place that knows of a person: fields, parts, references, slips.
export { Withheld, type SubjectFields } from './withheld.js';
export { normalise } from './formats.js';
export { commonFieldBytes, openPart, sealPart, type PartBinding } from './part.js';
export {
  canonicalReference,
  lookupIdOf,
  mintReference,
  parseReference,
  queryKeyOf,
  seedOf,
  type QueryKey,
} from './reference.js';
export { openSlip, sealSlip, type Slip } from './slip.js';
export { recheck } from './recheck.js';
export { exchange, pointsInChunk } from './exchange.js';
