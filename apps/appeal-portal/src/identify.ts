// Who is at the portal: a person whose identity the provider has verified, by the claim that the config names. It goes
// into no log and no answer.
import { Problem, type Bearer, type BearingRequest } from '@anonymesh/web';
import type { Somebody } from './limiting/slow-guessing.js';

/** The token under which main provides it to Nest. */
export const IDENTIFY = Symbol('identify');

export type PortalRequest = BearingRequest & {
  /** Where it came from. */
  readonly ip: string;
};

export interface Person extends Somebody {
  /** Verified, as the identity provider writes it. */
  readonly identity: string;
}

/** Throws a problem: 401 where nobody is signed in, 403 where the identity is not verified. */
export type Identify = (request: PortalRequest) => Promise<Person>;

export function identifyBy(bearer: Bearer, claim: string): Identify {
  return async (request) => {
    const { claims, subject } = await bearer.authenticate(request);
    const identity = claims[claim];
    if (typeof identity === 'string' && identity !== '') return { identity, account: subject, address: request.ip };
    throw new Problem('identity-not-verified', 403, 'The signed-in user has no verified identity');
  };
}
