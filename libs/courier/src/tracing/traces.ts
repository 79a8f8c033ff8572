// What a trace can hold of a letter: no more than the broker sees of it, and how long this party took. Neither what a
// letter says nor what became of it: a refusal on the subject of answers looks like an answer, here as there.
import type { QueryId } from '@anonymesh/protocol';
import type { Closer } from '@anonymesh/runtime';
import type { MsgHdrs } from '@nats-io/transport-node';

export interface LetterSeen {
  /** Its random id, which its receiver has, too, and the broker as the header `Nats-Msg-Id`. */
  readonly letter: string;
  readonly subject: string;
  /** Of a letter that came: who sent it, and how often it has come. */
  readonly from?: string;
  readonly attempt?: number;
  /** Of a letter that came: the broker's headers, as bytes. */
  readonly headers?: () => Uint8Array | undefined;
  /** In which trace it stands; leaves the party in no form. A letter without one has a trace of its own. */
  readonly query?: QueryId | undefined;
  /** Milliseconds since 1970; now, unless told. */
  readonly began?: number;
}

export type LetterEnd = 'sent' | 'settled' | 'answered' | 'put-off' | 'failed';

export interface Traces extends Closer {
  /** Returns what is called at the end of it. */
  begin(doing: 'send' | 'receive' | 'request', seen: LetterSeen): (end: LetterEnd) => void;
  /** What a letter is published with: with its own context among the broker's headers, or none. */
  inject(letter: string): { readonly headers?: MsgHdrs };
}

export const noTraces: Traces = {
  name: 'traces',
  begin: () => () => undefined,
  inject: () => ({}),
  close: async () => undefined,
};
