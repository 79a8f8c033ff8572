// /queries/:id/records: the records that a set query released, as a table that sorts, and as a file for spreadsheets.
import { NODE, type StoreNode } from '@anonymesh/courier';
import { PAGES, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, Inject, Param, Query as Parameters, Req, Res } from '@nestjs/common';
import { pageLinks } from '../../following/my-queries/listing.js';
import { csvOf } from '../csv.js';
import { readRecords } from '../read-records.js';
import { addressOf, readSorting, tableOf } from './record-table.js';

@Controller('queries/:id')
export class RecordsPageController {
  readonly #node: StoreNode;
  readonly #pages: Pages;

  constructor(@Inject(NODE) node: StoreNode, @Inject(PAGES) pages: Pages) {
    this.#node = node;
    this.#pages = pages;
  }

  @Get('records')
  async show(
    @Req() request: PageRequest,
    @Res() reply: PageReply,
    @Param('id') id: string,
    @Parameters() parameters: unknown,
  ): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const { people, unreadable, records } = await readRecords(this.#node, visit.user.subject, id);
    const path = `/queries/${id}/records`;
    const sorting = readSorting(parameters);
    const table = tableOf(path, records, sorting);
    const pagination = pageLinks(sorting.page, table.pages, (page) => addressOf(path, { ...sorting, page }));
    const data = { id, people, unreadable, total: records.length, table, pagination };
    visit.show('matching/records/records.njk', { title: 'Matched records', ...data });
  }

  @Get('records.csv')
  async download(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const { user } = await this.#pages.visit(request, reply);
    const { records } = await readRecords(this.#node, user.subject, id);
    reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="records.csv"')
      .send(csvOf(records));
  }
}
