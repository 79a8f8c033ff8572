import { beforeAll, describe, expect, it } from '@jest/globals';
import { agreement, agreementHashOf, signJws, type Agreement } from '@anonymesh/protocol';
import { makeParties, makeParty, type Parties } from '../../../tests/mesh/make-parties.js';
import type { Directory } from './directory.js';
import { entryOf, now, publish, readTampered } from './fixtures/made-directory.js';
import { signEntry } from './entry.js';
import { checkAgreement, signAgreement } from './signed-agreement.js';

let parties: Parties;
let content: Agreement;
beforeAll(async () => {
  parties = await makeParties();
  content = parties.agreement.content;
});

const unsignedWith = (change: Record<string, string | undefined>, directory: Directory = parties.directory) => {
  const all = Object.entries({ ...parties.signatures, ...change });
  const signatures = Object.fromEntries(all.flatMap(([id, jws]) => (jws === undefined ? [] : [[id, jws]])));
  return checkAgreement(content, signatures, directory).unsigned;
};

describe('an agreement', () => {
  it('is signed where every party to it has signed', () => {
    expect(unsignedWith({})).toEqual([]);
    expect(parties.agreement.hash).toBe(agreementHashOf(content));
  });

  it('names who has not signed, be it one or all', () => {
    expect(unsignedWith({ dwp: undefined })).toEqual(['dwp']);
    expect(checkAgreement(content, {}, parties.directory).unsigned).toEqual(content.parties.map(({ id }) => id));
  });

  it('is not signed by a signature of another agreement, of another party, or of another kind', async () => {
    const { identity, signing } = parties.party('dwp');
    const other = agreement.parse({ ...content, version: 2 });
    const payload = Buffer.from(JSON.stringify({ agreement: parties.agreement.hash, party: 'dwp' }));
    const type = 'anonymesh-agreement-signature';
    expect(unsignedWith({ dwp: await signJws(payload, type, identity) })).toEqual([]);
    const forged = {
      'another agreement': await signAgreement(other, 'dwp', identity),
      'another party': await signAgreement(content, 'hmrc', identity),
      'another identity': await signAgreement(content, 'dwp', parties.party('hmrc').identity),
      'another identity under its id': await signJws(payload, type, {
        ...parties.party('hmrc').identity,
        kid: identity.kid,
      }),
      'the key of every day': await signJws(payload, type, signing),
      'another document': await signJws(payload, 'anonymesh-message', identity),
      'a party of no name': await signJws(Buffer.from(`{"agreement":"${parties.agreement.hash}"}`), type, identity),
      nonsense: 'a.b.c',
    };
    for (const [what, jws] of Object.entries(forged))
      expect([what, unsignedWith({ dwp: jws })]).toEqual([what, ['dwp']]);
  });

  it('is not signed by somebody who signed and is no party', async () => {
    const stranger = makeParty('police', 'holder');
    expect(unsignedWith({ police: await signAgreement(content, 'police', stranger.identity) })).toEqual([]);
    expect(parties.agreement.isParty({ id: 'police', kind: 'holder', identity: stranger.identity.kid })).toBe(false);
  });
});

describe('a party that the agreement pins', () => {
  const directoryWith = async (id: string, change: object, identity = parties.party(id).identity) => {
    const changed = { ...parties.party(id), identity };
    const all = parties.all.map((party) => (party.id === id ? changed : party));
    const entries = await Promise.all(
      all.map((party) => signEntry(entryOf(party, party.id === id ? change : {}), party.identity)),
    );
    const directory = (await readTampered(all, { entries }))?.directory;
    if (directory === undefined) throw new Error('the directory cannot be read');
    return directory;
  };

  it('is known by its identity', () => {
    const { id, kind, identity } = parties.party('hmrc');
    expect(parties.agreement.pinned('hmrc')?.id).toBe('hmrc');
    expect(parties.agreement.isParty({ id, kind, identity: identity.kid })).toBe(true);
    expect(parties.agreement.pinned('nobody')).toBe(undefined);
  });

  it('is sealed to by a key that is valid then', async () => {
    const key = publish(parties.party('hmrc').sealing);
    const directory = await directoryWith('hmrc', { sealing: [key] });
    const { sealingKeyOf } = checkAgreement(content, parties.signatures, directory);
    expect(sealingKeyOf('hmrc', key.until - 1)?.kid).toBe(key.kid);
    expect(sealingKeyOf('hmrc', key.until)).toBe(undefined);
    expect(sealingKeyOf('nobody', key.until - 1)).toBe(undefined);
  });

  it('is nobody where the operator has swapped its identity, also with its signature still there', async () => {
    const impostor = makeParty('hmrc', 'holder').identity;
    const directory = await directoryWith('hmrc', {}, impostor);
    const checked = checkAgreement(content, parties.signatures, directory);
    expect(directory.parties.get('hmrc')?.fingerprint).toBe(impostor.kid);
    expect(checked.pinned('hmrc')).toBe(undefined);
    expect(directory.sealingKey('hmrc', now)).toBeDefined();
    expect(checked.sealingKeyOf('hmrc', now)).toBe(undefined);
    expect(checked.isParty({ id: 'hmrc', kind: 'holder', identity: impostor.kid })).toBe(false);
    expect(checked.unsigned).toEqual(['hmrc']);
    const signed = { ...parties.signatures, hmrc: await signAgreement(content, 'hmrc', impostor) };
    expect(checkAgreement(content, signed, directory).unsigned).toEqual(['hmrc']);
  });

  it('is not its identity under another name', () => {
    const { kind, identity } = parties.party('hmrc');
    expect(parties.agreement.isParty({ id: 'dwp', kind, identity: identity.kid })).toBe(false);
  });

  it('has no other role than the agreement gives it, whatever its own entry says', async () => {
    for (const kind of ['portal', 'aggregator', 'coordinator', 'requester'] as const) {
      const directory = await directoryWith('hmrc', { kind });
      const checked = checkAgreement(content, parties.signatures, directory);
      const signer = directory.signer(parties.party('hmrc').signing.kid, Date.UTC(2026, 5, 15, 12));
      expect(signer).toMatchObject({ id: 'hmrc', kind });
      expect(typeof signer === 'object' && checked.isParty(signer)).toBe(false);
      expect(checked.pinned('hmrc')).toBe(undefined);
      expect(checked.unsigned).toEqual(['hmrc']);
    }
  });
});
