// Every message that this app sends: what it needs to be allowed on the broker.
import { checkpoint, notice, relayRecheck, slip } from '@anonymesh/protocol';
import { explain } from '@anonymesh/protocol-answering';

export const sends = [slip, explain, relayRecheck, checkpoint, notice] as const;
