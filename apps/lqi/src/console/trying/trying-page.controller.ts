// /try and /try/:hash: an administrator tries an agreement's template on a sample. What was typed and found is in the page
// that answers the form, in no address, cookie or log.
import { duration } from '@anonymesh/trust';
import { PAGES, Problem, formState, type PageReply, type PageRequest, type Pages, type Visit } from '@anonymesh/web';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ownAgreements, type OwnAgreement } from '../../agreed/own-agreements.js';
import { LQI, type Lqi } from '../../lqi.js';
import { readSample } from '../../trying/read-sample.js';
import { rolesFor } from '../../staff/roles.js';
import { fieldsOf, faultsOf, triedWords } from './trying-words.js';

@Controller('try')
export class TryingPageController {
  readonly #pages: Pages;
  readonly #lqi: Lqi;

  constructor(@Inject(PAGES) pages: Pages, @Inject(LQI) lqi: Lqi) {
    this.#pages = pages;
    this.#lqi = lqi;
  }

  @Get()
  async choose(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('try'));
    const agreements = ownAgreements(this.#lqi.holder, Date.now())
      .filter(({ template }) => template !== undefined)
      .map(({ signed, template }) => ({ hash: signed.hash, title: signed.content.title, template }));
    visit.show('console/trying/choose.njk', { title: 'Try a template', agreements });
  }

  @Get(':hash')
  async ask(@Req() request: PageRequest, @Res() reply: PageReply, @Param('hash') hash: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('try'));
    show(visit, this.#find(hash), { form: formState(visit.form) });
  }

  @Post(':hash')
  @HttpCode(200)
  async try(@Req() request: PageRequest, @Res() reply: PageReply, @Param('hash') hash: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply, rolesFor('try'));
    const own = this.#find(hash);
    const { _csrf, ...given } = visit.form;
    const sample = readSample(own, given, Date.now());
    if ('errors' in sample) {
      const form = formState(visit.form, faultsOf(sample.errors, fieldsOf(own)));
      return show(visit, own, { form }, 422);
    }
    const tried = triedWords(await this.#lqi.tryPinned(own, sample));
    show(visit, own, { form: formState(visit.form), tried }, tried.status);
  }

  #find(hash: string): OwnAgreement {
    const own = ownAgreements(this.#lqi.holder, Date.now()).find(({ signed }) => signed.hash === hash);
    if (own?.template === undefined) throw Problem.of('not-found');
    return own;
  }
}

function show(visit: Visit, own: OwnAgreement, data: Readonly<Record<string, unknown>>, status = 200): void {
  const { signed, template } = own;
  visit.show(
    'console/trying/trying.njk',
    {
      title: 'Try a template',
      agreement: signed.content,
      hash: signed.hash,
      template,
      fields: fieldsOf(own),
      longest: duration(Math.round((template?.milliseconds ?? 0) / 1000)),
      ...data,
    },
    status,
  );
}
