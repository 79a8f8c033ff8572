// /api/v1/approvals: people at the holder decide which queries are evaluated at all, and which of its own matched records
// are released. Nobody else's data is here, and nobody outside learns what was refused.
import { decision, type ApprovalList, type Decision } from '@anonymesh/api';
import { queryId, type QueryId } from '@anonymesh/protocol';
import { readInput, Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { authorise } from '../staff/roles.js';
import { LQI, type Lqi } from '../lqi.js';
import { waitingApprovals } from '../store/approvals.js';
import { waitingQueries } from '../store/query-approvals.js';
import { BEARER } from '../staff/bearer.js';
import { decide } from './decide.js';
import { decideQuery } from './decide-query.js';
import { viewsOf } from './waiting.js';
import { queryViewsOf } from './waiting-query.js';

@Controller('api/v1/approvals')
export class ApprovalsController {
  readonly #lqi: Lqi;
  readonly #bearer: Bearer | undefined;

  constructor(@Inject(LQI) lqi: Lqi, @Inject(BEARER) bearer: Bearer | undefined) {
    this.#lqi = lqi;
    this.#bearer = bearer;
  }

  @Get()
  async list(@Req() request: BearingRequest): Promise<ApprovalList> {
    await this.#approver(request);
    const { node, holder } = this.#lqi;
    const { knex } = node.courier.store;
    const now = Date.now();
    const [records, queries] = [await waitingApprovals(knex, now), await waitingQueries(knex, now)];
    return { approvals: viewsOf(records, node.courier.self, holder), queries: queryViewsOf(queries, holder) };
  }

  /** `id`: of a record that matched, or of a query that waits to be evaluated. */
  @Post(':id')
  @HttpCode(204)
  async decide(@Req() request: BearingRequest, @Param('id') id: string, @Body() body: unknown): Promise<void> {
    const { subject } = await this.#approver(request);
    const given = readInput(decision, body);
    const parsed = queryId.safeParse(id);
    if (parsed.success) await this.#decideQuery(parsed.data, given, subject);
    else if (!(await decide(this.#lqi, id, given, subject))) throw Problem.of('not-found');
  }

  async #decideQuery(id: QueryId, { decision, ...given }: Decision, by: string): Promise<void> {
    const reason = 'reason' in given ? given.reason : null;
    const said = { query_id: id, decision, reason, decided_by: by, decided_at: Date.now() };
    const result = await this.#lqi.node.courier.transact((work) => decideQuery(this.#lqi, work, said));
    if (result === 'nothing') throw Problem.of('not-found');
    if (result === 'twice') throw new Problem('already-decided', 409, 'The signed-in user has decided on it already');
  }

  #approver(request: BearingRequest) {
    return authorise(this.#bearer, request, 'approve');
  }
}
