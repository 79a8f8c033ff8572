// GET /assets/…: the files that pages refer to. They are the same for everybody and say nothing about anyone.
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { PAGES, type Pages } from '../pages/pages.js';
import type { PageReply, PageRequest } from '../pages/page-request.js';
import { Problem } from '../problem.js';

@Controller('assets')
export class AssetsController {
  readonly #pages: Pages;

  constructor(@Inject(PAGES) pages: Pages) {
    this.#pages = pages;
  }

  @Get(':name')
  async send(@Req() { headers }: PageRequest, @Res() reply: PageReply, @Param('name') name: string): Promise<void> {
    const asset = this.#pages.assets.find(name);
    if (asset === undefined) throw Problem.of('not-found');
    const accepted = headers['accept-encoding'];
    const encoded = await asset.encoded(typeof accepted === 'string' ? accepted : undefined);
    if (encoded !== undefined) reply.header('content-encoding', encoded.encoding);
    reply
      .header('content-type', asset.type)
      .header('vary', 'accept-encoding')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(encoded?.body ?? asset.body);
  }
}
