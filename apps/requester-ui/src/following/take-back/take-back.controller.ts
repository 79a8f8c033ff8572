// /queries/:id/take-back: a caseworker takes a query back that is not decided yet, after being asked whether they mean it.
import { NODE, type StoreNode } from '@anonymesh/courier';
import { PAGES, type PageReply, type PageRequest, type Pages } from '@anonymesh/web';
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { takeBack } from '../../asking/take-back.js';
import { CHANGES, type Changes } from '../changes.js';
import { ownQuery } from '../own-query.js';
import { canBeTakenBack, viewOf } from '../view.js';

@Controller('queries/:id/take-back')
export class TakeBackController {
  readonly #node: StoreNode;
  readonly #pages: Pages;
  readonly #changes: Changes;

  constructor(@Inject(NODE) node: StoreNode, @Inject(PAGES) pages: Pages, @Inject(CHANGES) changes: Changes) {
    this.#node = node;
    this.#pages = pages;
    this.#changes = changes;
  }

  @Get()
  async ask(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const query = await ownQuery(this.#node.courier.store, visit.user.subject, id);
    if (!canBeTakenBack(viewOf(query, Date.now()))) return visit.go(`/queries/${query.id}`);
    visit.show('following/take-back/take-back.njk', { title: 'Take this query back', id: query.id });
  }

  @Post()
  async takeBack(@Req() request: PageRequest, @Res() reply: PageReply, @Param('id') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const query = await ownQuery(this.#node.courier.store, visit.user.subject, id);
    const done = await takeBack(this.#node, this.#changes, query);
    await visit.go(`/queries/${query.id}`, done ? 'You have taken the query back' : undefined);
  }
}
