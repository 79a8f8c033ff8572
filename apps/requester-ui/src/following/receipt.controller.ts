// GET /api/v1/queries/:id/receipt, and for the pages /queries/:id/receipt.json: the receipt of a query as a file, for the
// caseworker who asked it. To anybody else there is none.
import { NODE, type StoreNode } from '@anonymesh/courier';
import { PAGES, Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import type { PageReply, PageRequest, Pages } from '@anonymesh/web';
import { Controller, Get, Header, Inject, Param, Req, Res } from '@nestjs/common';
import { BEARER } from '../bearer.js';
import { ownQuery } from './own-query.js';
import { receiptOf } from './receipt.js';

const attachment = 'attachment; filename="receipt.json"';

@Controller()
export class ReceiptController {
  readonly #node: StoreNode;
  readonly #bearer: Bearer;
  readonly #pages: Pages;

  constructor(@Inject(NODE) node: StoreNode, @Inject(BEARER) bearer: Bearer, @Inject(PAGES) pages: Pages) {
    this.#node = node;
    this.#bearer = bearer;
    this.#pages = pages;
  }

  @Get('api/v1/queries/:id/receipt')
  @Header('content-disposition', attachment)
  async download(@Req() request: BearingRequest, @Param('id') id: string): Promise<object> {
    const { subject } = await this.#bearer.authenticate(request);
    return this.#receiptFor(subject, id);
  }

  @Get('queries/:id/receipt.json')
  async downloadFromPage(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const { user } = await this.#pages.visit(request, reply);
    const receipt = await this.#receiptFor(user.subject, id);
    reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('content-disposition', attachment)
      .send(JSON.stringify(receipt));
  }

  async #receiptFor(asker: string, id: string): Promise<object> {
    const query = await ownQuery(this.#node.courier.store, asker, id);
    const receipt = await receiptOf(this.#node, query);
    if (receipt === undefined) throw Problem.of('not-found');
    return receipt;
  }
}
