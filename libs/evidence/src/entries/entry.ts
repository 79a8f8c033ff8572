// What a log says: that something was received, sent or decided, about which query, when. Never who it is about: of
// content there are only hashes of sealed bytes, which are random, and commitments that nobody can guess into.
import { bytesText, instant, partyId, queryId, refusalCode, sha256Text } from '@anonymesh/protocol';
import { z } from 'zod';

/** A message's name, or what was decided: words of the program, never of its users. */
const word = z.string().regex(/^[a-z][a-z-]{0,31}$/, 'must be a word');

const always = {
  v: z.literal(1),
  /** The entry's place in the log, from 0: what is removed, moved or inserted shows by it. */
  n: z.int().min(0),
  at: instant,
};

/** A letter that came or left, as the other side's log has it too. */
const letterEntry = {
  ...always,
  what: word,
  /** Whom it came from, or goes to. */
  party: partyId,
  query: queryId.optional(),
  /** SHA-256 of the bytes that the broker carried. */
  sealed: sha256Text,
  /** Commitment to the words that its sender signed. */
  words: sha256Text,
};

/** Most runs that an entry lists. */
export const mostRuns = 128;

/** Several stretches in a row, up to the next run's beginning, or to that of the stretch that the entry counts. */
const run = z.strictObject({
  /** Of the entry with which it ends. */
  at: instant,
  from: z.int().min(0),
  queries: z.int().min(0),
  root: bytesText(32),
});
export type Run = z.infer<typeof run>;

export const entry = z.discriminatedUnion('did', [
  z.strictObject({ ...letterEntry, did: z.literal('received'), refused: refusalCode.optional() }),
  z.strictObject({ ...letterEntry, did: z.literal('sent') }),
  z.strictObject({ ...always, did: z.literal('decided'), what: word, query: queryId.optional(), words: sha256Text }),
  /** Which queries the entries from `from` before `to` are about: the root of a tree of them, sorted. */
  z.strictObject({
    ...always,
    did: z.literal('counted'),
    from: z.int().min(0),
    to: z.int().min(0),
    queries: z.int().min(0),
    root: bytesText(32),
    /** What was counted before, in few trees; a log that is older than they are begins to list them at some time. */
    runs: z.array(run).max(mostRuns).optional(),
  }),
]);
export type Entry = z.infer<typeof entry>;

/** An entry before it has its place. */
export type Unplaced = DistributiveOmit<Entry, 'n' | 'v'>;
type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/**
 * The entry's one text: canonical JSON (RFC 8785), which for words, numbers and base64url is sorted keys alone. What is
 * inside has no key that the entry itself has not.
 */
export function textOf(unplaced: Unplaced, n: number): string {
  const all: Record<string, unknown> = { ...unplaced, n, v: 1 };
  return JSON.stringify(all, Object.keys(all).sort());
}

/** The entry, or undefined where the text is not the one text of any. */
export function readEntry(text: string): Entry | undefined {
  const parsed = entry.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { n, v: _v, ...unplaced } = parsed.data;
  return textOf(unplaced, n) === text ? parsed.data : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
