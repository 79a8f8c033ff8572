// Speaks to the API of the organisation's own node. What is sent goes there alone, also where an answer points elsewhere.
import { isNativeError } from 'node:util/types';
import type { z } from 'zod';
import { No } from '../telling/no.js';
import { noOf } from './node-no.js';
import { tokenOf, type NodeOptions } from './node-options.js';
import { nodeUrl } from './node-url.js';
import { readUpTo } from './read-up-to.js';

export interface Sent {
  readonly body?: object;
  readonly signal?: AbortSignal;
}

export interface OpenNode {
  /** The answer, which is a good one. Throws what the node says otherwise, or that it does not answer. */
  send(method: 'GET' | 'POST' | 'DELETE', path: string, sent?: Sent): Promise<Response>;
  /** What the answer holds. */
  call<Schema extends z.ZodType>(schema: Schema, ...to: Parameters<OpenNode['send']>): Promise<z.output<Schema>>;
}

const patience = 30_000;
const largestAnswer = 64 * 1024 * 1024;
const largestProblem = 64 * 1024;

export function openNode(options: NodeOptions): OpenNode {
  const token = tokenOf(options);
  const { origin } = nodeUrl(options.url, '/');
  const send: OpenNode['send'] = async (method, path, { body, signal = AbortSignal.timeout(patience) } = {}) => {
    const answer = await fetch(nodeUrl(options.url, path), {
      method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    }).catch((cause: unknown) => {
      const isSent = !neverSent.includes(systemCode(cause));
      throw new No('unanswered', `${origin}: ${isSent ? 'does not answer' : 'cannot be reached'}`, {
        cause,
        details: { sent: isSent },
      });
    });
    if (!answer.ok) throw noOf(origin, answer.status, await jsonIn(answer, largestProblem, origin));
    return answer;
  };
  return {
    send,
    call: async (schema, ...to) => {
      const read = schema.safeParse(await jsonIn(await send(...to), largestAnswer, origin));
      if (!read.success) throw new No('declined', `${origin}: no such node of this version`);
      return read.data;
    },
  };
}

/** There was no connection on which anything could have been sent. */
const neverSent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

function systemCode(error: unknown): string {
  const code: unknown =
    isNativeError(error) && isNativeError(error.cause) ? Reflect.get(error.cause, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}

/** `undefined` where it is none: the words of a parser would repeat what was sent. */
async function jsonIn({ body }: Response, most: number, origin: string): Promise<unknown> {
  const text = await readUpTo(most, body ?? emptyBody()).catch((cause: unknown) => {
    throw new No('unanswered', `${origin}: broke off`, { cause });
  });
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {
  yield* [];
}
