// Witnessing: what a party does with another's checkpoint. It countersigns one only if it continues all that it has seen
// of that log before, so that nobody can show two histories, or go back to an earlier one, to parties that talk.
import { isConsistent } from '../merkle/verify.js';
import { readCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { standingOf, type LogKeys } from '../notes/log-keys.js';

/**
 * Why a checkpoint is not countersigned. `late`: it was shown before the one that was seen last. `unproven`: the proof
 * begins elsewhere than what was seen last.
 */
export type Objection = 'malformed' | 'unsigned' | 'late' | 'rolled-back' | 'forked' | 'unproven';

/** What a party says of its own log to others. */
export interface Shown {
  /** The note. */
  readonly checkpoint: string;
  /** Size of the earlier tree that the proof begins with; 0 where there is none. */
  readonly from: number;
  readonly proof: readonly Buffer[];
  /** When its party said so, in milliseconds since 1970. */
  readonly at: number;
}

/** Whose checkpoint it must be, and the last one of that log that was seen. */
export interface Known extends LogKeys {
  readonly origin: string;
  readonly last: { readonly checkpoint: SignedCheckpoint; readonly at: number } | undefined;
}

/** The checkpoint, to be countersigned; or why not. */
export function judge(said: Shown, { origin, last, ...keys }: Known): SignedCheckpoint | Objection {
  const shown = readCheckpoint(said.checkpoint);
  if (shown === undefined || shown.origin !== origin) return 'malformed';
  if (standingOf(shown, keys) !== 'good') return 'unsigned';
  if (last === undefined) return shown;
  const seen = last.checkpoint;
  // A signed checkpoint that is no continuation is proof against its party, whatever was sent with it.
  if (shown.size === seen.size) return shown.root.equals(seen.root) ? shown : 'forked';
  if (shown.size < seen.size) return said.at > last.at ? 'rolled-back' : 'late';
  if (said.from !== seen.size) return 'unproven';
  return isConsistent(seen, shown, said.proof) ? shown : 'forked';
}
