import { expect, it } from '@jest/globals';
import { directoryFileOf, makeParty } from '../../../tests/mesh/make-parties.js';
import { readDirectory } from './directory.js';
import { newKey, publicBytes } from './key-file.js';

it('a directory of as many parties as may be admitted, with the longest ids, is read', () => {
  const id = (index: number) => `${'a'.repeat(26)}-${index.toString(36).padStart(4, 'a')}`;
  const parties = Array.from({ length: 2000 }, (_, index) => makeParty(id(index), 'requester'));
  const operator = newKey('Ed25519');
  const file = directoryFileOf(parties, operator);
  const read = readDirectory(file, publicBytes(operator).toString('base64url'));
  expect([read?.directory.parties.size, read?.leftOut]).toEqual([2000, []]);
}, 30_000);
