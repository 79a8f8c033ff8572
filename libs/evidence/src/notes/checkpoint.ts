// Checkpoints (c2sp.org/tlog-checkpoint): what a log says of itself, signed: its name, how many entries it has, and the
// root of their tree. Nobody learns an entry from it, and no entry before it can be changed unnoticed.
import type { SigningKey } from '@anonymesh/protocol';
import type { Head } from '../merkle/verify.js';
import { isSignedBy, readNote, signText, writeNote, type NamedKey, type Note } from './note.js';

export interface Checkpoint extends Head {
  /** The log's name: `anonymesh/<party>/<fingerprint of its identity>`. */
  readonly origin: string;
}

/** A checkpoint and the note that says it, with all of its signatures. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: Note;
}

/** The name of a party's log. An identity is pinned by agreements, and outlives the keys that sign. */
export function originOf(party: string, identity: string): string {
  return `anonymesh/${party}/${identity}`;
}

export async function signCheckpoint(checkpoint: Checkpoint, key: SigningKey): Promise<string> {
  const text = textOf(checkpoint);
  return writeNote({ text, signatures: [await signText(text, { name: checkpoint.origin, key })] });
}

/** The checkpoint, or undefined where the text is none. Its signatures are not verified by that. */
export function readCheckpoint(text: string): SignedCheckpoint | undefined {
  const note = readNote(text);
  const lines = note?.text.slice(0, -1).split('\n');
  const [origin, count, base64, ...more] = lines ?? [];
  if (note === undefined || !origin || count === undefined || base64 === undefined || more.length > 0) return undefined;
  const root = Buffer.from(base64, 'base64');
  const size = Number(count);
  if (!/^(0|[1-9]\d{0,15})$/.test(count) || !Number.isSafeInteger(size)) return undefined;
  if (root.length !== 32 || root.toString('base64') !== base64) return undefined;
  return { origin, size, root, note };
}

/** Whether one of the log's own keys signed it: those that vouch for its name, present and past. */
export function isByItsLog({ origin, note }: SignedCheckpoint, keys: readonly NamedKey['key'][]): boolean {
  return keys.some((key) => isSignedBy(note, { name: origin, key }));
}

function textOf({ origin, size, root }: Checkpoint): string {
  if (!/^[^\s+]+$/u.test(origin)) throw new TypeError('the name of a log has neither spaces nor plus signs');
  return `${origin}\n${size}\n${root.toString('base64')}\n`;
}
