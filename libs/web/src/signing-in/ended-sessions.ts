// Sessions that were ended before their time: a copy of their cookie is worth nothing, at any copy of the app, since all
// copies share the store. It keeps digests, from which nobody makes a cookie.
import { createHash } from 'node:crypto';
import { inTime, type Log } from '@anonymesh/runtime';
import type { Store } from '@anonymesh/store';

export interface EndedSessions {
  /** `until`: when it would have ended in any case. */
  end(id: string, until: number): Promise<void>;
  has(id: string): Promise<boolean>;
}

/** Milliseconds for which a page waits for a store that does not answer. */
const patience = 2_000;

export function openEndedSessions({ knex }: Pick<Store, 'knex'>, log: Log): EndedSessions {
  // While the store is down this process knows what it ended itself. Pages are shown all the same: they say what is down.
  const here = new Map<string, number>();
  return {
    end: async (id, until) => {
      const now = Date.now();
      for (const [each, over] of here) if (over <= now) here.delete(each);
      here.set(id, until);
      try {
        await inTime(
          knex('ended_sessions')
            .insert({ id: digest(id), until })
            .onConflict('id')
            .ignore(),
          patience,
        );
      } catch (fault) {
        log.fault('session.end-not-kept', fault);
      }
    },
    has: async (id) => {
      if (here.has(id)) return true;
      try {
        return (
          (await inTime(
            knex('ended_sessions')
              .where({ id: digest(id) })
              .first('id'),
            patience,
          )) !== undefined
        );
      } catch (fault) {
        log.fault('session.store-down', fault);
        return false;
      }
    },
  };
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
