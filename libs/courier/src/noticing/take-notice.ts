// Takes another party's notice of an agreement. Each part of it is believed as far as its own party signed it; the sender
// only has to be a party to the agreement. Who does not know what we say, as a node that lost its store, is told.
import { agreementHashOf, Refusal, type BodyOf, type notice, type Opened } from '@anonymesh/protocol';
import { loggable, type Log } from '@anonymesh/runtime';
import type { Ledger } from '@anonymesh/standing';
import type { Trust } from '@anonymesh/trust';
import type { Self } from '../parcel.js';
import type { Work } from '../work.js';
import { tellParties } from './tell-parties.js';

export interface NoticeTaker {
  readonly courier: { readonly self: Self };
  readonly trust: Trust;
  readonly standing: Ledger;
  readonly log: Log;
}

type Letter = Pick<Opened<BodyOf<typeof notice>>, 'from' | 'body'>;

/** When whom was told of which agreement. */
export type Told = Map<string, number>;

/**
 * Whoever is admitted could fill our store with drafts: of those that we have not signed, so many that one sender brought.
 * Whom they name does not count: a sender could use up others' allowance.
 */
export const mostDrafts = 50;
/** Milliseconds after which what we said is on its way no longer; between two answers to one who does not take them in. */
const onItsWay = 10_000;
const answerEvery = 60_000;

export async function takeNotice(
  { courier, trust, standing, log }: NoticeTaker,
  told: Told,
  { from, body }: Letter,
  work: Pick<Work, 'transaction' | 'post'>,
): Promise<void> {
  const { id, kind, identity } = from;
  const { parties } = body.agreement;
  if (!parties.some((party) => party.id === id && party.kind === kind && party.identity === identity))
    throw new Refusal('key-not-pinned');
  const hash = agreementHashOf(body.agreement);
  if (!trust.agreements.has(hash) && (await standing.draftsBy(work.transaction, id)) >= mostDrafts)
    throw new Refusal('too-large');
  const { isNew, ended } = await standing.take(work.transaction, body, id);
  if (isNew && ended.includes(hash)) log.warn('agreement.ended', { from: loggable.partyId(id) });
  const own = await standing.statusOf(work.transaction, hash, courier.self.id);
  const now = Date.now();
  if (own === undefined || body.statuses.includes(own.signed) || own.from > now - onItsWay) return;
  // What has run out is of use to nobody. Two who cannot verify each other's would tell it each other for ever.
  if (own.state === 'in-force' && own.until <= now) return;
  const key = `${hash} ${id}`;
  if ((told.get(key) ?? 0) > now - answerEvery) return;
  told.set(key, now);
  const signed = trust.agreements.get(hash);
  const known = await standing.notice(work.transaction, hash);
  if (signed !== undefined && known !== undefined) tellParties(work, courier.self, signed, known, [id]);
}
