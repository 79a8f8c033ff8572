// /agreements and /agreements/:hash: the agreements that name this holder, in words, with the code that is run for them.
import { duration, sectionsFor } from '@anonymesh/trust';
import { PAGES, Problem, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { standingAgreements } from '../../agreed/standing-agreements.js';
import { LQI, type Lqi } from '../../lqi.js';
import { may, rolesFor } from '../../staff/roles.js';
import { faultWords } from './fault-words.js';
import { templateCode } from './template-code.js';

@Controller('agreements')
export class AgreementsPageController {
  readonly #pages: Pages;
  readonly #lqi: Lqi;

  constructor(@Inject(PAGES) pages: Pages, @Inject(LQI) lqi: Lqi) {
    this.#pages = pages;
    this.#lqi = lqi;
  }

  @Get()
  async list(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('look'));
    const agreements = (await standingAgreements(this.#lqi, Date.now())).map((own) => ({
      ...own.signed.content,
      hash: own.signed.hash,
      faults: faultWords(own),
      daysLeft: own.daysLeft,
    }));
    visit.show('console/agreements/agreements.njk', { title: 'Agreements', agreements });
  }

  @Get(':hash')
  async read(@Req() request: PageRequest, @Res() reply: PageReply, @Param('hash') hash: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('look'));
    const own = (await standingAgreements(this.#lqi, Date.now())).find(({ signed }) => signed.hash === hash);
    if (own === undefined) throw Problem.of('not-found');
    const { signed, terms, template } = own;
    visit.show('console/agreements/agreement.njk', {
      title: signed.content.title,
      content: signed.content,
      hash,
      faults: faultWords(own),
      sections: sectionsFor(signed.content, terms.id),
      parties: signed.content.parties.map((party) => ({ ...party, signed: !signed.unsigned.includes(party.id) })),
      pinned: terms.template,
      template,
      code: template && templateCode(template),
      longest: template && duration(Math.round(template.milliseconds / 1000)),
      mayTry: template !== undefined && may(visit.user, 'try'),
    });
  }
}
