import { beforeAll, describe, expect, it } from '@jest/globals';
import { queryIdOf, sha256Of, verifyManifest, type SetAgreement } from '@anonymesh/protocol';
import { openPart, Withheld } from '@anonymesh/protocol-asking';
import type { SignedAgreement } from '@anonymesh/trust';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { composeSet } from './compose-set.js';

let parties: Parties;
let signed: SignedAgreement<SetAgreement>;
beforeAll(async () => {
  parties = await makeParties({ holders: ['hmrc', 'dwp'] });
  const { holders } = (await parties.agreeOnSets()).content;
  signed = await parties.agreeOnSets({
    fields: { since: { format: 'date', label: 'Since' } },
    holders: holders.map((holder, index) => ({ ...holder, receives: index === 0 ? ['since'] : [] })),
  });
});

const compose = (agreement = signed) => {
  const { id, keyring } = parties.self('immigration');
  const question = {
    signed: agreement,
    role: 'caseworker',
    fields: { since: new Withheld('2026-01-31') },
    asker: 'user-1',
  };
  return composeSet(question, { id, signing: keyring.signing }, Date.now());
};

describe('a composed set query', () => {
  it('names nobody: it has no reference, no slip and nothing to look it up by', async () => {
    const query = await compose();
    if (typeof query === 'string') throw new Error(query);
    expect(query).toMatchObject({ kind: 'set', reference: null, slip: null, t: 0, state: 'asking' });
    const verified = verifyManifest(query.manifest, (kid) => parties.directory.signer(kid, Date.now()));
    if (typeof verified === 'string') throw new Error(verified);
    expect(Object.keys(verified.manifest).sort()).toEqual(
      ['agreement', 'issuedAt', 'nonce', 'parts', 'requester', 'role', 'type'].sort(),
    );
    expect(queryIdOf(verified.manifest)).toBe(query.id);
  });

  it('gives each holder only what it receives, in a part bound to this query', async () => {
    const query = await compose();
    if (typeof query === 'string') throw new Error(query);
    const parts: { holder: string; sealed: string }[] = JSON.parse(query.parts ?? '[]');
    const manifest = { nonce: query.nonce, agreement: signed.hash, requester: 'immigration' };
    const opened = parts.map(({ holder, sealed }) => {
      const receives = signed.content.holders.find(({ id }) => id === holder)?.receives ?? [];
      const agreed = { fields: signed.content.fields, receives };
      const fields = openPart(sealed, parties.self(holder).keyring.sealing, { manifest, holder }, agreed);
      return [holder, typeof fields === 'string' ? fields : Object.keys(fields)];
    });
    expect(opened).toEqual([
      ['hmrc', ['since']],
      ['dwp', []],
    ]);
    expect(new Set(parts.map(({ sealed }) => sha256Of(sealed))).size).toBe(2);
  });

  it('is not sealed to a holder whose identity is not the pinned one', async () => {
    expect(await compose({ ...signed, sealingKeyOf: () => undefined })).toBe('key-not-pinned');
  });
});
