import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { makeAsk, type AskOptions } from '../fixtures/made-ask.js';
import { admit } from './admit.js';
import { maskKeysInForce } from './mask-keys.js';

let parties: Parties;
beforeAll(async () => {
  parties = await makeParties({ requesters: ['immigration', 'childrens-services'] });
});

const minute = 60_000;
const reasonOf = (...asked: Parameters<typeof admit>) => {
  const admitted = admit(...asked);
  return typeof admitted === 'string' ? admitted : undefined;
};
const reason = async (options: AskOptions = {}, signed = options.agreement ?? parties.agreement, now = Date.now()) =>
  reasonOf(await makeAsk(parties, options), signed, now);

describe('a query', () => {
  it('is admitted as an agreement says', async () => {
    expect(await reason()).toBe(undefined);
  });

  it.each<[string, AskOptions, string]>([
    ['under another query ID', { queryId: 'ab'.repeat(16) }, 'query-differs'],
    ['sent by another than who signed it', { sender: 'childrens-services' }, 'wrong-sender'],
    ['in a role that may not ask', { manifest: { role: 'minister' } }, 'role-not-allowed'],
    ['from the future', { manifest: { issuedAt: Date.now() + 6 * minute } }, 'from-the-future'],
    ['after its deadline', { manifest: { issuedAt: Date.now() - 2 * minute } }, 'deadline-passed'],
    ['with another slip', { body: { slip: 'e30.AA.AA.AA.AA' } }, 'parts-not-matching'],
    ['that leaves a holder out', { holders: ['hmrc', 'dwp'] }, 'parts-not-matching'],
    ['with a holder that is not asked', { holders: ['hmrc', 'dwp', 'council', 'police'] }, 'parts-not-matching'],
    ['with another holder in place of one', { holders: ['hmrc', 'dwp', 'police'] }, 'parts-not-matching'],
    ['with a holder twice', { holders: ['hmrc', 'dwp', 'council', 'hmrc'] }, 'parts-not-matching'],
    ['with a holder twice in place of another', { holders: ['hmrc', 'dwp', 'dwp'] }, 'parts-not-matching'],
  ])('%s is not admitted', async (_what, options, code) => {
    expect(await reason(options)).toBe(code);
  });

  it('with parts that are not those of its manifest is not admitted', async () => {
    const asked = await makeAsk(parties);
    const [first, second, third] = asked.body.parts as [Part, Part, Part];
    type Part = (typeof asked.body.parts)[number];
    const parts = {
      swapped: [{ ...first, sealed: second.sealed }, { ...second, sealed: first.sealed }, third],
      changed: [{ ...first, sealed: 'e30.AA.AA.AA.AA' }, second, third],
      missing: [first, second],
      twice: [first, second, third, third],
      'twice in place of another': [first, second, second],
      renamed: [first, second, { ...third, holder: 'police' }],
    };
    for (const [what, some] of Object.entries(parts)) {
      const body = { ...asked.body, parts: some };
      const found = reasonOf({ ...asked, body }, parties.agreement, Date.now());
      expect([what, found]).toEqual([what, 'parts-not-matching']);
    }
    const reversed = { ...asked.body, parts: [third, second, first] };
    expect(reasonOf({ ...asked, body: reversed }, parties.agreement, Date.now())).toBe(undefined);
  });

  it('under an agreement that nobody knows, or that not all have signed, is not admitted', async () => {
    const partly = await parties.agree(
      { version: 2 },
      parties.all.map(({ id }) => id).filter((id) => id !== 'dwp'),
    );
    expect(await reason({ agreement: partly })).toBe('agreement-not-signed');
    expect(reasonOf(await makeAsk(parties), undefined, Date.now())).toBe('unknown-agreement');
  });

  it('outside of the agreement’s validity is not admitted', async () => {
    const over = await parties.agree({ validity: { from: '2024-01-01', until: '2024-12-31' } });
    expect(await reason({ agreement: over })).toBe('agreement-not-in-force');
  });

  it('by a requester that is no asker of the agreement is not admitted', async () => {
    const one = await parties.agree({ askers: [{ requester: 'immigration', roles: ['caseworker'] }] });
    expect(await reason({ agreement: one, requester: 'childrens-services' })).toBe('role-not-allowed');
    expect(await reason({ agreement: one })).toBe(undefined);
  });

  it('by a requester with another identity than the agreement pins is not admitted', async () => {
    const other = await makeParties({ requesters: ['immigration', 'childrens-services'] });
    const asked = await makeAsk(other, { agreement: { ...other.agreement, hash: parties.agreement.hash } });
    expect(reasonOf(asked, parties.agreement, Date.now())).toBe('key-not-pinned');
  });
});

describe('a set query', () => {
  it('is admitted as an agreement on sets says: without a slip', async () => {
    expect(await reason({ agreement: await parties.agreeOnSets() })).toBe(undefined);
  });

  it('is not admitted with a slip, which would be about somebody', async () => {
    const body = { slip: 'e30.AA.AA.AA.AA' };
    expect(await reason({ agreement: await parties.agreeOnSets(), body })).toBe('parts-not-matching');
  });

  it('is not admitted under an agreement on a check, nor a check under one on sets', async () => {
    expect(await reason({ kind: 'set' })).toBe('query-differs');
    expect(await reason({ agreement: await parties.agreeOnSets(), kind: 'check' })).toBe('query-differs');
  });

  it('is not admitted with a holder left out', async () => {
    expect(await reason({ agreement: await parties.agreeOnSets(), holders: ['hmrc', 'dwp'] })).toBe(
      'parts-not-matching',
    );
  });
});

describe('the mask keys in force', () => {
  it('are the newest of each holder', () => {
    const keys = maskKeysInForce(parties.agreement, parties.directory, Date.now());
    const holders = parties.all.filter(({ kind }) => kind === 'holder');
    expect(keys).toEqual(Object.fromEntries(holders.map(({ id, mask }) => [id, mask?.kid])));
  });

  it('are none where one holder has no valid key, or is not who the agreement pins', async () => {
    expect(maskKeysInForce(parties.agreement, parties.directory, Date.now() + 400 * 86_400_000)).toBe(undefined);
    const other = await makeParties();
    expect(maskKeysInForce({ ...parties.agreement, pinned: () => undefined }, other.directory, Date.now())).toBe(
      undefined,
    );
  });
});
