// GET /api/v1/queries/:id/receipt: this organisation's share of the proof of how a query went, for the caseworker who
// asked it. It names nobody: neither the person, nor which holder said what.
import { queryId } from '@anonymesh/protocol';
import { NODE, type StoreNode } from '@anonymesh/courier';
import { makePart, readEntry } from '@anonymesh/evidence';
import { Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Controller, Get, Header, Inject, Param, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { findQueryOf, lateCode } from '../store/queries.js';

/** The last entry about a query, one or the other. */
const ends: readonly string[] = ['outcome', lateCode];

@Controller('api/v1/queries/:id/receipt')
export class ReceiptController {
  readonly #node: StoreNode;
  readonly #bearer: Bearer;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer) {
    this.#node = node;
    this.#bearer = bearer;
  }

  /** Until a checkpoint has been signed since the query ended, there is none. */
  @Get()
  @Header('content-disposition', 'attachment; filename="receipt.json"')
  async download(@Req() request: BearingRequest, @Param('id') id: string): Promise<object> {
    const { subject } = await this.#bearer.authenticate(request);
    const { trust, courier } = this.#node;
    const { knex } = courier.store;
    const query = queryId.safeParse(id).success ? await findQueryOf(knex, subject, id) : undefined;
    const signed = query && trust.agreements.get(query.agreement);
    if (query === undefined || signed === undefined || query.outcome === null) throw Problem.of('not-found');
    const part = await makePart(knex, { query: id, askedAt: query.asked_at, opens: true });
    if (part === undefined || !part.entries.some(isEnd)) throw Problem.of('not-found');
    return {
      type: 'anonymesh/receipt/v1',
      query: id,
      agreement: { content: signed.content, signatures: signed.signatures },
      manifest: query.manifest,
      ...(query.outcome_signed === null ? {} : { outcome: query.outcome_signed }),
      parts: [part],
    };
  }
}

function isEnd({ entry: text }: { readonly entry: string }): boolean {
  const entry = readEntry(text);
  return entry?.did === 'decided' && ends.includes(entry.what);
}
