// Whether this machine's clock is right, by the clock of the organisation's identity provider: letters that seem to come
// from the future, or too late, are refused.
import { clockTolerance } from '@anonymesh/protocol';
import { well, type Found } from './check.js';

/** Milliseconds from which one should look. */
const noticeable = 10_000;

/** `issuer`: the address of the identity provider; undefined where there is none. */
export async function checkClock(issuer: string | undefined): Promise<Found> {
  if (issuer === undefined) return unknown('There is no clock to compare with.');
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const asked = Date.now();
  const response = await fetch(address, { signal: AbortSignal.timeout(2500), redirect: 'error' }).catch(
    () => undefined,
  );
  await response?.body?.cancel();
  const theirs = Date.parse(response?.headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return unknown('The identity provider did not tell its time.');
  return judgeSkew((asked + Date.now()) / 2 - (theirs + 500)); // it tells whole seconds
}

function unknown(reason: string): Found {
  return { state: 'unknown', reason, todo: 'Look at this machine’s time service.' };
}

/** `skew`: milliseconds by which our clock is ahead. */
export function judgeSkew(skew: number): Found {
  const size = Math.abs(skew);
  if (size < noticeable) return well('The clock agrees with the identity provider’s.');
  const seconds = Math.round(size / 1000);
  const reason = `The clock is ${seconds} seconds ${skew > 0 ? 'ahead of' : 'behind'} the identity provider’s.`;
  const todo = 'Look at this machine’s time service: messages are refused once clocks are five minutes apart.';
  return { state: size < clockTolerance ? 'attention' : 'failing', reason, todo };
}
