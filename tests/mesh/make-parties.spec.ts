import { describe, expect, it } from '@jest/globals';
import { makeParties } from './make-parties.js';

describe('a mesh on paper', () => {
  it('has a directory that everybody is in and an agreement that everybody has signed', async () => {
    const parties = await makeParties();
    expect(parties.directory.parties.size).toBe(7);
    expect(parties.agreement.unsigned).toEqual([]);
    for (const { id, signing, mask, kind } of parties.all) {
      expect(parties.agreement.pinned(id)?.kind).toBe(kind);
      expect(parties.directory.signer(signing.kid, Date.now())).toMatchObject({ id });
      expect(mask === undefined).toBe(kind !== 'holder');
    }
  });

  it('can be changed before it is signed, and made again with fewer signatures', async () => {
    const parties = await makeParties({ combination: { atLeast: 2 }, deadlineSeconds: 5, change: { version: 3 } });
    expect(parties.agreement.content).toMatchObject({ version: 3, deadlineSeconds: 5, combination: { atLeast: 2 } });
    const signers = parties.all.map(({ id }) => id).filter((id) => id !== 'dwp');
    expect((await parties.agree({ version: 4 }, signers)).unsigned).toEqual(['dwp']);
  });

  it('takes the number of holders that is asked for', async () => {
    const holders = ['hmrc', 'dwp', 'council', 'police', 'schools'];
    const { agreement } = await makeParties({ holders, requesters: ['immigration', 'childrens-services'] });
    expect(agreement.content.holders.map(({ id }) => id)).toEqual(holders);
    expect(agreement.unsigned).toEqual([]);
  });
});
