// dispatch: takes up a subquery once, if everything about it can be verified. Evaluation comes after, outside of the
// transaction; where the agreement asks for people's approval, it stands between the two.
import { deadlinesOf, dispatch, Refusal, type BodyOf, type Opened, type RefusalCode } from '@anonymesh/protocol';
import { standingOf, TOGETHER, type Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { isEnded } from '@anonymesh/trust';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { decideBy, peopleNeeded } from '../approvals/people-needed.js';
import { limit } from '../limiting/limit.js';
import { LQI, type Lqi } from '../lqi.js';
import { takeUp } from '../matching/take-up.js';
import { releaseRefusal } from '../outbound/release.js';
import { findSetQuery, insertSetQuery } from '../store/set-queries.js';
import { insertSubquery, isSubquery, uncount, type Subquery } from '../store/subqueries.js';
import { examine, type No } from './examine.js';
import type { CheckQuestion, SetQuestion } from './question.js';

/** An open question is tried at once by who took it; others, or this one after a crash, wait this long. Milliseconds. */
const patience = 10_000;

@Controller()
export class DispatchController {
  readonly #lqi: Lqi;

  constructor(@Inject(LQI) lqi: Lqi) {
    this.#lqi = lqi;
  }

  @MessagePattern(dispatch.name, TOGETHER)
  async take(@Payload() letter: Opened<BodyOf<typeof dispatch>>, @Ctx() work: Work): Promise<void> {
    const { holder, gate, node } = this.#lqi;
    const now = Date.now();
    const examined = examine(letter, letter.from, holder, now);
    if ('code' in examined) return this.#refuse(letter, examined, work);
    const { agreement: hash } = examined.verified.manifest;
    const agreement = holder.trust.agreements.get(hash);
    // What only waits for somebody's status is taken up, and waits with it: see `evaluate` and `openSets`.
    if (isEnded(await standingOf(node.standing, work.transaction, hash)))
      return this.#refuse(letter, { code: 'agreement-not-in-force', agreement }, work);
    const limited = await limit(work.transaction, { question: examined, mark: gate.mark, now });
    if (typeof limited === 'object') return this.#refuse(letter, { code: limited.no, agreement }, work);
    const isCheck = examined.kind === 'check';
    const code = await (isCheck ? this.#takeCheck(letter, examined, work) : this.#takeSet(letter, examined, work));
    if (code === undefined) return;
    if (limited === 'new') await uncount(work.transaction, [examined.queryId]);
    if (code === 'replayed') throw new Refusal(code);
    return this.#refuse(letter, { code, agreement }, work);
  }

  /** Why not, or undefined. */
  async #takeSet(
    { body, from }: Opened<BodyOf<typeof dispatch>>,
    question: SetQuestion,
    work: Work,
  ): Promise<RefusalCode | undefined> {
    const { sets, node } = this.#lqi;
    const query = takeUp(node.courier.self, question, { coordinator: from.id, body }, sets.keeper);
    if (typeof query === 'string') return query;
    // What we have refused once stays refused, also where the coordinator thinks better of what it says.
    const isKnown = await isSubquery(work.transaction, query.query_id);
    if (isKnown || !(await insertSetQuery(work.transaction, query))) return 'replayed';
    work.afterwards(() => sets.wake(query.query_id));
    return undefined;
  }

  /** Why not, or undefined. */
  async #takeCheck(
    letter: Opened<BodyOf<typeof dispatch>>,
    question: CheckQuestion,
    work: Work,
  ): Promise<RefusalCode | undefined> {
    const { queryId, verified, due, agreement, terms } = question;
    const needs = peopleNeeded(terms);
    const { erasure } = deadlinesOf(verified.manifest, agreement);
    const open: Subquery = {
      query_id: queryId,
      agreement: verified.manifest.agreement,
      coordinator: letter.from.id,
      dispatched: JSON.stringify(letter.body),
      state: 'open',
      code: null,
      due,
      next_try: needs === 0 ? Date.now() + patience : decideBy(question),
      tries: 0,
      needs,
      kept_until: erasure,
    };
    if (!(await insertSubquery(work.transaction, open))) return 'replayed';
    if (needs === 0) work.afterwards(() => this.#lqi.questions.take(question));
    return undefined;
  }

  async #refuse(
    { queryId, from }: Opened<BodyOf<typeof dispatch>>,
    { code, agreement }: No,
    work: Work,
  ): Promise<void> {
    const { node, gate } = this.#lqi;
    // Where nobody authentic asked, or it is too late, there is nobody to answer.
    if (agreement === undefined || queryId === undefined || code === 'deadline-passed') throw new Refusal(code);
    if ((await findSetQuery(work.transaction, queryId)) !== undefined) throw new Refusal('replayed');
    const now = Date.now();
    const refused: Subquery = {
      query_id: queryId,
      agreement: agreement.hash,
      coordinator: from.id,
      dispatched: null,
      state: 'refused',
      code,
      due: now,
      next_try: now + patience,
      tries: 0,
      needs: 0,
      kept_until: deadlinesOf({ issuedAt: now }, agreement.content).erasure,
    };
    if (!(await insertSubquery(work.transaction, refused))) throw new Refusal('replayed');
    node.courier.refused(code);
    node.log.warn('query.refused', { query: loggable.queryId(queryId), code: loggable.code(code) });
    releaseRefusal(gate, work, queryId, agreement, code);
  }
}
