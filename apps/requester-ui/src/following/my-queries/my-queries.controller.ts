// /: the caseworker's own queries, newest first. A reference is searched for in a form, so that it is in no address, and
// leads to the query's own page.
import { canonicalReference } from '@anonymesh/protocol-asking';
import { NODE, type StoreNode } from '@anonymesh/courier';
import {
  formState,
  PAGES,
  type FormState,
  type PageReply,
  type PageRequest,
  type Pages,
  type User,
  type Visit,
} from '@anonymesh/web';
import { Controller, Get, Inject, Post, Query as Parameters, Req, Res } from '@nestjs/common';
import type { Query } from '../../store/queries.js';
import { chainOf, countQueries, listPage } from '../../store/query-list.js';
import { wordOf } from '../query/outcome-words.js';
import { canBeTakenBack, listedOf } from '../view.js';
import { addressOf, pageLinks, readListing, type Listing } from './listing.js';

const pageLength = 50;

@Controller()
export class MyQueriesController {
  readonly #node: StoreNode;
  readonly #pages: Pages;

  constructor(@Inject(NODE) node: StoreNode, @Inject(PAGES) pages: Pages) {
    this.#node = node;
    this.#pages = pages;
  }

  @Get()
  async list(@Req() request: PageRequest, @Res() reply: PageReply, @Parameters() parameters: unknown): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    await this.#show(visit, readListing(parameters), formState());
  }

  @Post('search')
  async search(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const reference = canonicalReference(visit.form['reference'] ?? '');
    const chain = reference === undefined ? [] : await chainOf(this.#knex, visit.user.subject, reference);
    const newest = chain.at(-1);
    if (newest !== undefined) return visit.go(`/queries/${newest.id}`);
    const text =
      reference === undefined
        ? 'Enter the whole reference, like ABCD-EFGH-JKMN-PQRS-T'
        : 'None of your queries has this reference, or it has been erased';
    await this.#show(visit, { filter: {}, page: 1 }, formState(visit.form, [{ field: 'reference', text }]), 422);
  }

  // Where a search was turned down, the address in the browser is /search: reloading it shows the list.
  @Get('search')
  async afterSearch(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    if (visit.form['reference'] === undefined) return visit.go('/');
    await this.#show(visit, { filter: {}, page: 1 }, formState(visit.form));
  }

  async #show(visit: Visit, listing: Listing, form: FormState, status = 200): Promise<void> {
    const now = Date.now();
    const [{ queries, total }, all] = await Promise.all([this.#read(visit.user, listing), this.#count(visit.user)]);
    const data = {
      title: 'My queries',
      form,
      listing,
      total,
      hasAny: all > 0,
      queries: queries.map((query) => rowOf(query, now)),
      agreements: new Map([...this.#node.trust.agreements.values()].map(({ content }) => [content.id, content.title])),
      pagination: pageLinks(listing.page, Math.ceil(total / pageLength), (page) => addressOf({ ...listing, page })),
      first: (listing.page - 1) * pageLength + 1,
    };
    visit.show('following/my-queries/my-queries.njk', data, status);
  }

  async #read({ subject }: User, { filter, page }: Listing) {
    const part = { skip: (page - 1) * pageLength, take: pageLength };
    const [queries, total] = await Promise.all([
      listPage(this.#knex, subject, filter, part),
      countQueries(this.#knex, subject, filter),
    ]);
    return { queries, total };
  }

  #count({ subject }: User): Promise<number> {
    return countQueries(this.#knex, subject, {});
  }

  get #knex() {
    return this.#node.courier.store.knex;
  }
}

/** A reference is on the page, and in no address; nothing says whom a query is about. */
function rowOf(query: Query, now: number) {
  const view = listedOf(query, now);
  const { reference, agreement_id } = query;
  return { ...view, ...wordOf(view), canBeTakenBack: canBeTakenBack(view), reference, agreement_id };
}
