// GET /api/v1/queries/:id/records and …/records.csv: what a set query released, for the caseworker who asked. To anybody
// else it does not exist. Records are opened while they are read, and are not kept open.
import { queryId } from '@anonymesh/protocol';
import { NODE, type StoreNode } from '@anonymesh/courier';
import { loggable } from '@anonymesh/runtime';
import { isOfKind } from '@anonymesh/trust';
import { Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import { Controller, Get, Header, Inject, Param, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { lettersOfQuery } from '../store/match-letters.js';
import { findQueryOf } from '../store/queries.js';
import { csvOf } from './csv.js';
import { openReleased } from './open-released.js';
import type { RecordList } from './record-list.js';

@Controller('api/v1/queries/:id')
export class RecordsController {
  readonly #node: StoreNode;
  readonly #bearer: Bearer;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer) {
    this.#node = node;
    this.#bearer = bearer;
  }

  @Get('records')
  list(@Req() request: BearingRequest, @Param('id') id: string): Promise<RecordList> {
    return this.#open(request, id);
  }

  @Get('records.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="records.csv"')
  async download(@Req() request: BearingRequest, @Param('id') id: string): Promise<string> {
    return csvOf((await this.#open(request, id)).records);
  }

  async #open(request: BearingRequest, id: string): Promise<RecordList> {
    const { subject } = await this.#bearer.authenticate(request);
    const { trust, courier, log } = this.#node;
    const { knex } = courier.store;
    const query = queryId.safeParse(id).success ? await findQueryOf(knex, subject, id) : undefined;
    const signed = query && trust.agreements.get(query.agreement);
    if (query?.outcome !== 'released' || signed === undefined || !isOfKind(signed, 'set'))
      throw Problem.of('not-found');
    const opened = await openReleased(id, await lettersOfQuery(knex, id), signed, courier.self);
    if (opened.unreadable > 0)
      log.warn('records.unreadable', { query: loggable.queryId(id), records: opened.unreadable });
    const names = new Map(signed.content.parties.map((party) => [party.id, party.name]));
    const records = opened.records.map((record) => ({ ...record, holderName: names.get(record.holder) ?? '' }));
    return { queryId: id, people: query.people ?? 0, unreadable: opened.unreadable, records };
  }
}
