// Turns whatever a request ends with into a problem document. What was not expected is told to the client as
// `unavailable` and to our own log without its message.
import { type ArgumentsHost, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Log } from '@anonymesh/runtime';
import { Problem, type UsualCode } from './problem.js';

type Reply = {
  readonly sent: boolean;
  readonly raw: { destroy(): unknown };
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  send(body: string): unknown;
};

/** For `app.useGlobalFilters(new ProblemFilter(log))`. Without a decorator it catches everything, as it should. */
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const problem = problemOf(exception);
    if (problem.status >= 500) this.#log.fault('request.failed', problem.cause ?? problem, { status: problem.status });
    const reply = host.switchToHttp().getResponse<Reply>();
    // A stream of events has begun: the client sees it break off, and asks again.
    if (reply.sent) reply.raw.destroy();
    else send(reply, problem);
  }
}

function send(reply: Reply, problem: Problem): void {
  const challenge = challenges.get(problem.code);
  if (challenge !== undefined) reply.header('www-authenticate', challenge);
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
  reply
    .status(problem.status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem.document()));
}

// RFC 6750 section 3: no error code where there was no token.
const challenges = new Map([
  ['missing-token', 'Bearer'],
  ['invalid-token', 'Bearer error="invalid_token"'],
  ['expired-token', 'Bearer error="invalid_token"'],
  ['role-required', 'Bearer error="insufficient_scope"'],
]);

// Nest and Fastify put the address or a piece of the body into their messages; only the status is taken from them.
export function problemOf(exception: unknown): Problem {
  if (exception instanceof Problem) return exception;
  const status = exception instanceof HttpException ? exception.getStatus() : 500;
  const code = codes.get(status) ?? (status < 500 ? 'bad-request' : 'unavailable');
  return Problem.of(code, { cause: exception });
}

const codes = new Map<number, UsualCode>([
  [404, 'not-found'],
  [405, 'method-not-allowed'],
  [413, 'body-too-large'],
  [415, 'unsupported-media-type'],
  [429, 'too-many-requests'],
]);
