// Asking: a query is in our own store before anybody hears of it, and is asked until the coordinator has it, refuses it,
// or its deadline passes. A process that is killed in between loses nothing.
import { enter } from '@anonymesh/evidence';
import type { QueryId, RefusalCode } from '@anonymesh/protocol';
import { loggable, type Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';
import type { Changes } from '../following/changes.js';
import { putOff, takeDue, turn } from '../store/due.js';
import { insertQuery, saveAdmitted, saveRefused, type Query } from '../store/queries.js';
import type { AskCoordinator } from './ask-coordinator.js';
import { AskedTooOften, limitAsking, type AskingLimits } from './limit-asking.js';

/** The token under which main provides it to Nest. */
export const ASKING = Symbol('asking');

export type Asked =
  | { readonly state: 'asking' | 'waiting' }
  | { readonly refused: RefusalCode }
  /** The account asks too often, and nothing is kept of this query; seconds. */
  | { readonly retryAfter: number };

export interface Asking {
  /** Keeps the query and asks once. */
  ask(query: Query): Promise<Asked>;
  /** Asks what is due again; for a round every second or so. */
  askDue(): Promise<void>;
}

const atOnce = 50;

export interface AskingParts {
  readonly store: Store;
  readonly askCoordinator: AskCoordinator;
  readonly changes: Changes;
  readonly log: Log;
  readonly limits: AskingLimits;
}

export function openAsking({ store, askCoordinator, changes, log, limits }: AskingParts): Asking {
  const attempt = async (query: Query): Promise<Asked> => {
    const result = await askCoordinator(query);
    if (result === 'unavailable') {
      await putOff(store, query, Date.now());
      return { state: 'asking' };
    }
    const admitted = result === 'admitted';
    if (admitted) await saveAdmitted(store.knex, query.id);
    else await endRefused(query.id, result);
    changes.publish(query.id);
    log.info('query.asked', { query: loggable.queryId(query.id), code: loggable.code(result) });
    return admitted ? { state: 'waiting' } : { refused: result };
  };
  /** That it was admitted, the coordinator's log says, and whatever comes of it. */
  const endRefused = (id: QueryId, code: RefusalCode) =>
    store.knex.transaction(async (transaction) => {
      const told = { did: 'decided' as const, what: 'refused', query: id, words: code };
      if (await saveRefused(transaction, id, code, Date.now())) await enter(transaction, [told]);
    });
  const count = limitAsking(limits);
  const keep = (query: Query) =>
    store.knex.transaction(async (transaction) => {
      await insertQuery(transaction, { ...query, ask_at: Date.now() + turn });
      await enter(transaction, [{ did: 'decided', what: 'ask', query: query.id, words: query.manifest }]);
      await count(transaction, query, Date.now());
    });
  return {
    ask: async (query) => {
      try {
        await keep(query);
      } catch (error) {
        if (error instanceof AskedTooOften) return { retryAfter: error.retryAfter };
        throw error;
      }
      // It is kept, and due again: what fails now is no reason to have somebody ask a second time.
      return attempt(query).catch((error: unknown) => {
        log.fault('query.not-asked-yet', error, { query: loggable.queryId(query.id) });
        return { state: 'asking' } as const;
      });
    },
    askDue: async () => {
      const due = await takeDue(store, Date.now(), atOnce);
      await Promise.all(due.map(attempt));
    },
  };
}
