// The set queries that are open: each is followed from where it is, also after a crash, until it ends or its time is up;
// then everything that was needed for it is erased.
import type { Work } from '@anonymesh/courier';
import type { QueryId, RefusalCode } from '@anonymesh/protocol';
import { deriveScalars } from '@anonymesh/psi';
import { goRounds, loggable, type Closer } from '@anonymesh/runtime';
import { forgetDeleted } from '@anonymesh/store';
import type { SetQuestion } from '../inbound/question.js';
import { reexamine } from '../questions/reexamine.js';
import { openRowByRow } from '../questions/row-by-row.js';
import { canBeTold, releaseRefusal, type Gate } from '../outbound/release.js';
import { closeSetQuery } from '../store/close-set-query.js';
import {
  advanceSetQuery,
  openSetQueries,
  setQueriesToTry,
  setQueriesUnder,
  type SetQuery,
} from '../store/set-queries.js';
import { openChanges, type Changes } from './changes.js';
import type { Course, SetParts } from './course.js';
import { followCourse } from './follow-course.js';
import { openOwn } from './own-seal.js';
import { openProgress } from './progress.js';
import { removeSpill, removeSpillsBut } from './spill/spill.js';

export interface OpenSets extends Closer {
  /** Names the spill folder of this copy of the holder, which goes on with what is in it. */
  readonly keeper: string;
  /** Something is new about that query: it was taken up, a chunk came, a person decided. */
  wake(queryId: QueryId): void;
  /** It has ended: what is being done for it is stopped, and what it left is removed. */
  stop(queryId: QueryId): void;
  /** Ends an open query with a refusal, in the transaction of its cause. */
  refuse(work: Work, query: Pick<SetQuery, 'query_id' | 'agreement'>, code: RefusalCode): Promise<void>;
}

export interface OpenSetsParts extends Omit<SetParts, 'inTurn'> {
  readonly gate: Gate;
  readonly keeper: string;
}

const interval = 1000;
/** Milliseconds after which a query is gone on with that failed for a reason of ours. */
const patience = 2000;

export function openSets(parts: OpenSetsParts): OpenSets {
  const { node, holder, gate, pool, spill, keeper } = parts;
  const { courier, log } = node;
  const { knex } = courier.store;
  const following = new Map<
    QueryId,
    { readonly changes: Changes; readonly ended: AbortController; readonly done: Promise<void> }
  >();
  const closing = new AbortController();
  const inTurn = oneAfterAnother();

  const refuse: OpenSets['refuse'] = async (work, { query_id: queryId, agreement }, code) => {
    const signed = holder.trust.agreements.get(agreement);
    const fields = { query: loggable.queryId(queryId), code: loggable.code(code) };
    if (signed !== undefined && !canBeTold(gate, signed.content)) {
      log.warn('refusal.not-told', fields);
      return drop(work, queryId);
    }
    if (!(await closeSetQuery(work.transaction, queryId, 'refused', code))) return;
    log.warn('query.refused', fields);
    courier.refused(code);
    if (signed !== undefined) releaseRefusal(gate, work, queryId, signed, code);
    work.afterwards(() => stop(queryId));
  };

  const follow = (query: SetQuery, question: SetQuestion) => {
    const { query_id: queryId } = query;
    const changes = openChanges();
    const ended = new AbortController();
    const signal = AbortSignal.any([closing.signal, ended.signal]);
    // A key that is gone is a fault of this query, as any other in its course.
    const done = Promise.resolve()
      .then(() => followCourse(courseOf(query, question, changes, signal)))
      .catch((error: unknown) => (signal.aborted ? undefined : setAside(query, error)))
      .then(() => sweepUp(queryId))
      .catch((error: unknown) => log.fault('set.failed', error, { query: loggable.queryId(queryId) }))
      .finally(() => following.delete(queryId));
    following.set(queryId, { changes, ended, done });
  };

  /** Throws where a key is gone that it needs. */
  function courseOf(query: SetQuery, question: SetQuestion, changes: Changes, signal: AbortSignal): Course {
    const { query_id: queryId } = query;
    const { pairSecrets } = gate.pairSecrets(question.maskKeys);
    const seed = openOwn(courier.self, queryId, 'seed', query.seed ?? '');
    return {
      ...parts,
      inTurn,
      question,
      query,
      seed,
      scalars: deriveScalars(seed, queryId),
      pairSecrets: Object.fromEntries(pairSecrets),
      mark: gate.mark,
      changes,
      progress: openProgress(question),
      signal,
      refuse: (code: RefusalCode) => courier.transact((work) => refuse(work, query, code)),
    };
  }

  /** It stays open, and is gone on with a little later; when that would be too late, nobody is left waiting for us. */
  async function setAside(query: SetQuery, error: unknown): Promise<void> {
    const again = Date.now() + 2 * patience < query.due;
    log.fault('set.failed', error, { query: loggable.queryId(query.query_id), again });
    if (again) await advanceSetQuery(knex, query.query_id, {}, { next_try: Date.now() + patience });
    else await courier.transact((work) => refuse(work, query, 'unavailable'));
  }

  /** What an ended query left on the disk. */
  async function sweepUp(queryId: QueryId): Promise<void> {
    if (closing.signal.aborted) return;
    const open = await openSetQueries(knex, keeper);
    if (open.includes(queryId)) return;
    await removeSpill(spill, queryId);
    await forgetDeleted(courier.store);
  }

  async function look(): Promise<void> {
    const ended = await node.standing.ended(knex, Date.now());
    await rows.each(await setQueriesUnder(knex, ended), (query) => end(query, 'agreement-not-in-force'));
    await rows.each(await setQueriesToTry(knex, keeper, Date.now()), goOn);
  }

  const rows = openRowByRow((error, queryId) => log.fault('set.failed', error, { query: loggable.queryId(queryId) }));

  const end = (query: SetQuery, code: RefusalCode) =>
    courier.transact((work) => (query.due <= Date.now() ? drop(work, query.query_id) : refuse(work, query, code)));

  async function goOn(query: SetQuery): Promise<void> {
    const { query_id: queryId } = query;
    const dropIt = () => courier.transact((work) => drop(work, queryId));
    if (query.due <= Date.now()) return dropIt();
    if (following.has(queryId) || closing.signal.aborted) return;
    const question = reexamine(query, holder);
    if (question?.kind !== 'set') return dropIt();
    if (query.needs === 0) return followInForce(query, question);
    // Nobody has approved it in time: it waits for people until its next try, and no longer.
    return end(query, 'not-approved');
  }

  /** Nothing is read unless all parties say that the agreement is in force; until then it waits, as long as there is time. */
  async function followInForce(query: SetQuery, question: SetQuestion): Promise<void> {
    const now = Date.now();
    const standings = await node.standing.standings(knex, [query.agreement], now);
    if (standings.get(query.agreement)?.standing === 'in-force') follow(query, question);
    else if (now + 2 * patience >= query.due)
      await courier.transact((work) => refuse(work, query, 'agreement-not-in-force'));
    else await advanceSetQuery(knex, query.query_id, {}, { next_try: now + interval });
  }

  /** Too late, or not to be answered any more, or nobody can be told: the aggregator ends it without us. */
  async function drop(work: Work, queryId: QueryId): Promise<void> {
    work.afterwards(() => stop(queryId));
    if (!(await closeSetQuery(work.transaction, queryId, 'dropped'))) return;
    work.enter({ did: 'decided', what: 'dropped', query: queryId, words: 'dropped' });
    work.afterwards(() => log.warn('set.dropped', { query: loggable.queryId(queryId) }));
  }

  const stop = (queryId: QueryId) => {
    const followed = following.get(queryId);
    followed?.ended.abort();
    followed?.changes.announce();
    // It may end before it is followed again, after a restart: what it had put down is still there.
    if (followed === undefined) void sweepUp(queryId).catch((error: unknown) => notSwept(error, queryId));
  };

  const notSwept = (error: unknown, queryId: QueryId) =>
    log.fault('set.not-swept', error, { query: loggable.queryId(queryId) });

  const wake = (queryId: QueryId) => {
    const followed = following.get(queryId);
    if (followed === undefined) looking.wake();
    else followed.changes.announce();
  };

  const begun = openSetQueries(knex, keeper)
    .then((open) => removeSpillsBut(spill, open))
    .catch((error: unknown) => log.fault('set.not-swept', error));
  const looking = goRounds({
    name: 'looking',
    interval,
    first: 0,
    round: async () => {
      await begun;
      await look();
    },
    failed: (error) => log.fault('set.look-failed', error),
  });

  return {
    name: 'sets',
    keeper,
    wake,
    stop,
    refuse,
    close: async () => {
      closing.abort();
      await Promise.all([begun, looking.close()]);
      for (const { changes } of following.values()) changes.announce();
      await Promise.all([...following.values()].map(({ done }) => done));
      await pool.close();
    },
  };
}

function oneAfterAnother(): SetParts['inTurn'] {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
