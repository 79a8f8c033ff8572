// Whether this machine's clock is right, by the broker's, or by that of the organisation's identity provider: letters
// that seem to come from the future, or too late, are refused.
import { clockTolerance } from '@anonymesh/protocol';
import { amiss, type Check, type Found, unknown, well } from './check.js';

/** Milliseconds from which one should look. */
const noticeable = 10_000;
const todo = 'Look at this machine’s time service: messages are refused once clocks are five minutes apart.';

export interface Clocks {
  /** Milliseconds since 1970, or undefined: brokers before 2.10 do not tell their time. */
  readonly broker?: () => Promise<number | undefined>;
  /** The address of an identity provider, whose answers bear a date. */
  readonly issuer?: string | undefined;
}

export function clockCheck(clocks: Clocks): Check {
  return { name: 'clock', look: () => checkClock(clocks), lost: nobodyTells('Nobody told the time.') };
}

export async function checkClock({ broker, issuer }: Clocks): Promise<Found> {
  const asked = Date.now();
  const theirs = await broker?.().catch(() => undefined);
  if (theirs !== undefined) return judgeSkew((asked + Date.now()) / 2 - theirs, 'broker');
  if (issuer === undefined) return nobodyTells('There is no clock to compare with.');
  const told = await toldBy(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  return told === undefined ? nobodyTells('The identity provider did not tell its time.') : judgeSkew(told);
}

async function toldBy(address: string): Promise<number | undefined> {
  const asked = Date.now();
  const response = await fetch(address, { signal: AbortSignal.timeout(1500), redirect: 'error' }).catch(
    () => undefined,
  );
  await response?.body?.cancel();
  const theirs = Date.parse(response?.headers.get('date') ?? '');
  return Number.isNaN(theirs) ? undefined : (asked + Date.now()) / 2 - (theirs + 500); // it tells whole seconds
}

function nobodyTells(reason: string): Found {
  return unknown(reason, 'Look at this machine’s time service.');
}

/** `skew`: milliseconds by which our clock is ahead. */
export function judgeSkew(skew: number, whose: 'broker' | 'identity provider' = 'identity provider'): Found {
  const size = Math.abs(skew);
  if (size < noticeable) return well(`The clock agrees with the ${whose}’s.`);
  const seconds = Math.round(size / 1000);
  const reason = `The clock is ${seconds} seconds ${skew > 0 ? 'ahead of' : 'behind'} the ${whose}’s.`;
  return amiss('clock-off', reason, todo, size < clockTolerance ? 'attention' : 'failing');
}
