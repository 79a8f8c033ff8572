import { beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Of, verifyManifest, type CheckManifest, type VerifiedManifest } from '@anonymesh/protocol';
import { lookupIdOf, openPart, openSlip, queryKeyOf, seedOf, Withheld } from '@anonymesh/protocol-asking';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { composeQuery } from '../fixtures/paper-query.js';
import type { Query } from '../store/queries.js';
import { compose, type CheckQuery } from './compose.js';

let parties: Parties;
let query: CheckQuery;
let verified: VerifiedManifest<CheckManifest>;
let parts: { holder: string; sealed: string }[];

beforeAll(async () => {
  parties = await makeParties();
  query = await composeQuery(parties);
  verified = verify(query);
  parts = JSON.parse(query.parts ?? '');
});

function verify(asked: Pick<Query, 'manifest'>): VerifiedManifest<CheckManifest> {
  const found = verifyManifest(asked.manifest, (kid) => parties.directory.signer(kid, Date.now()));
  if (typeof found === 'string' || found.manifest.type !== 'anonymesh/check/v1')
    throw new Error('no manifest of a check');
  return { ...found, manifest: found.manifest };
}

function openFor(holder: string, sealed: string, agreedHolder = holder) {
  const { fields, holders } = parties.agreement.content;
  const receives = holders.find(({ id }) => id === agreedHolder)?.receives ?? [];
  const binding = { manifest: verified.manifest, holder };
  return openPart(sealed, parties.self(holder).keyring.sealing, binding, { fields, receives });
}

describe('a composed query', () => {
  it('is signed by the requester, and has the id that everybody recomputes', () => {
    expect(verified).toMatchObject({ queryId: query.id, requester: { id: 'immigration' } });
    expect(verified.manifest).toMatchObject({
      agreement: parties.agreement.hash,
      role: 'caseworker',
      nonce: query.nonce,
    });
  });

  it('has one part for each holder, named by its hash, with nothing but what that holder receives', () => {
    const { holders } = parties.agreement.content;
    expect(parts.map(({ holder }) => holder)).toEqual(holders.map(({ id }) => id));
    expect(verified.manifest.parts).toEqual(parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })));
    for (const { holder, sealed } of parts) {
      const opened = openFor(holder, sealed);
      const receives = holders.find(({ id }) => id === holder)?.receives ?? [];
      expect(Object.keys(opened).sort()).toEqual([...receives].sort());
      expect(typeof opened === 'string' ? opened : opened['niNumber']?.reveal()).toBe('AB123456C');
    }
  });

  it('gives no holder the part of another', () => {
    const [first, second] = parts as [{ holder: string; sealed: string }, { holder: string; sealed: string }];
    expect(openFor(second.holder, first.sealed)).toBe('part-not-bound');
  });

  it('has a slip for who has both the reference and the portal’s key', async () => {
    const seed = await seedOf(query.reference);
    const { own, text } = queryKeyOf(seed, 0);
    const portal = parties.self('appeal-portal').keyring.sealing;
    const binding = { manifest: verified.manifest, portal: 'appeal-portal' };
    const slip = openSlip(query.slip ?? '', { queryKey: own, portal }, binding);
    expect(slip).toMatchObject({ agreement: parties.agreement.hash, purpose: parties.agreement.content.purpose });
    expect(slip?.subjectKey.reveal()).toBe('AB123456C');
    expect(verified.manifest).toMatchObject({
      slip: sha256Of(query.slip ?? ''),
      queryKey: text,
      lookupId: lookupIdOf(seed, 0),
    });
    const another = queryKeyOf(seed, 1).own;
    expect(openSlip(query.slip ?? '', { queryKey: another, portal }, binding)).toBeUndefined();
  });

  it('shares nothing that can be seen with the next asking under its reference', async () => {
    const again = await composeQuery(parties, { reference: query.reference, t: 1 });
    const texts = ({ manifest }: Query) => {
      const { nonce, slip, lookupId, queryKey, parts } = verify({ manifest }).manifest;
      return [nonce, slip, lookupId, queryKey, ...parts.map(({ hash }) => hash)];
    };
    expect(texts(again).filter((text) => texts(query).includes(text))).toEqual([]);
  });

  it('has no text of the person in what leaves', () => {
    for (const value of ['AB123456C', 'okafor', '1985-03-27', 'NM1 4QT']) {
      const forms = [value, Buffer.from(value).toString('base64url'), Buffer.from(value).toString('hex')];
      for (const form of forms) expect(query.manifest + String(query.parts) + String(query.slip)).not.toContain(form);
    }
  });

  it.each(['hmrc', 'appeal-portal'])('is not sealed to a %s whose identity is not the pinned one', async (id) => {
    const { agreement } = parties;
    const signed: typeof agreement = {
      ...agreement,
      sealingKeyOf: (party, at) => (party === id ? undefined : agreement.sealingKeyOf(party, at)),
    };
    const { keyring } = parties.self('immigration');
    const fields = {
      niNumber: new Withheld('AB123456C'),
      birthDate: new Withheld('1985-03-27'),
      postcode: new Withheld('NM1 4QT'),
    };
    const question = { signed, role: 'caseworker', fields, reference: '', seed: Buffer.alloc(32), t: 0, asker: 'ann' };
    expect(await compose(question, { id: 'immigration', signing: keyring.signing }, Date.now())).toBe('key-not-pinned');
  });
});
