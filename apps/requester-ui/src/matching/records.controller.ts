// GET /api/v1/queries/:id/records and …/records.csv: what a set query released, for the caseworker who asked. To anybody
// else it does not exist.
import { NODE, type StoreNode } from '@anonymesh/courier';
import type { Bearer, BearingRequest } from '@anonymesh/web';
import { Controller, Get, Header, Inject, Param, Req } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { csvOf } from './csv.js';
import { readRecords } from './read-records.js';
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
  async list(@Req() request: BearingRequest, @Param('id') id: string): Promise<RecordList> {
    return readRecords(this.#node, (await this.#bearer.authenticate(request)).subject, id);
  }

  @Get('records.csv')
  @Header('content-type', 'text/csv; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="records.csv"')
  async download(@Req() request: BearingRequest, @Param('id') id: string): Promise<string> {
    return csvOf((await this.list(request, id)).records);
  }
}
