// Turns whatever a request ends with into a page for a browser, or a problem document for a program. Whoever is not
// signed in is sent to do so, and comes back to where they were going.
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Log } from '@anonymesh/runtime';
import { Problem } from '../problem.js';
import { problemOf, ProblemFilter } from '../problem-filter.js';
import type { PageReply, PageRequest } from './page-request.js';
import { SignInFirst, type Visits } from './visit.js';

export class PageFilter implements ExceptionFilter {
  readonly #pages: Pick<Visits, 'showError'>;
  readonly #problems: ProblemFilter;
  readonly #log: Log;

  constructor(pages: Pick<Visits, 'showError'>, log: Log) {
    this.#pages = pages;
    this.#problems = new ProblemFilter(log);
    this.#log = log;
  }

  async catch(exception: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<PageRequest>();
    const reply = host.switchToHttp().getResponse<PageReply>();
    if (!isForBrowser(request) || reply.sent) {
      this.#problems.catch(exception instanceof SignInFirst ? Problem.of('missing-token') : exception, host);
    } else if (exception instanceof SignInFirst) {
      const to = `/sign-in?${new URLSearchParams({ to: request.url }).toString()}`;
      reply.status(303).header('location', to).send();
    } else {
      const problem = problemOf(exception);
      const { status, code } = problem;
      if (status >= 500) this.#log.fault('page.failed', problem.cause ?? problem, { status });
      else if (code === 'sign-in-failed') this.#log.fault('sign-in.failed', problem.cause ?? problem);
      // Nest does not wait for us: a fault in here must not be one that nobody catches.
      await this.#pages.showError(request, reply, problem).catch((error: unknown) => this.#problems.catch(error, host));
    }
  }
}

function isForBrowser({ url, headers }: PageRequest): boolean {
  return !url.startsWith('/api/') && (headers.accept ?? '').includes('text/html');
}
