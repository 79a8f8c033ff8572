// The released records of a set query, for the caseworker who asked: opened while they are read, and kept nowhere open.
import type { StoreNode } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { isOfKind } from '@anonymesh/trust';
import { Problem } from '@anonymesh/web';
import { ownQuery } from '../following/own-query.js';
import { lettersOfQuery } from '../store/match-letters.js';
import { openReleased } from './open-released.js';
import type { RecordList } from './record-list.js';

/** Throws the problem `not-found` where nothing was released, or not to this caseworker. */
export async function readRecords({ trust, courier, log }: StoreNode, asker: string, id: string): Promise<RecordList> {
  const { store, self } = courier;
  const query = await ownQuery(store, asker, id);
  const signed = trust.agreements.get(query.agreement);
  if (query.outcome !== 'released' || signed === undefined || !isOfKind(signed, 'set')) throw Problem.of('not-found');
  const opened = await openReleased(id, await lettersOfQuery(store.knex, id), signed, self);
  if (opened.unreadable > 0)
    log.warn('records.unreadable', { query: loggable.queryId(id), records: opened.unreadable });
  const names = new Map(signed.content.parties.map((party) => [party.id, party.name]));
  const records = opened.records.map((record) => ({ ...record, holderName: names.get(record.holder) ?? '' }));
  return { queryId: id, people: query.people ?? 0, unreadable: opened.unreadable, records };
}
