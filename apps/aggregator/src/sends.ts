// Every message that this app sends: what it needs to be allowed on the broker.
import { checkpoint, notice, progress, relayMatches, relayOutcome } from '@anonymesh/protocol';
import { matched } from '@anonymesh/protocol-answering';

export const sends = [matched, progress, relayOutcome, relayMatches, checkpoint, notice] as const;
