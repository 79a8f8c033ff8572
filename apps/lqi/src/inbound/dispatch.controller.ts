// dispatch: takes up a subquery once, if everything about it can be verified. Evaluation comes after, outside of the
// transaction: a person's approval (issue 5) will stand between the two.
import { deadlinesOf, dispatch, Refusal, type BodyOf, type Opened } from '@anonymesh/protocol';
import type { Work } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { LQI, type Lqi } from '../lqi.js';
import { releaseRefusal } from '../outbound/release.js';
import { insertSubquery, type Subquery } from '../store/subqueries.js';
import { examine } from './examine.js';

/** An open question is tried at once by who took it; others, or this one after a crash, wait this long. Milliseconds. */
const patience = 10_000;

@Controller()
export class DispatchController {
  readonly #lqi: Lqi;

  constructor(@Inject(LQI) lqi: Lqi) {
    this.#lqi = lqi;
  }

  @MessagePattern(dispatch.name)
  async take(@Payload() letter: Opened<BodyOf<typeof dispatch>>, @Ctx() work: Work): Promise<void> {
    const { holder, gate, questions, node } = this.#lqi;
    const now = Date.now();
    const examined = examine(letter, letter.from, holder, now);
    const row = { coordinator: letter.from.id, next_try: now + patience, tries: 0 };
    if ('template' in examined) {
      const { queryId, verified, due } = examined;
      const dispatched = JSON.stringify(letter.body);
      const { agreement: hash } = verified.manifest;
      const { erasure } = deadlinesOf(verified.manifest, examined.agreement);
      const open = { ...row, query_id: queryId, agreement: hash, dispatched, code: null, due, kept_until: erasure };
      if (!(await insertSubquery(work.transaction, { ...open, state: 'open' }))) throw new Refusal('replayed');
      work.afterwards(() => questions.take(examined));
      return;
    }
    const { code, agreement } = examined;
    const queryId = letter.queryId;
    // Where nobody authentic asked, or it is too late, there is nobody to answer.
    if (agreement === undefined || queryId === undefined || code === 'deadline-passed') throw new Refusal(code);
    const refused: Subquery = {
      ...row,
      query_id: queryId,
      agreement: agreement.hash,
      dispatched: null,
      state: 'refused',
      code,
      due: now,
      kept_until: deadlinesOf({ issuedAt: now }, agreement.content).erasure,
    };
    if (!(await insertSubquery(work.transaction, refused))) throw new Refusal('replayed');
    node.courier.refused(code);
    node.log.warn('query.refused', { query: loggable.queryId(queryId), code: loggable.code(code) });
    releaseRefusal(gate, work, queryId, agreement, code);
  }
}
