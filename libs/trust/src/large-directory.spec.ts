import { expect, it } from '@jest/globals';
import { directoryFileOf, makeParty } from '../../../tests/mesh/make-parties.js';
import { readDirectory, signAdmission } from './read-directory.js';
import { newKey, publicBytes } from './key-file.js';

it('a directory that admits as many parties as there may be, with the longest ids, is read', async () => {
  const party = makeParty('immigration', 'requester');
  const operator = newKey('Ed25519');
  const { entries } = await directoryFileOf([party], operator);
  const others = Array.from({ length: 1999 }, (_, index) => ({
    id: `${'a'.repeat(26)}-${index.toString(36).padStart(4, 'a')}`,
    identity: party.identity.kid,
  }));
  const admitted = [{ id: party.id, identity: party.identity.kid }, ...others];
  const admission = { type: 'anonymesh/admission/v1', serial: 1, issuedAt: Date.now(), admitted } as const;
  const file = { admission: await signAdmission(admission, operator), entries };
  const read = readDirectory(file, publicBytes(operator).toString('base64url'));
  expect([...(read?.directory.parties.keys() ?? [])]).toEqual(['immigration']);
});
