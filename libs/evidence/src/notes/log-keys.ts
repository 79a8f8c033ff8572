// By whom a log's checkpoints are believed. A key that was revoked may be in other hands, and whoever has it writes what he
// likes, with whatever time in it; what he cannot do is to have another party countersign it before he had the key.
import type { KeyObject } from 'node:crypto';
import { isByItsLog, type SignedCheckpoint } from './checkpoint.js';
import { cosignedAt } from './cosignature.js';
import type { NamedKey } from './note.js';

export interface LogKeys {
  /** Public keys with which the log's party signs or signed, in good standing. */
  readonly keys: readonly KeyObject[];
  /** Those that have been revoked, and since when, in milliseconds since 1970. */
  readonly revoked?: readonly { readonly key: KeyObject; readonly since: number }[];
  /** Other parties, by the names under which they countersign, with keys in good standing. */
  readonly witnesses?: readonly NamedKey[];
}

/** Whether a checkpoint counts: `revoked` where only a key that is revoked signed it, and nobody had seen it before that. */
export function standingOf(
  checkpoint: SignedCheckpoint,
  { keys, revoked = [], witnesses = [] }: LogKeys,
): 'good' | 'revoked' | 'unsigned' {
  if (isByItsLog(checkpoint, keys)) return 'good';
  const signed = revoked.filter(({ key }) => isByItsLog(checkpoint, [key]));
  if (signed.some(({ since }) => wasSeenBefore(checkpoint, since, witnesses))) return 'good';
  return signed.length > 0 ? 'revoked' : 'unsigned';
}

/** Whether one of the witnesses countersigned it before that time, by its own clock; milliseconds since 1970. */
export function wasSeenBefore({ note }: SignedCheckpoint, time: number, witnesses: readonly NamedKey[]): boolean {
  return witnesses.some((witness) => {
    const at = cosignedAt(note, witness);
    // A cosignature has whole seconds.
    return at !== undefined && (at + 1) * 1000 <= time;
  });
}
