// /new: a caseworker chooses an agreement, reads what for and on which legal basis it lets them ask, and fills in the
// form that it defines. What they typed goes into no address, and comes back when it is turned down.
import { NODE, type StoreNode } from '@anonymesh/courier';
import {
  formState,
  PAGES,
  Problem,
  readDate,
  type FormState,
  type PageReply,
  type PageRequest,
  type Pages,
  type TypedForm,
  type User,
} from '@anonymesh/web';
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ASKING, type Asking } from '../asking.js';
import { openQuestion, type Answered, type AskQuestion } from '../ask-question.js';
import { agreementsFor, type Chosen } from '../choose-agreement.js';
import { howItStands } from '../how-it-stands.js';
import { describeAgreement } from './describe-agreement.js';
import { fieldFaults } from './field-faults.js';
import { notInForce, refusedBecause } from './refused-because.js';

@Controller('new')
export class NewQueryController {
  readonly #node: StoreNode;
  readonly #pages: Pages;
  readonly #ask: AskQuestion;

  constructor(@Inject(NODE) node: StoreNode, @Inject(PAGES) pages: Pages, @Inject(ASKING) asking: Asking) {
    this.#node = node;
    this.#pages = pages;
    this.#ask = openQuestion(node, asking);
  }

  @Get()
  async choose(@Req() request: PageRequest, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const found = this.#agreementsOf(visit.user);
    const [only] = found;
    if (found.length === 1 && only !== undefined) return visit.go(`/new/${only.signed.content.id}`);
    const agreements = await Promise.all(
      found.map(async ({ signed }) => ({ ...signed.content, stands: await howItStands(this.#node, signed) })),
    );
    visit.show('asking/new-query/choose.njk', { title: 'New query', agreements });
  }

  @Get(':agreement')
  async show(@Req() request: PageRequest, @Res() reply: PageReply, @Param('agreement') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const chosen = this.#find(visit.user, id);
    const stands = await howItStands(this.#node, chosen.signed);
    const warning = stands.isInForce ? undefined : notInForce(stands);
    visit.show(template, { ...this.#dataOf(chosen, formState(visit.form)), warning });
  }

  @Post(':agreement')
  async ask(@Req() request: PageRequest, @Res() reply: PageReply, @Param('agreement') id: string): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    const chosen = this.#find(visit.user, id);
    const { fields } = chosen.signed.content;
    const again = (status: number, form: FormState, failure?: string) =>
      visit.show(template, { ...this.#dataOf(chosen, form), failure }, status);
    let answered: Answered;
    try {
      answered = await this.#ask(visit.user, { agreement: id, subject: subjectOf(fields, visit.form) });
    } catch (error) {
      // Our own store does not work: the query is not kept. What was typed stays in the form, to be sent again.
      this.#node.log.fault('page.ask-failed', error);
      return again(
        503,
        formState(visit.form),
        'Nothing was asked: the mesh does not answer. Try again in a few minutes.',
      );
    }
    if ('errors' in answered) return again(422, formState(visit.form, fieldFaults(fields, answered.errors)));
    if ('retryAfter' in answered) {
      reply.header('retry-after', String(answered.retryAfter));
      const wait = inWords(answered.retryAfter);
      return visit.show('asking/new-query/too-often.njk', { title: 'Asked too often', wait }, 429);
    }
    if ('refused' in answered) {
      const stands = await howItStands(this.#node, chosen.signed);
      return again(409, formState(visit.form), refusedBecause(answered.refused, stands));
    }
    if ('turnedDown' in answered) throw Problem.of('not-found');
    await visit.go(`/queries/${answered.query.id}`);
  }

  #agreementsOf({ roles }: User): Chosen[] {
    const { trust, courier } = this.#node;
    return agreementsFor(trust.agreements.values(), { requester: courier.self.id, roles }, Date.now());
  }

  #find(user: User, id: string): Chosen {
    const found = this.#agreementsOf(user).find(({ signed }) => signed.content.id === id);
    if (found === undefined) throw Problem.of('not-found');
    return found;
  }

  #dataOf({ signed }: Chosen, form: FormState) {
    const title = signed.content.kind === 'check' ? 'New check' : 'New set query';
    return { title, form, agreement: describeAgreement(signed.content) };
  }
}

function inWords(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes > 90) return `${Math.ceil(minutes / 60)} hours`;
  return minutes <= 1 ? 'a minute' : `${minutes} minutes`;
}

const template = 'asking/new-query/new-query.njk';

function subjectOf(fields: Chosen['signed']['content']['fields'], form: TypedForm): Record<string, string> {
  const typed = Object.entries(fields).map(([name, { format }]) => [
    name,
    format === 'date' ? readDate(form, name) : (form[name] ?? ''),
  ]);
  return Object.fromEntries(typed) as Record<string, string>;
}
