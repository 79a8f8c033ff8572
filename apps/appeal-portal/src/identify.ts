// Who is at the portal: a person whose identity the provider has verified, by the claim that the config names. It goes
// into no log and no answer.
import { Problem, type Bearer, type BearingRequest, type User } from '@anonymesh/web';
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

export interface Identify {
  /** Throws a problem: 401 where nobody is signed in, 403 where the identity is not verified. */
  byToken(request: PortalRequest): Promise<Person>;
  /** Undefined where the identity is not verified. */
  asSignedIn(user: User, request: PortalRequest): Person | undefined;
}

export function identifyBy(bearer: Bearer, claim: string): Identify {
  const asSignedIn: Identify['asSignedIn'] = ({ claims, subject }, { ip }) => {
    const identity = claims[claim];
    const isVerified = typeof identity === 'string' && identity !== '';
    return isVerified ? { identity, account: subject, address: ip } : undefined;
  };
  return {
    asSignedIn,
    byToken: async (request) => {
      const person = asSignedIn(await bearer.authenticate(request), request);
      if (person !== undefined) return person;
      throw new Problem('identity-not-verified', 403, 'The signed-in user has no verified identity');
    },
  };
}
