// The one place where a query leaves: the letter `ask`, with the same bytes however often it is sent. The coordinator
// learns who asks under which agreement, and sealed bytes.
import { ask, soleParty, type RefusalCode } from '@anonymesh/protocol';
import type { Courier } from '@anonymesh/courier';
import { loggable, type Log } from '@anonymesh/runtime';
import type { Trust } from '@anonymesh/trust';
import { z } from 'zod';
import type { Query } from '../store/queries.js';

/** `unavailable`: nobody knows whether it arrived, so that it must be asked again. */
export type AskCoordinator = (query: Query) => Promise<'admitted' | RefusalCode>;

const kept = z.array(z.strictObject({ holder: z.string(), sealed: z.string() }));

export function askCoordinator(courier: Pick<Courier, 'request'>, { agreements }: Trust, log: Log): AskCoordinator {
  return async ({ id, agreement, manifest, parts, slip }) => {
    const signed = agreements.get(agreement);
    if (signed === undefined) return 'unknown-agreement';
    if (parts === null) throw new TypeError('a query that was sent already');
    const to = soleParty(signed.content, 'coordinator');
    if (signed.pinned(to) === undefined) return 'key-not-pinned';
    try {
      const body = { manifest, parts: kept.parse(JSON.parse(parts)), ...(slip === null ? {} : { slip }) };
      const reply = await courier.request(ask, { to, queryId: id, body });
      return 'accepted' in reply ? 'admitted' : reply.refused;
    } catch (error) {
      log.fault('ask.failed', error, { query: loggable.queryId(id) });
      return 'unavailable';
    }
  };
}
