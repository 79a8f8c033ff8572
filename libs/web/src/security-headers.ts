// Headers that every answer carries: nothing is kept by a cache, guessed at, framed or told to the next site. A page
// that needs more (its styles, its own scripts by nonce) sets its own policy in place of the default.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': nothing,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Browsers heed it over TLS only.
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** For `prepare`: sets the headers at the start of each request, so that also errors and unknown addresses have them. */
export function secureHeaders(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers);
      done();
    });
}
