// Every message that this app sends: what it needs to be allowed on the broker.
import { ask, checkpoint, notice, retract } from '@anonymesh/protocol';

export const sends = [ask, retract, checkpoint, notice] as const;
