// Every message that this app sends: what it needs to be allowed on the broker.
import {
  checkpoint,
  dispatch,
  expect,
  progress,
  relayMatches,
  relayOutcome,
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
  relayRecheck,
  checkpoint,
] as const;
