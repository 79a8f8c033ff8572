// /sign-in, /signed-in, /sign-out, /signed-out: to the identity provider and back. The provider learns who signs in.
import { Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { PAGES, type Pages } from '../pages/pages.js';
import type { PageReply, PageRequest } from '../pages/page-request.js';
import type { SentOn } from './sign-in.js';

@Controller()
export class SignInController {
  readonly #pages: Pages;

  constructor(@Inject(PAGES) pages: Pages) {
    this.#pages = pages;
  }

  @Get('sign-in')
  async begin(@Res() reply: PageReply, @Query('to') to: unknown): Promise<void> {
    sendOn(reply, await this.#pages.signIn.begin(to));
  }

  @Get('signed-in')
  async finish(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    sendOn(reply, await this.#pages.signIn.finish(request, request.url));
  }

  @Post('sign-out')
  async signOut(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    // Whose session is over already is where they wanted to be.
    if ((await this.#pages.signIn.sessionOf(request)) === undefined)
      return sendOn(reply, { to: '/signed-out', cookies: [] });
    const { session } = await this.#pages.visit(request, reply);
    sendOn(reply, await this.#pages.signIn.signOut(session));
  }

  @Get('signed-out')
  async signedOut(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    (await this.#pages.welcome(request, reply)).show('signed-out.njk', { title: 'You have signed out' });
  }
}

function sendOn(reply: PageReply, { to, cookies }: SentOn): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
  reply.status(303).header('location', to).send();
}
