// Every message that this app sends: what it needs to be allowed on the broker.
import { ask, checkpoint, retract } from '@anonymesh/protocol';

export const sends = [ask, retract, checkpoint] as const;
