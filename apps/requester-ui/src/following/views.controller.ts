// GET /api/v1/queries…: a caseworker follows the queries that this caseworker asked. To anybody else they do not exist.
import { queryId } from '@anonymesh/protocol';
import { NODE, type StoreNode } from '@anonymesh/courier';
import { readInput, type Bearer, type BearingRequest, type EventStream } from '@anonymesh/web';
import { Controller, Get, Inject, Param, Query as Parameters, Req, Res } from '@nestjs/common';
import { z } from 'zod';
import { BEARER } from '../bearer.js';
import { listQueries } from '../store/queries.js';
import { CHANGES, type Changes } from './changes.js';
import { ownQuery } from './own-query.js';
import { streamQuery } from './stream-query.js';
import { listedOf, viewOf, type QueryList, type QueryView } from './view.js';

const page = 50;
const listParameters = z.strictObject({ before: queryId.optional() });

@Controller('api/v1/queries')
export class ViewsController {
  readonly #node: StoreNode;
  readonly #bearer: Bearer;
  readonly #changes: Changes;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer, @Inject(CHANGES) changes: Changes) {
    this.#node = node;
    this.#bearer = bearer;
    this.#changes = changes;
  }

  @Get()
  async list(@Req() request: BearingRequest, @Parameters() parameters: unknown): Promise<QueryList> {
    const { subject } = await this.#bearer.authenticate(request);
    const { before } = readInput(listParameters, parameters);
    const last = before === undefined ? undefined : await ownQuery(this.#node.courier.store, subject, before);
    const found = await listQueries(this.#node.courier.store.knex, subject, last, page + 1);
    const shown = found.slice(0, page);
    const now = Date.now();
    const next = found.length > page ? shown.at(-1)?.id : undefined;
    return { queries: shown.map((query) => listedOf(query, now)), ...(next === undefined ? {} : { next }) };
  }

  @Get(':id')
  async show(@Req() request: BearingRequest, @Param('id') id: string): Promise<QueryView> {
    const { subject } = await this.#bearer.authenticate(request);
    return viewOf(await ownQuery(this.#node.courier.store, subject, id), Date.now());
  }

  @Get(':id/events')
  async follow(
    @Req() request: BearingRequest & EventStream['request'],
    @Res() reply: EventStream['reply'],
    @Param('id') id: string,
  ): Promise<void> {
    const { subject: asker, claims } = await this.#bearer.authenticate(request);
    // No longer than the token is good for: the next stream needs a new one.
    const isSignedIn = () => typeof claims.exp !== 'number' || Date.now() < claims.exp * 1000;
    await streamQuery(id, this.#node.courier.store, this.#changes, { request, reply, asker, isSignedIn });
  }
}
