// All that the portal says to the mesh, in one place: what lies under a lookup id, what explains a query, and a subject's
// wish to be checked anew. Neither coordinator nor aggregator learns who asks.
import {
  relayRecheck,
  seal,
  signLetter,
  slip,
  soleParty,
  type PartyId,
  type QueryId,
  type ReplyOf,
} from '@anonymesh/protocol';
import { explain } from '@anonymesh/protocol-answering';
import { recheck } from '@anonymesh/protocol-asking';
import type { StoreCourier } from '@anonymesh/courier';
import type { SignedAgreement } from '@anonymesh/trust';
import { isWished, noteWish } from '../store/wishes.js';

/** The token under which main provides it to Nest. */
export const MESH = Symbol('mesh');

export interface Mesh {
  /** What a coordinator has under a lookup id. */
  slipUnder(lookupId: string, coordinator: PartyId): Promise<ReplyOf<typeof slip> | 'not-found' | 'unavailable'>;
  /** The signed outcome of a query, and the holders' signed answers with their sealed explanations. */
  explain(queryId: QueryId, aggregator: PartyId): Promise<ReplyOf<typeof explain> | 'not-decided' | 'unavailable'>;
  /**
   * Sends the subject's wish, signed and sealed to the requester, once a query. `unavailable`: it has no key to be
   * trusted.
   */
  wish(queryId: QueryId, requester: PartyId, signed: SignedAgreement): Promise<'sent' | 'already-sent' | 'unavailable'>;
  /** Whether a wish about this query waits to be followed. */
  isWished(queryId: QueryId): Promise<boolean>;
}

export function openMesh(courier: Pick<StoreCourier, 'self' | 'request' | 'transact' | 'store'>): Mesh {
  const { self } = courier;
  return {
    slipUnder: async (lookupId, coordinator) => {
      const reply = await courier.request(slip, { to: coordinator, body: { lookupId } });
      if ('accepted' in reply) return reply.accepted;
      return reply.refused === 'not-found' ? 'not-found' : 'unavailable';
    },
    explain: async (queryId, aggregator) => {
      const reply = await courier.request(explain, { to: aggregator, queryId, body: {} });
      if ('accepted' in reply) return reply.accepted;
      // An aggregator that has not heard of a query yet has not decided it either.
      return reply.refused === 'not-decided' || reply.refused === 'not-found' ? 'not-decided' : 'unavailable';
    },
    wish: async (queryId, requester, signed) => {
      const key = signed.sealingKeyOf(requester, Date.now());
      if (key === undefined) return 'unavailable';
      const letter = { from: self.id, to: requester, queryId, body: { wish: 'ask-again' } } as const;
      const { text } = await signLetter(recheck, letter, self.keyring.signing);
      const sealed = seal(text, key, { message: 'recheck', query: queryId, from: self.id, to: requester });
      const to = soleParty(signed.content, 'coordinator');
      return courier.transact(async (work) => {
        if (!(await noteWish(work.transaction, queryId, Date.now()))) return 'already-sent';
        work.post(relayRecheck, { to, queryId, body: { requester, sealed } });
        return 'sent';
      });
    },
    isWished: (queryId) => isWished(courier.store.knex, queryId, Date.now()),
  };
}
