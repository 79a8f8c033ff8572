// /approvals: what waits for people at the holder: queries, and which of its own matched records are released. That a record is listed says that
// other holders have the same person: only who has the role to decide learns that.
import { PAGES, Problem, formState, type PageReply, type PageRequest, type Pages, type Visit } from '@anonymesh/web';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { decide } from '../../approvals/decide.js';
import type { ApprovalView } from '@anonymesh/api';
import { viewsOf } from '../../approvals/waiting.js';
import { queryViewsOf } from '../../approvals/waiting-query.js';
import { LQI, type Lqi } from '../../lqi.js';
import { waitingApproval, waitingApprovals } from '../../store/approvals.js';
import { waitingQueries } from '../../store/query-approvals.js';
import { countForPeople } from '../../store/waiting-for-people.js';
import { rolesFor } from '../../staff/roles.js';
import { readOrSayDown } from '../show-store-down.js';
import { readDecision } from './read-decision.js';

const title = 'Approvals';
const pageSize = 25;
const pageNumber = z.object({ page: z.coerce.number().int().min(1).max(100_000) });

@Controller('approvals')
export class ApprovalsPageController {
  readonly #pages: Pages;
  readonly #lqi: Lqi;

  constructor(@Inject(PAGES) pages: Pages, @Inject(LQI) lqi: Lqi) {
    this.#pages = pages;
    this.#lqi = lqi;
  }

  @Get()
  async list(@Req() request: PageRequest, @Res() reply: PageReply, @Query() query: unknown): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('approve'));
    const page = pageNumber.safeParse(query).data?.page ?? 1;
    const read = await readOrSayDown(visit, this.#lqi.node.log, title, async () => {
      const { knex } = this.#lqi.node.courier.store;
      const now = Date.now();
      const { records: total } = await countForPeople(knex, now);
      const rows = await waitingApprovals(knex, now, { offset: (page - 1) * pageSize, limit: pageSize });
      const queries = page === 1 ? await waitingQueries(knex, now) : [];
      return { total, rows, queries };
    });
    if (read === undefined) return;
    visit.show('console/approvals/approvals.njk', {
      title,
      total: read.total,
      queries: queryViewsOf(read.queries, this.#lqi.holder),
      approvals: this.#viewsOf(read.rows),
      page,
      pages: Math.max(1, Math.ceil(read.total / pageSize)),
    });
  }

  @Get(':id')
  async read(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('approve'));
    const approval = await this.#find(visit, id);
    if (approval !== undefined) show(visit, approval, { form: formState(visit.form) });
  }

  @Post(':id')
  @HttpCode(200)
  async decide(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('approve'));
    const approval = await this.#find(visit, id);
    if (approval === undefined) return;
    const given = readDecision(visit.form);
    const again = (field: string, text: string, status = 422) =>
      show(visit, approval, { form: formState(visit.form, [{ field, text }]) }, status);
    if ('field' in given) return again(given.field, given.text);
    try {
      const decided = await decide(this.#lqi, id, given, visit.user.subject);
      if (!decided) throw Problem.of('not-found');
    } catch (fault) {
      if (fault instanceof Problem) throw fault;
      this.#lqi.node.log.fault('console.store-down', fault);
      return again('decision', 'Nothing was decided: the node’s own store does not answer. Try again', 503);
    }
    await visit.go('/approvals', given.decision === 'approve' ? 'The record was approved' : 'The record was refused');
  }

  /** Throws the problem where nothing of that id waits; undefined where the visitor was told that the store is down. */
  async #find(visit: Visit, id: string): Promise<ApprovalView | undefined> {
    const { knex } = this.#lqi.node.courier.store;
    const read = await readOrSayDown(visit, this.#lqi.node.log, title, async () => ({
      row: await waitingApproval(knex, Date.now(), id),
    }));
    if (read === undefined) return undefined;
    const [view] = read.row === undefined ? [] : this.#viewsOf([read.row]);
    if (view === undefined) throw Problem.of('not-found');
    return view;
  }

  #viewsOf(rows: Parameters<typeof viewsOf>[0]): ApprovalView[] {
    const { node, holder } = this.#lqi;
    return viewsOf(rows, node.courier.self, holder);
  }
}

function show(visit: Visit, approval: ApprovalView, data: Readonly<Record<string, unknown>>, status = 200): void {
  const fields = Object.entries(approval.record).map(([name, value]) => ({ name, value: value ?? '' }));
  visit.show(
    'console/approvals/approval.njk',
    { title: 'Decide on the release of a record', approval, fields, ...data },
    status,
  );
}
