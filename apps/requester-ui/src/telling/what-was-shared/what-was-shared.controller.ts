// /queries/:id/shared: a picture of who learned what by this query, and who did not, for the caseworker who asked.
import { NODE, type StoreNode } from '@anonymesh/courier';
import { PAGES, Problem, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ownQuery } from '../../following/own-query.js';
import { draw } from './draw.js';
import { sharingOf, stepsOf } from './who-learned-what.js';

@Controller('queries/:id/shared')
export class WhatWasSharedController {
  readonly #node: StoreNode;
  readonly #pages: Pages;

  constructor(@Inject(NODE) node: StoreNode, @Inject(PAGES) pages: Pages) {
    this.#node = node;
    this.#pages = pages;
  }

  @Get()
  async show(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const query = await ownQuery(this.#node.courier.store, visit.user.subject, id);
    const { trust, courier } = this.#node;
    const signed = trust.agreements.get(query.agreement)?.content;
    if (signed === undefined) throw Problem.of('not-found');
    // Other offices that may ask under the agreement have no part in this query.
    const parties = signed.parties.filter((party) => party.kind !== 'requester' || party.id === courier.self.id);
    const agreement = { ...signed, parties };
    const steps = stepsOf(query, agreement);
    const names = new Map(agreement.parties.map(({ kind, name }) => [kind, name]));
    const nameOf = (kind: string) => (kind === 'holder' ? 'Each holder' : names.get(kind as never));
    visit.show('telling/what-was-shared/what-was-shared.njk', {
      title: 'What was shared',
      id: query.id,
      picture: draw(agreement.parties, steps),
      steps: steps.map((step) => ({ ...step, fromName: nameOf(step.from), toName: nameOf(step.to) })),
      sharing: sharingOf(query, agreement),
    });
  }
}
