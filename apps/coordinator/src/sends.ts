// Every message that this app sends: what it needs to be allowed on the broker.
import {
  checkpoint,
  dispatch,
  expect,
  notice,
  progress,
  relayMatches,
  relayOutcome,
  relayReceipt,
  relayRecheck,
  retract,
} from '@anonymesh/protocol';

export const sends = [
  dispatch,
  expect,
  retract,
  progress,
  relayOutcome,
  relayMatches,
  relayReceipt,
  relayRecheck,
  checkpoint,
  notice,
] as const;
