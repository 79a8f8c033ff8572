// / : the first page of the console. It holds nothing about anybody, and is shown also while everything else is down.
import { inTime } from '@anonymesh/runtime';
import { PAGES, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { standingAgreements } from '../../agreed/standing-agreements.js';
import { LQI, type Lqi } from '../../lqi.js';
import { may, rolesFor } from '../../staff/roles.js';
import { overviewWords } from './overview-words.js';

@Controller()
export class OverviewPageController {
  readonly #pages: Pages;
  readonly #lqi: Lqi;

  constructor(@Inject(PAGES) pages: Pages, @Inject(LQI) lqi: Lqi) {
    this.#pages = pages;
    this.#lqi = lqi;
  }

  @Get()
  async show(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('look'));
    const words = overviewWords(await this.#lqi.overview());
    visit.show('console/overview/overview.njk', {
      title: 'Overview',
      ...words,
      agreements: await this.#agreements(),
      mayApprove: may(visit.user, 'approve'),
    });
  }

  /** Undefined while our own store does not answer, in which the parties' word is kept. */
  async #agreements() {
    try {
      const agreements = await inTime(standingAgreements(this.#lqi, Date.now()));
      return agreements.map(({ signed, faults, inWords }) => {
        return { hash: signed.hash, title: signed.content.title, version: signed.content.version, faults, inWords };
      });
    } catch (error) {
      this.#lqi.node.log.fault('overview.agreements-unread', error);
      return undefined;
    }
  }
}
