// /queries/:id: how a query stands, for the caseworker who asked it; to anybody else it does not exist. While it is open
// it says how many holders have answered, never which; at the end, one word and what to do about it.
import { NODE, type StoreNode } from '@anonymesh/courier';
import type { Agreement } from '@anonymesh/protocol';
import { PAGES, Problem, type EventStream, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { howItStands } from '../../asking/how-it-stands.js';
import { PORTALS, type Portals } from '../../portals.js';
import type { Query } from '../../store/queries.js';
import { chainOf } from '../../store/query-list.js';
import { CHANGES, type Changes } from '../changes.js';
import { ownQuery } from '../own-query.js';
import { receiptOf } from '../receipt.js';
import { streamQuery } from '../stream-query.js';
import { canBeTakenBack, hasEnded, listedOf, viewOf, type QueryView } from '../view.js';
import { askedAbout } from './asked-about.js';
import { letterWords } from './letter-words.js';
import { outcomeWords, wordOf } from './outcome-words.js';
import { setProgressOf } from './set-progress.js';
import { toldAtPortal } from './told-at-portal.js';

@Controller('queries')
export class QueryController {
  readonly #node: StoreNode;
  readonly #pages: Pages;
  readonly #changes: Changes;
  readonly #portals: Portals;

  constructor(
    @Inject(NODE) node: StoreNode,
    @Inject(PAGES) pages: Pages,
    @Inject(CHANGES) changes: Changes,
    @Inject(PORTALS) portals: Portals,
  ) {
    this.#node = node;
    this.#pages = pages;
    this.#changes = changes;
    this.#portals = portals;
  }

  @Get(':id')
  async show(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const query = await ownQuery(this.#node.courier.store, visit.user.subject, id);
    const view = viewOf(query, Date.now());
    const agreement = this.#agreementOf(query);
    const stands = await this.#standsOf(query);
    const told = this.#toldOf(query, agreement);
    const data = { query, view, agreement, stands, told, asked: askedAbout(query, agreement) };
    if (!hasEnded(view)) {
      const title = query.kind === 'check' ? 'Waiting for answers' : 'Set query under way';
      return visit.show('following/query/waiting.njk', {
        ...data,
        title,
        canBeTakenBack: canBeTakenBack(view),
        ...waitingOf(view, query),
      });
    }
    const words = outcomeWords(view, agreement, stands?.hasEnded === true ? stands.why : undefined);
    const others = (await this.#chainOf(query)).map((each) => ({ ...each, ...wordOf(each) }));
    const receipt = await receiptOf(this.#node, query);
    const proof = { hasReceipt: receipt !== undefined, isWhole: receipt !== undefined && 'testimonies' in receipt };
    visit.show('following/query/outcome.njk', { ...data, title: 'Outcome', words, others, ...proof });
  }

  @Get(':id/events')
  async follow(
    @Req() request: PageRequest & EventStream['request'],
    @Res() reply: PageReply & EventStream['reply'],
    @Param('id') id: string,
  ): Promise<void> {
    const { user, isSignedIn } = await this.#pages.visit(request, reply);
    const { store } = this.#node.courier;
    const follower = { request, reply, asker: user.subject, isSignedIn, tell: waitingOf };
    await streamQuery(id, store, this.#changes, follower);
  }

  @Get(':id/letter')
  async letter(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const query = await ownQuery(this.#node.courier.store, visit.user.subject, id);
    const now = Date.now();
    const view = viewOf(query, now);
    const agreement = this.#agreementOf(query);
    // Who asked for nothing, or is told nothing yet, gets no letter.
    const { outcome, endedAt: dated = now } = view;
    if (query.reference === null || outcome === undefined || outcome === 'retracted' || agreement?.kind !== 'check')
      throw Problem.of('not-found');
    const office = agreement.parties.find((party) => party.id === this.#node.courier.self.id)?.name;
    const [told, words] = [this.#toldOf(query, agreement), letterWords(outcome, agreement)];
    const title = 'Letter to the applicant';
    visit.show('following/query/letter.njk', { title, query, view, agreement, office, dated, told, words });
  }

  #toldOf(query: Query, agreement: Agreement | undefined) {
    return agreement?.kind === 'check' ? toldAtPortal(query, agreement, this.#portals, Date.now()) : undefined;
  }

  #agreementOf({ agreement }: Query) {
    return this.#node.trust.agreements.get(agreement)?.content;
  }

  async #standsOf({ agreement }: Query) {
    const signed = this.#node.trust.agreements.get(agreement);
    return signed && howItStands(this.#node, signed);
  }

  /** The other askings under the same reference: the first, and re-checks that the applicant wished for. */
  async #chainOf({ id, reference, asker }: Query) {
    if (reference === null) return [];
    const chain = await chainOf(this.#node.courier.store.knex, asker, reference);
    return chain.filter((each) => each.id !== id).map((each) => listedOf(each, Date.now()));
  }
}

/** What a waiting page shows, and what its script puts in place as it changes: texts by the ids of their elements. */
function waitingOf(view: QueryView, { asked_at }: Query) {
  const { state, answered, holders, kind } = view;
  const sent = sayings[state] ?? '';
  const count = `${answered} of ${holders} holders have answered`;
  if (kind === 'check') return { texts: { sent, count } };
  const { percent, stage, left = '' } = setProgressOf(view, asked_at, Date.now());
  return { texts: { sent, count, stage, left }, percent };
}

const sayings: Partial<Record<QueryView['state'], string>> = {
  asking: 'The mesh does not answer at the moment. Your query is kept, and is sent again until it does.',
  waiting: 'The mesh has your query.',
  retracting: 'You have taken it back. It ends as soon as the mesh knows.',
};
