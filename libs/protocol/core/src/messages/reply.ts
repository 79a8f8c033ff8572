// The reply to a request: what was asked for, or the code of a refusal. One declaration serves every request.
import { z } from 'zod';
import type { Message } from '../message.js';
import { refusalCode, type RefusalCode } from '../refusal.js';

export type ReplyBody<Reply> = { readonly accepted: Reply } | { readonly refused: RefusalCode };

/** The message that answers a request. Throws where the message is none. */
export function replyTo<Body, Reply>(request: Message<Body, Reply>): Message<ReplyBody<Reply>> {
  if (request.reply === undefined) throw new TypeError(`${request.name} is not a request`);
  return {
    name: `${request.name}-reply`,
    version: request.version,
    vocabulary: request.vocabulary,
    hops: request.hops.map(({ from, to }) => ({ from: to, to: from })),
    carried: 'reply',
    aboutQuery: request.aboutQuery,
    body: z.union([z.strictObject({ accepted: request.reply }), z.strictObject({ refused: refusalCode })]),
  };
}
