// /disclosures: what left this holder. The list names nobody. An administrator searches it for a person in a form, so that
// no number of a person stands in an address, and downloads all of it.
import { fieldFormat } from '@anonymesh/protocol';
import { PAGES, formState, type FormFault, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { csvOf } from '../../disclosing/csv.js';
import { paging } from '../../disclosing/disclosures.controller.js';
import { searchableFormats, type DisclosurePage } from '../../disclosing/find.js';
import { LQI, type Lqi } from '../../lqi.js';
import { may, rolesFor } from '../../staff/roles.js';
import { readOrSayDown } from '../show-store-down.js';
import { disclosureWords, formatWords } from './disclosure-words.js';

const title = 'Disclosure log';

@Controller()
export class DisclosuresPageController {
  readonly #pages: Pages;
  readonly #lqi: Lqi;

  constructor(@Inject(PAGES) pages: Pages, @Inject(LQI) lqi: Lqi) {
    this.#pages = pages;
    this.#lqi = lqi;
  }

  @Get('disclosures')
  async list(@Req() request: PageRequest, @Res() reply: PageReply, @Query() query: unknown): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('look'));
    // An address that somebody has changed shows the first page.
    const before = paging.safeParse(query).data?.before;
    const page = await readOrSayDown(visit, this.#lqi.node.log, title, () => this.#lqi.disclosures.page(before));
    if (page === undefined) return;
    visit.show('console/disclosures/disclosures.njk', {
      title,
      ...this.#wordsOf(page),
      isFirst: before === undefined,
      formats: this.#formats(),
      maySearch: may(visit.user, 'search'),
      mayExport: may(visit.user, 'export'),
      form: formState(visit.form),
    });
  }

  @Post('disclosures')
  @HttpCode(200)
  async search(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('search'));
    const { value = '', format: wanted } = visit.form;
    const format = fieldFormat.safeParse(wanted).data;
    const before = paging.safeParse({ before: visit.form['before'] }).data?.before;
    const formats = this.#formats();
    const again = (fault: FormFault) =>
      visit.show(
        'console/disclosures/search.njk',
        { title: `${title}: search`, formats, form: formState(visit.form, [fault]) },
        422,
      );
    if (format === undefined) return again({ field: 'format', text: 'Select what you search by' });
    if (value.trim() === '') return again({ field: 'value', text: 'Enter the number or name of the person' });
    const about = () => this.#lqi.disclosures.about({ format, value }, before).then((page) => ({ page }));
    const found = await readOrSayDown(visit, this.#lqi.node.log, title, about);
    if (found === undefined) return;
    if (found.page === undefined)
      return again({ field: 'value', text: `What you entered is no ${formatWords[format].toLowerCase()}` });
    visit.show('console/disclosures/search.njk', {
      title: `${title}: what left about one person`,
      ...this.#wordsOf(found.page),
      searched: true,
      isFirst: before === undefined,
      formats,
      form: formState(visit.form),
    });
  }

  @Get('disclosures.csv')
  async download(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    await this.#pages.visit(request, reply, rolesFor('export'));
    const rows = csvOf(this.#lqi.disclosures.everything());
    const first = await rows.next(); // what fails before anything was sent is told as a page
    const headers = { ...reply.getHeaders(), 'content-type': 'text/csv; charset=utf-8' };
    reply.hijack();
    reply.raw.writeHead(200, { ...headers, 'content-disposition': 'attachment; filename="disclosures.csv"' });
    const all = async function* () {
      if (first.done !== true) yield first.value;
      yield* rows;
    };
    await pipeline(Readable.from(all()), reply.raw).catch((fault: unknown) => {
      reply.raw.destroy();
      this.#lqi.node.log.fault('console.export-failed', fault);
    });
  }

  #wordsOf({ total, disclosures, next }: DisclosurePage) {
    return { total, next, disclosures: disclosures.map((view) => disclosureWords(view, this.#lqi.holder)) };
  }

  #formats() {
    return searchableFormats(this.#lqi.holder).map((format) => ({ value: format, text: formatWords[format] }));
  }
}
