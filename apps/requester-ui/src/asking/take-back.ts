// Taking a query back, whoever asks for it where: signed by us, so that every party can see that it was the requester.
import { retract, signRetraction, soleParty } from '@anonymesh/protocol';
import type { StoreNode } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import type { Changes } from '../following/changes.js';
import { saveRetracting, type Query } from '../store/queries.js';
import { refusedWith } from './problems.js';

/** Returns whether this took it back: it was open, and not taken back before. */
export async function takeBack(
  { courier, trust, log }: StoreNode,
  changes: Changes,
  { id, manifest, agreement }: Query,
): Promise<boolean> {
  const signed = trust.agreements.get(agreement);
  if (signed === undefined) throw refusedWith('unknown-agreement');
  const { id: requester, keyring } = courier.self;
  return courier.transact(async (work) => {
    const now = Date.now();
    if (!(await saveRetracting(work.transaction, id, now))) return false;
    const content = { type: 'anonymesh/retraction/v1', queryId: id, requester, issuedAt: now } as const;
    const body = { manifest, retraction: await signRetraction(content, keyring.signing) };
    work.post(retract, { to: soleParty(signed.content, 'coordinator'), queryId: id, body });
    work.afterwards(() => {
      changes.publish(id);
      log.info('query.retracted', { query: loggable.queryId(id) });
    });
    return true;
  });
}
