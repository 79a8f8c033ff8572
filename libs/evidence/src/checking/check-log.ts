// Checks a whole log offline, by the public keys of its party and what others have countersigned. It believes nothing
// that is not signed, reads each line once, and says which entry is wrong.
import { fromBase64url } from '@anonymesh/protocol';
import { readEntry, type Entry } from '../entries/entry.js';
import { append, emptyFrontier, rootOf } from '../merkle/frontier.js';
import { leafHash } from '../merkle/hashes.js';
import { readCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { standingOf, type LogKeys } from '../notes/log-keys.js';
import { openCounts } from './counts.js';
import type { Finding } from './finding.js';
import { readLine } from './log-file.js';
import { openOrder } from './order.js';

/** A checkpoint of this log that somebody else has, and who. */
export interface Seen {
  readonly by: string;
  readonly checkpoint: SignedCheckpoint;
}

export interface Expected extends LogKeys {
  readonly origin: string;
  readonly seen?: readonly Seen[];
}

export interface Checked {
  readonly findings: readonly Finding[];
  readonly entries: number;
  /** How many entries a good checkpoint of the log binds. */
  readonly bound: number;
}

/** Reads the lines of a log's file. */
export async function checkLog(
  lines: AsyncIterable<string> | Iterable<string>,
  { origin, seen: shown = [], ...keys }: Expected,
): Promise<Checked> {
  // What the log did not sign itself, anybody may have made up.
  const seen = shown.filter(
    ({ checkpoint }) => checkpoint.origin === origin && standingOf(checkpoint, keys) === 'good',
  );
  const findings: Finding[] = [];
  const find = (finding: Finding) => void findings.push(finding);
  const order = openOrder(find);
  const seenBySize = Map.groupBy(seen, ({ checkpoint }) => checkpoint.size);
  let frontier = emptyFrontier;
  let bound = 0;
  let rewritten = false;
  /** The largest tree that only a revoked key has signed. */
  let doubtful = 0;
  let number = 0;
  const counts = openCounts();
  /** Checkpoints whose last entry has not come yet. */
  let waiting: SignedCheckpoint[] = [];

  const takeEntry = (text: string, leaf: Buffer) => {
    const entry = readEntry(text);
    if (entry === undefined) return find({ kind: 'unreadable', line: number });
    if (!leafHash(text).equals(leaf)) find({ kind: 'changed', n: order.isNext(entry.n) ? entry.n : order.next() });
    order.take(entry.n);
    frontier = append(frontier, [leaf]);
    count(entry);
    if (order.isWhole()) compare();
  };

  /** With whatever was signed or seen of this size. */
  const compare = () => {
    const root = rootOf(frontier);
    const waited = waiting.filter(({ size }) => size === frontier.size);
    waiting = waiting.filter(({ size }) => size !== frontier.size);
    for (const checkpoint of waited) {
      if (checkpoint.root.equals(root)) bound = checkpoint.size;
      // What follows a rewritten entry fits no later checkpoint either.
      else if (!rewritten) find({ kind: 'rewritten', from: bound, to: checkpoint.size });
      rewritten ||= !checkpoint.root.equals(root);
    }
    for (const { by, checkpoint } of seenBySize.get(frontier.size) ?? [])
      if (!checkpoint.root.equals(root)) find({ kind: 'forked', from: bound, to: frontier.size, by });
    seenBySize.delete(frontier.size);
  };

  const count = (entry: Entry) => {
    if (entry.did === 'counted') {
      if (!counts.isRight(entry) && order.isWhole()) find({ kind: 'miscounted', n: entry.n });
    } else if (entry.query !== undefined) counts.take({ n: entry.n, query: entry.query });
  };

  const takeCheckpoint = (note: string) => {
    const checkpoint = readCheckpoint(note);
    if (checkpoint === undefined) return find({ kind: 'unreadable', line: number });
    if (checkpoint.origin !== origin) return find({ kind: 'foreign', origin: checkpoint.origin });
    const standing = standingOf(checkpoint, keys);
    if (standing === 'unsigned') return find({ kind: 'unsigned', size: checkpoint.size });
    if (standing === 'revoked') return void (doubtful = Math.max(doubtful, checkpoint.size));
    if (checkpoint.size < frontier.size && order.isWhole()) return find({ kind: 'unreadable', line: number });
    waiting.push(checkpoint);
    if (order.isWhole()) compare();
  };

  for await (const text of lines) {
    number += 1;
    const line = readLine(text);
    if (line === undefined) find({ kind: 'unreadable', line: number });
    else if ('checkpoint' in line) takeCheckpoint(line.checkpoint);
    else if ('entry' in line) takeEntry(line.entry, fromBase64url(line.leaf) ?? Buffer.alloc(32));
    else if (line.origin !== origin) find({ kind: 'foreign', origin: line.origin });
  }
  order.end(Math.max(0, ...waiting.map(({ size }) => size)));
  for (const { by, checkpoint } of seen)
    if (checkpoint.size > order.next()) find({ kind: 'rolled-back', from: order.next(), seen: checkpoint.size, by });
  // What a good checkpoint binds as well needs no other.
  if (doubtful > bound) find({ kind: 'revoked', from: bound, to: doubtful });
  return { findings, entries: frontier.size, bound };
}
