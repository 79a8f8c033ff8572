// GET /: what this is for, and what one needs. For anybody.
import { PAGES, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';

@Controller()
export class StartController {
  readonly #pages: Pages;

  constructor(@Inject(PAGES) pages: Pages) {
    this.#pages = pages;
  }

  @Get()
  async start(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.welcome(request, reply);
    visit.show('start/start.njk', { title: 'Find out why a check went as it did' });
  }
}
