// Every message that this app sends: what it needs to be allowed on the broker.
import {
  checkpoint,
  dispatch,
  expect,
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
] as const;
