// Drafts: what those who receive, decide and send say of it. Here it becomes an entry with its salt, before it has a
// place; what was said is forgotten.
import { base64url, sha256Of, type PartyId, type QueryId, type RefusalCode } from '@anonymesh/protocol';
import { randomFillSync } from 'node:crypto';
import { commit, saltBytes } from './commitment.js';
import type { Unplaced } from './entry.js';

interface About {
  readonly what: string;
  readonly query?: QueryId | undefined;
  /** What the entry commits to, without saying it. */
  readonly words: Uint8Array | string;
}

interface LetterDraft extends About {
  readonly party: PartyId;
  /** As the broker carried it. */
  readonly sealed: Uint8Array;
}

export type Draft =
  | (LetterDraft & { readonly did: 'received'; readonly refused?: RefusalCode | undefined })
  | (LetterDraft & { readonly did: 'sent' })
  | (About & { readonly did: 'decided' });

/** An entry that waits for its place. */
export interface Pending {
  readonly entry: Unplaced;
  /** base64url. */
  readonly salt: string;
}

/** `at`: milliseconds since 1970. */
export function pendingOf(draft: Draft, at: number): Pending {
  const salt = randomFillSync(Buffer.allocUnsafe(saltBytes));
  const { did, what, query } = draft;
  const words = base64url(commit(salt, draft.words));
  const about = { at, what, ...(query === undefined ? {} : { query }), words };
  if (did === 'decided') return { entry: { did, ...about }, salt: base64url(salt) };
  const letter = { ...about, party: draft.party, sealed: sha256Of(draft.sealed) };
  if (did === 'sent') return { entry: { did, ...letter }, salt: base64url(salt) };
  const { refused } = draft;
  return { entry: { did, ...letter, ...(refused === undefined ? {} : { refused }) }, salt: base64url(salt) };
}
