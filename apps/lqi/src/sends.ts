// Every message that this app sends: what it needs to be allowed on the broker.
import { checkpoint, notice, progress } from '@anonymesh/protocol';
import { answer, refusal, release, testimony, tokens } from '@anonymesh/protocol-answering';
import { exchange } from '@anonymesh/protocol-asking';

export const sends = [answer, refusal, exchange, tokens, release, testimony, progress, checkpoint, notice] as const;
