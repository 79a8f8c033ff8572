// Every message that this app sends: what it needs to be allowed on the broker.
import { checkpoint, notice, progress, relayMatches, relayOutcome, relayReceipt } from '@anonymesh/protocol';
import { matched } from '@anonymesh/protocol-answering';

export const sends = [matched, progress, relayOutcome, relayMatches, relayReceipt, checkpoint, notice] as const;
