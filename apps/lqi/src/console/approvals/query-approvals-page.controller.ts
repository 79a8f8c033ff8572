// /approvals/queries/:id: people decide whether a query is evaluated here at all, by who asks, for what and by which
// template. Nobody here learns whom it is about, and there is no answer that a decision could betray.
import { PAGES, Problem, formState, type PageReply, type PageRequest, type Pages, type Visit } from '@anonymesh/web';
import { queryId } from '@anonymesh/protocol';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { decideQuery } from '../../approvals/decide-query.js';
import type { WaitingQueryView } from '@anonymesh/api';
import { queryViewsOf } from '../../approvals/waiting-query.js';
import { LQI, type Lqi } from '../../lqi.js';
import { waitingQueries } from '../../store/query-approvals.js';
import { rolesFor } from '../../staff/roles.js';
import { readOrSayDown } from '../show-store-down.js';
import { readDecision } from './read-decision.js';

const title = 'Decide whether a query is evaluated';

@Controller('approvals/queries')
export class QueryApprovalsPageController {
  readonly #pages: Pages;
  readonly #lqi: Lqi;

  constructor(@Inject(PAGES) pages: Pages, @Inject(LQI) lqi: Lqi) {
    this.#pages = pages;
    this.#lqi = lqi;
  }

  @Get(':id')
  async read(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('approve'));
    const query = await this.#find(visit, id);
    if (query !== undefined) show(visit, query, { form: formState(visit.form) });
  }

  @Post(':id')
  @HttpCode(200)
  async decide(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('approve'));
    const query = await this.#find(visit, id);
    if (query === undefined) return;
    const given = readDecision(visit.form);
    const again = (field: string, text: string, status = 422) =>
      show(visit, query, { form: formState(visit.form, [{ field, text }]) }, status);
    if ('field' in given) return again(given.field, given.text);
    const reason = given.decision === 'refuse' ? given.reason : null;
    const said = {
      query_id: query.query,
      decision: given.decision,
      reason,
      decided_by: visit.user.subject,
      decided_at: Date.now(),
    };
    const result = await this.#lqi.node.courier
      .transact((work) => decideQuery(this.#lqi, work, said))
      .catch((fault: unknown) => {
        this.#lqi.node.log.fault('console.store-down', fault);
        return 'down' as const;
      });
    if (result === 'nothing') throw Problem.of('not-found');
    if (result === 'twice') return again('decision', 'You have decided on this query: somebody else must', 409);
    if (result === 'down')
      return again('decision', 'Nothing was decided: the node’s own store does not answer. Try again', 503);
    await visit.go('/approvals', given.decision === 'approve' ? 'The query was approved' : 'The query was refused');
  }

  /** Throws the problem where nothing of that id waits; undefined where the visitor was told that the store is down. */
  async #find(visit: Visit, id: string): Promise<WaitingQueryView | undefined> {
    if (!queryId.safeParse(id).success) throw Problem.of('not-found');
    const { knex } = this.#lqi.node.courier.store;
    const rows = await readOrSayDown(visit, this.#lqi.node.log, title, () => waitingQueries(knex, Date.now()));
    if (rows === undefined) return undefined;
    const [view] = queryViewsOf(
      rows.filter((row) => row.query_id === id),
      this.#lqi.holder,
    );
    if (view === undefined) throw Problem.of('not-found');
    return view;
  }
}

function show(visit: Visit, query: WaitingQueryView, data: Readonly<Record<string, unknown>>, status = 200): void {
  const { template, fields, needs } = query;
  const rows = [
    { name: 'Asked by', value: `${query.requesterName}, in the role ${query.role}` },
    { name: 'Agreement', value: `${query.title}, version ${query.agreementVersion}` },
    { name: 'Purpose', value: query.purpose },
    { name: 'Legal basis', value: query.legalBasis },
    { name: 'Fields that we are sent', value: fields.length === 0 ? 'None' : fields.join(', ') },
    { name: 'What would be run', value: `${template.title} (${template.id}, version ${template.version})` },
    { name: 'Still to approve', value: needs === 1 ? 'One person' : `${needs} people` },
  ];
  visit.show('console/approvals/query-approval.njk', { title, query, rows, ...data }, status);
}
