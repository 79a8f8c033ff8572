// /api/v1/approvals: people at the holder decide which of its own matched records are released. Nobody else's data is
// here, and nobody outside learns what was refused.
import { readInput, Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { authorise } from '../console/roles.js';
import { LQI, type Lqi } from '../lqi.js';
import { waitingApprovals } from '../store/approvals.js';
import { decide } from './decide.js';
import { BEARER } from '../console/bearer.js';
import { decision, viewsOf, type ApprovalView } from './waiting.js';

@Controller('api/v1/approvals')
export class ApprovalsController {
  readonly #lqi: Lqi;
  readonly #bearer: Bearer | undefined;

  constructor(@Inject(LQI) lqi: Lqi, @Inject(BEARER) bearer: Bearer | undefined) {
    this.#lqi = lqi;
    this.#bearer = bearer;
  }

  @Get()
  async list(@Req() request: BearingRequest): Promise<{ readonly approvals: readonly ApprovalView[] }> {
    await this.#approver(request);
    const { node, holder } = this.#lqi;
    const rows = await waitingApprovals(node.courier.store.knex, Date.now());
    return { approvals: viewsOf(rows, node.courier.self, holder) };
  }

  @Post(':id')
  @HttpCode(204)
  async decide(@Req() request: BearingRequest, @Param('id') id: string, @Body() body: unknown): Promise<void> {
    const { subject } = await this.#approver(request);
    const given = readInput(decision, body);
    if (!(await decide(this.#lqi, id, given, subject))) throw Problem.of('not-found');
  }

  #approver(request: BearingRequest) {
    return authorise(this.#bearer, request, 'approve');
  }
}
