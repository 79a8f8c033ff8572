// Reads a request to join, and says what is wrong with it.
import { readFileSync } from 'node:fs';
import { verifyJoinRequest, type JoinFault, type VerifiedRequest } from '@anonymesh/trust';
import { named, No } from '../telling/no.js';

const words: Readonly<Record<JoinFault, string>> = {
  malformed: 'not a request to join',
  tampered: 'not as its own identity signed it: somebody has changed it',
  'other-mesh': 'for a mesh of another operator',
  'too-old': 'too old: ask the party for a new one',
  'from-the-future': 'from the future: one of your clocks is wrong',
};

/** `operator`: of this mesh, base64url. */
export function reviewRequest(file: string, operator: string): VerifiedRequest & { readonly jws: string } {
  const jws = named(() => readFileSync(file, 'utf8')).trim();
  const found = verifyJoinRequest(jws, operator, Date.now());
  if (typeof found === 'string') throw new No('refused', `${file}: ${words[found]}`, { details: { fault: found } });
  return { ...found, jws };
}
