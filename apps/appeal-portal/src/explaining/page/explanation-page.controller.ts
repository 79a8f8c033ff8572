// /reference, /explanation, /recheck: the person enters the reference, reads what was asked and who had concerns, and asks
// for a re-check. The reference travels in forms only: never in an address, a title or a cookie.
import { PAGES, Problem, formState, type PageReply, type PageRequest, type Pages, type Visit } from '@anonymesh/web';
import { Controller, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { IDENTIFY, type Identify, type PortalRequest } from '../../identify.js';
import { APPEALS, type Appeals, type Told } from '../appeals.js';
import { shownTo } from './explanation-page.js';

type Request = PageRequest & PortalRequest;

const longest = 64;
const nothing =
  'We found nothing to explain under this reference for you. Check it against your letter, and that you have signed in ' +
  'as the person whom the check was about. If the check was asked for today, it may not have an outcome yet';

@Controller()
export class ExplanationPageController {
  readonly #pages: Pages;
  readonly #identify: Identify;
  readonly #appeals: Appeals;

  constructor(@Inject(PAGES) pages: Pages, @Inject(IDENTIFY) identify: Identify, @Inject(APPEALS) appeals: Appeals) {
    this.#pages = pages;
    this.#identify = identify;
    this.#appeals = appeals;
  }

  @Get('reference')
  async enter(@Req() request: Request, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    if (this.#isVerified(visit, request)) showForm(visit, 200);
  }

  /** Whoever had to sign in first comes back with GET, and finds what was typed in the form again. */
  @Get(['explanation', 'recheck'])
  async again(@Req() request: Request, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    if (visit.form['reference'] === undefined) return visit.go('/reference');
    if (this.#isVerified(visit, request)) showForm(visit, 200);
  }

  @Post('explanation')
  async explain(@Req() request: Request, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    await this.#answer(visit, request, reply, (appeal, person) => this.#appeals.explain(appeal, person));
  }

  @Post('recheck')
  async askAnew(@Req() request: Request, @Res() reply: PageReply): Promise<void> {
    const visit = await this.#pages.visit(request, reply);
    await this.#answer(visit, request, reply, (appeal, person) => this.#appeals.askAnew(appeal, person));
  }

  #isVerified(visit: Visit, request: Request): boolean {
    if (this.#identify.asSignedIn(visit.user, request) !== undefined) return true;
    visit.show('explaining/page/not-verified.njk', { title: 'Your identity is not verified' }, 403);
    return false;
  }

  async #answer(visit: Visit, request: Request, reply: PageReply, ask: Appeals['explain']): Promise<void> {
    const person = this.#identify.asSignedIn(visit.user, request);
    if (person === undefined) return void this.#isVerified(visit, request);
    const { reference = '' } = visit.form;
    if (reference.trim() === '' || reference.length > longest)
      return showForm(visit, 422, { fault: 'Enter the reference from your letter' });
    const appeal = { reference, identity: person.identity };
    try {
      showExplanation(visit, await ask(appeal, person));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // Twice pressed, or in two windows: what is under way is what they want to see.
      if (error.code === 'already-asked')
        return this.#answer(visit, request, reply, (again, who) => this.#appeals.explain(again, who));
      turnDown(visit, reply, error);
    }
  }
}

function showExplanation(visit: Visit, told: Told): void {
  const { reference } = visit.form;
  const page = shownTo(told);
  visit.show('explaining/page/explanation.njk', { title: 'What was asked about you, and why', reference, ...page });
}

interface FormFace {
  readonly fault?: string;
  readonly isMeshDown?: boolean;
}

/** The form as it was typed. */
function showForm(visit: Visit, status: number, { fault, isMeshDown = false }: FormFace = {}): void {
  const faults = fault === undefined ? [] : [{ field: 'reference', text: fault }];
  const form = formState(visit.form, faults);
  visit.show('explaining/page/reference.njk', { title: 'Enter your reference', form, isMeshDown }, status);
}

function turnDown(visit: Visit, reply: PageReply, problem: Problem): void {
  const { code, retryAfter = 0 } = problem;
  if (code === 'not-explained') return showForm(visit, 404, { fault: nothing });
  if (code === 'not-yet') {
    const from = Date.now() + retryAfter * 1000;
    return visit.show('explaining/page/not-yet.njk', { title: 'Not yet', from });
  }
  if (code === 'mesh-down') return showForm(visit, 503, { isMeshDown: true });
  if (problem.status !== 429) throw problem;
  reply.header('retry-after', String(retryAfter));
  const data = { title: 'Too many tries', isRecheck: code === 'too-many-rechecks', wait: inWords(retryAfter) };
  visit.show('explaining/page/too-many.njk', data, 429);
}

function inWords(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes > 90) return `${Math.ceil(minutes / 60)} hours`;
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}
