// The declaration of a message: name, vocabulary, who may send it to whom, how it is carried, and its strict schema.
import { z } from 'zod';
import type { PartyKind } from './party.js';
import type { Vocabulary } from './vocabulary.js';

/** One way that a message goes: from a kind of party to a kind of party. */
export interface Hop {
  readonly from: PartyKind;
  readonly to: PartyKind;
}

export interface Message<Body = unknown, Reply = unknown> {
  readonly name: string;
  readonly version: 1;
  /** What a reader of the body may learn. */
  readonly vocabulary: Vocabulary;
  readonly hops: readonly Hop[];
  /** `stream`: durable, at least once. `reply`: request and reply. `inside`: only sealed in another message. */
  readonly carried: 'stream' | 'reply' | 'inside';
  /** Last token of the subject, where it is not the name: messages that must look alike share one. */
  readonly travelsAs?: string;
  readonly body: z.ZodType<Body>;
  readonly reply?: z.ZodType<Reply>;
  /** Whether the envelope names a query. */
  readonly aboutQuery: boolean;
  /** Whether something travels beside the signed part, which holds its SHA-256. */
  readonly encloses?: true;
  /** Where every letter has one chunk of something big beside it (docs/protocol.md section 2): its bytes, at most. */
  readonly attaches?: { readonly most: number };
  /** Bytes of the signed part and what it encloses, padded to: for messages whose size would tell something. */
  readonly size?: number;
}

/** No message attaches more, in bytes: with its letter it must fit into what a broker takes. */
export const largestAttachment = 700 * 1024;

/** Declares a message and keeps the types that its schemas infer. Throws where it could not be carried. */
export function declare<Body, Reply = never>(message: Message<Body, Reply>): Message<Body, Reply> {
  const { name, attaches, carried } = message;
  if (attaches !== undefined && (carried !== 'stream' || attaches.most > largestAttachment))
    throw new TypeError(`${name}: attachments are carried by streams, up to ${largestAttachment} bytes`);
  return Object.freeze(message);
}

export type BodyOf<M> = M extends Message<infer Body, infer _Reply> ? Body : never;
export type ReplyOf<M> = M extends Message<infer _Body, infer Reply> ? Reply : never;
