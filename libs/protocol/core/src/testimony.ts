// Testimonies: what a party's log shows of one query, sealed to the auditor whom the agreement names. Here is what everyone
// must know of them who cannot open them: their size, and what they are bound to (docs/protocol.md section 12.6).
import { z } from 'zod';
import { agreementHashOf, soleParty, type Agreement } from './agreement.js';
import { compactJwe } from './encodings.js';
import { parseJson } from './envelope/sign.js';
import type { SealContext } from './envelope/seal.js';
import { largestAttachment } from './message.js';
import type { PartyId } from './party.js';
import type { QueryId } from './query-id.js';

/** Bytes of a sealed testimony, at most: it must pass as a JWE. */
export const mostTestimonyBytes = 64 * 1024;

/** Milliseconds after a query's deadline for which its testimonies are waited for. */
export const testimoniesWaitedFor = 12 * 3_600_000;

/** Bytes that sealing adds, at most, beside the third that its text form does. */
const sealing = 1024;
/** What ten minutes and a week of a busy log take (docs/decisions/0032): the aggregator testifies to each holder's letters. */
const [small, forEachHolder, large] = [10 * 1024, 2 * 1024, 47 * 1024];
/** Seconds: what takes longer, people decide on, and the log goes on meanwhile. */
const soon = 600;

/**
 * Bytes of what is sealed, padded to: it follows from the agreement, so that it tells nothing of what is in it. All of a
 * query's fit beside one letter.
 */
export function testimonySize({ kind, deadlineSeconds, holders }: Agreement): number {
  const isSoon = kind === 'check' && deadlineSeconds <= soon;
  const wanted = isSoon ? Math.min(small + forEachHolder * holders.length, large) : large;
  const each = largestAttachment / (holders.length + 1) - sealing;
  return Math.min(wanted, Math.floor((each * 3) / 4));
}

export function testimonyContext(query: QueryId, agreement: string, from: PartyId): SealContext {
  return { message: 'testimony', query, agreement, from, to: 'auditor' };
}

/** Of a protected header what says what is sealed. */
const head = z.object({ ctx: z.record(z.string(), z.string()) });

/** Whether it is of the one size, and says of itself that it is that party's about that query. Who opens it, knows. */
export function looksLikeTestimony(sealed: string, query: QueryId, agreement: Agreement, from: PartyId): boolean {
  const [header = '', , , ciphertext = ''] = compactJwe.safeParse(sealed).data?.split('.') ?? [];
  const { ctx } = head.safeParse(parseJson(Buffer.from(header, 'base64url'))).data ?? { ctx: {} };
  const expected = testimonyContext(query, agreementHashOf(agreement), from);
  const names = Object.keys(expected);
  if (ciphertext.length !== Math.ceil((testimonySize(agreement) * 4) / 3)) return false;
  // Whoever writes more into the header would make a query's testimonies too long for the one letter that hands them over.
  if (sealed.length > ciphertext.length + sealing) return false;
  return names.length === Object.keys(ctx).length && names.every((name) => ctx[name] === expected[name]);
}

/** Whose testimonies there are of a query, in this order: of all holders by their ids, and of the aggregator. */
export function witnessesOf(agreement: Agreement): PartyId[] {
  return [...agreement.holders.map(({ id }) => id).sort(), soleParty(agreement, 'aggregator')];
}
