// The questions that are open: evaluated as they come, released in batches of one transaction; tried again while the
// database fails, until the deadline; taken up again from the store after a crash.
import type { QueryId, RefusalCode } from '@anonymesh/protocol';
import type { StoreNode, Work } from '@anonymesh/courier';
import { goRounds, loggable, type Closer } from '@anonymesh/runtime';
import { isEnded, type Standing } from '@anonymesh/trust';
import type { Knex } from 'knex';
import type { Holder } from '../inbound/examine.js';
import type { CheckQuestion } from '../inbound/question.js';
import { canBeTold, releaseAnswer, releaseRefusal, type Gate } from '../outbound/release.js';
import type { Source } from '../sources/source.js';
import { closeSubqueries, postpone, subqueriesToTry, subqueriesUnder, type Subquery } from '../store/subqueries.js';
import { evaluate, type Evaluated } from './evaluate.js';
import { openLanes } from './lanes.js';
import { nextStep, type NextStep } from './next-step.js';
import { reexamine } from './reexamine.js';
import { openRowByRow } from './row-by-row.js';

export interface OpenQuestions extends Closer {
  /** Evaluates a question that was taken up. */
  take(question: CheckQuestion): void;
  /** It was closed: what has not been begun is not evaluated any more. */
  stop(queryId: QueryId): void;
  /** Ends an open question with a refusal, in the transaction of its cause. */
  refuse(work: Work, question: CheckQuestion, code: RefusalCode): Promise<void>;
}

export interface QuestionParts {
  readonly node: StoreNode;
  readonly holder: Holder;
  readonly gate: Gate;
  readonly source: Source;
}

type Standings = ReadonlyMap<string, Standing>;
const unknown: Standing = { standing: 'unknown' };

const atOnce = 50;
const interval = 1000;
/** Milliseconds after which a question is tried again that could not be answered for a reason of ours. */
const patience = 5000;

export function openQuestions({ node, holder, gate, source }: QuestionParts): OpenQuestions {
  const { courier, log } = node;
  const { knex } = courier.store;
  const inHand = new Set<QueryId>();
  let closed = false;

  const lanes = openLanes<CheckQuestion>(atOnce, async (batch) => {
    await answerAll(batch);
    for (const { queryId } of batch) inHand.delete(queryId);
  });

  /** In the lane of its template: one that takes long, or waits for a lock, holds up nothing of others. */
  const take = (question: CheckQuestion) => {
    if (closed || inHand.has(question.queryId)) return;
    inHand.add(question.queryId);
    lanes.put(question.terms.template.hash, question);
  };

  const stop = (queryId: QueryId) => {
    const taken = lanes.takeBack((each) => each.queryId === queryId);
    if (taken !== undefined) inHand.delete(queryId); // what is being evaluated is not released: its row is closed
  };

  async function answerAll(batch: readonly CheckQuestion[]): Promise<void> {
    try {
      const standings = await standingsOf(batch, knex);
      const evaluated = await Promise.all(batch.map((question) => evaluateInForce(question, standings)));
      await courier.transact((work) => concludeAll(work, batch, evaluated));
    } catch (error) {
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0) await setAside(only, error);
      else for (const each of batch) await answerAll([each]); // one bad question must not hold up the others
    }
  }

  const hashOf = ({ verified }: CheckQuestion) => verified.manifest.agreement;

  const standingsOf = (batch: readonly CheckQuestion[], from: Knex) =>
    node.standing.standings(from, batch.map(hashOf), Date.now());

  /** Nothing touches the holder's database unless all parties say, at this moment, that the agreement is in force. */
  async function evaluateInForce(question: CheckQuestion, standings: Standings): Promise<Evaluated> {
    const standing = standings.get(hashOf(question)) ?? unknown;
    if (standing.standing === 'in-force') return evaluate(question, source);
    return { failed: isEnded(standing) ? 'ended' : 'silent' };
  }

  /** It stays open, and is taken up again after the others. */
  async function setAside({ queryId }: CheckQuestion, error: unknown): Promise<void> {
    log.fault('questions.failed', error, { query: loggable.queryId(queryId) });
    try {
      await postpone(knex, queryId, Date.now() + patience);
    } catch (fault) {
      log.fault('questions.failed', fault, { query: loggable.queryId(queryId) });
    }
  }

  async function concludeAll(
    work: Work,
    batch: readonly CheckQuestion[],
    evaluated: readonly Evaluated[],
  ): Promise<void> {
    const now = Date.now();
    // It may have been withdrawn while the database was at work: then nothing leaves.
    const standings = await standingsOf(batch, work.transaction);
    const steps = batch.map((question, index) => {
      const hasEnded = isEnded(standings.get(hashOf(question)) ?? unknown);
      return { question, step: stepOf(question, hasEnded ? { failed: 'ended' } : evaluated[index], now) };
    });
    const found = steps.flatMap(({ question, step }) => (step.kind === 'release' ? [{ question, ...step }] : []));
    const answered = await closeSubqueries(
      work.transaction,
      found.map(({ question }) => question.queryId),
      'answered',
    );
    const leaving = found.filter(({ question }) => answered.has(question.queryId));
    await Promise.all(leaving.map(({ question, finding }) => releaseAnswer(gate, work, question, finding)));
    for (const { question, step } of steps) {
      if (step.kind === 'again') await postpone(work.transaction, question.queryId, step.at);
      else if (step.kind === 'refuse') await refuse(work, question, step.code);
      else if (step.kind === 'drop') await drop(work, question.queryId);
    }
  }

  function stepOf({ queryId, due }: CheckQuestion, evaluated: Evaluated | undefined, now: number): NextStep {
    const step = nextStep(evaluated ?? { failed: 'again' }, due, now);
    if (evaluated !== undefined && 'failed' in evaluated && !isOfAgreement(evaluated)) {
      const fields = { query: loggable.queryId(queryId), again: step.kind === 'again' };
      log.fault('question.failed', evaluated.cause, fields);
    }
    return step;
  }

  async function refuse(work: Work, question: CheckQuestion, code: RefusalCode): Promise<void> {
    const { queryId, verified } = question;
    const signed = holder.trust.agreements.get(verified.manifest.agreement);
    if (signed !== undefined && !canBeTold(gate, signed.content)) {
      log.warn('refusal.not-told', { query: loggable.queryId(queryId), code: loggable.code(code) });
      return drop(work, queryId);
    }
    const closed = await closeSubqueries(work.transaction, [queryId], 'refused', code);
    if (signed === undefined || !closed.has(queryId)) return;
    courier.refused(code);
    releaseRefusal(gate, work, queryId, signed, code, question);
  }

  /** Too late, or nobody can be told: the aggregator, where there is one, decides without us. */
  async function drop(work: Work, query: QueryId): Promise<void> {
    const dropped = await closeSubqueries(work.transaction, [query], 'dropped');
    if (dropped.has(query)) work.enter({ did: 'decided', what: 'dropped', query, words: 'dropped' });
  }

  /** Takes up what waits in the store: tries that are due, and what another process left. */
  const sweep = async () => {
    // Also those that wait for people, who should not be asked about what can be run no more.
    const ended = await node.standing.ended(knex, Date.now());
    const except = rows.aside();
    if (except === undefined) return;
    await rows.each(await subqueriesUnder(knex, ended, atOnce, except), async (row) => {
      if (!inHand.has(row.query_id)) await end(row, 'agreement-not-in-force');
    });
    await rows.each(await subqueriesToTry(knex, Date.now(), atOnce, except), async (row) => {
      if (inHand.has(row.query_id)) return;
      // Of those that wait for people, these are the ones for which nobody has come in time.
      if (row.needs > 0) return end(row, 'not-approved');
      const question = questionOf(row);
      if (question === undefined) await courier.transact((work) => drop(work, row.query_id));
      else take(question);
    });
  };

  const rows = openRowByRow((error, queryId) =>
    log.fault('questions.failed', error, { query: loggable.queryId(queryId) }),
  );

  const end = (row: Subquery, code: RefusalCode) =>
    courier.transact(async (work) => {
      const question = questionOf(row);
      if (question === undefined) await drop(work, row.query_id);
      else await refuse(work, question, code);
    });

  /** Undefined where it may not be answered any more, or it is too late: then not even that it can be read matters. */
  const questionOf = (row: Subquery): CheckQuestion | undefined => {
    const question = Date.now() < row.due ? reexamine(row, holder) : undefined;
    return question?.kind === 'check' ? question : undefined;
  };

  const sweeping = goRounds({
    name: 'sweeping',
    interval,
    first: 0,
    round: sweep,
    failed: (error) => log.fault('questions.sweep-failed', error),
  });

  return {
    name: 'questions',
    take,
    stop,
    refuse,
    close: async () => {
      closed = true;
      await sweeping.close();
      await lanes.end();
    },
  };
}

/** No fault of ours: it is waited for, or over. */
function isOfAgreement({ failed }: Extract<Evaluated, { failed: string }>): boolean {
  return failed === 'silent' || failed === 'ended';
}
