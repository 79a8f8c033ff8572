// One round of a node's agreements: takes in what an administrator has put down and what other copies of this node have
// learned, says of each agreement that it is in force where that is due, and tells the other parties.
import { agreementHashOf, Refusal, type AgreementNotice } from '@anonymesh/protocol';
import { loggable, type Log } from '@anonymesh/runtime';
import type { Ledger } from '@anonymesh/standing';
import type { Trust } from '@anonymesh/trust';
import type { StoreCourier } from '../courier.js';
import type { Work } from '../work.js';
import { dueOf, sayInForce, type Saying } from './say-status.js';
import { tellParties } from './tell-parties.js';
import { watchFolder } from './watch-folder.js';

export interface StandingKeeper {
  readonly courier: Pick<StoreCourier, 'self' | 'store' | 'transact'>;
  readonly log: Log;
  readonly trust: Trust;
  readonly standing: Ledger;
}

/** `folder`: where an administrator puts agreements. */
export interface KeepingStanding extends Saying {
  readonly folder: string;
}

/** What one process does again and again. */
export function openRounds(
  { courier, log, trust, standing }: StandingKeeper,
  keeping: KeepingStanding,
): () => Promise<void> {
  const { self, store } = courier;
  const folder = watchFolder(keeping.folder, trust.directory);
  /** By hash, when this process told the others last. */
  const saidAt = new Map<string, number>();
  /** What has been kept, and not told yet. A process that starts tells of everything. */
  const untold = new Set<string>();

  const round = async () => {
    await standing.refresh(store.knex);
    const filed = folder
      .changed((error) => log.fault('agreements.not-read', error))
      .map(({ signed, withdrawals }) => {
        return { agreement: signed.content, signatures: signed.signatures, statuses: [...withdrawals] };
      });
    if (filed.length > 0) await keepFiled(filed);
    const now = Date.now();
    const all = await dueAt(now);
    if (untold.size === 0 && all.length === 0) return;
    const told = await courier.transact(async (work) => {
      const news = new Set([...untold, ...all.filter(({ due }) => due === 'again').map(({ hash }) => hash)]);
      for (const { hash, due } of all)
        if (due === 'status' && (await isNews(work, await inForce(work, hash, now)))) news.add(hash);
      for (const hash of news) await tell(work, hash);
      return news;
    });
    for (const hash of told) {
      saidAt.set(hash, now);
      untold.delete(hash);
    }
  };

  /** By itself: a withdrawal counts here also while nothing can be signed, as where the node's key was revoked. */
  const keepFiled = async (filed: readonly AgreementNotice[]) => {
    const news = await courier.transact(async (work) => {
      const hashes: string[] = [];
      for (const said of filed) if (await isNews(work, said)) hashes.push(agreementHashOf(said.agreement));
      return hashes;
    });
    for (const hash of news) untold.add(hash);
  };

  const wholeRound = async () => {
    try {
      await round();
    } catch (error) {
      folder.forget();
      throw error;
    }
  };

  const dueAt = async (now: number) => {
    const standings = await standing.standings(store.knex, [...trust.agreements.keys()], now);
    return [...trust.agreements.values()].flatMap((signed) => {
      const { hash } = signed;
      const known = standings.get(hash) ?? { standing: 'unknown' };
      const due = dueOf(self.id, signed, known, saidAt.get(hash) ?? 0, { now, ...keeping });
      return due === undefined ? [] : [{ hash, due }];
    });
  };

  const inForce = async ({ transaction }: Work, hash: string, now: number): Promise<AgreementNotice> => {
    const { goodFor } = keeping;
    const before = (await standing.statusOf(transaction, hash, self.id))?.sequence;
    const status = await sayInForce(hash, self.id, self.keyring.signing, {
      now,
      goodFor,
      ...(before === undefined ? {} : { before }),
    });
    const known = await standing.notice(transaction, hash);
    if (known === undefined) throw new Error('an agreement that is due is known');
    return { ...known, statuses: [status] };
  };

  /** What is none of our business, or what nobody has signed, is no news; nor is a status that nobody could verify. */
  const isNews = async (work: Work, said: AgreementNotice): Promise<boolean> => {
    try {
      return (await standing.take(work.transaction, said)).isNew;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      log.info('agreement.not-taken', { code: loggable.code(error.code) });
      return false;
    }
  };

  const tell = async (work: Work, hash: string) => {
    const signed = trust.agreements.get(hash);
    const body = await standing.notice(work.transaction, hash);
    if (signed !== undefined && body !== undefined) tellParties(work, self, signed, body);
  };

  return wholeRound;
}
