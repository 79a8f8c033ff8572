import { beforeAll, describe, expect, it } from '@jest/globals';
import { newKey } from '@anonymesh/trust';
import { createPublicKey } from 'node:crypto';
import { makeParties, makeParty, type Parties } from '../../../../tests/mesh/make-parties.js';
import { composeQuery, sealOutcome, type OutcomeOptions } from '../fixtures/paper-query.js';
import type { Query } from '../store/queries.js';
import { verifyOutcome } from './verify-outcome.js';

let parties: Parties;
let query: Query;
beforeAll(async () => {
  parties = await makeParties({ requesters: ['immigration', 'childrens-services'] });
  query = await composeQuery(parties);
});

const verify = async (options: OutcomeOptions = {}, now = Date.now()) =>
  verifyOutcome(await sealOutcome(parties, query, options), query, parties.agreement, parties.self('immigration'), now);

describe('a relayed outcome', () => {
  it('is the aggregator’s word on this query', async () => {
    expect(await verify()).toMatchObject({ outcome: 'clear', code: 'all-answered', answered: 3 });
    expect(await verify({ outcome: 'refer', code: 'not-all-answered', answered: 1 })).toMatchObject({
      outcome: 'refer',
      answered: 1,
    });
  });

  it('is kept as it was signed', async () => {
    const ending = await verify();
    expect(typeof ending === 'string' ? ending : ending.outcome_signed?.split('.')).toHaveLength(3);
  });

  it('is not another party’s', async () => {
    expect(await verify({ signer: parties.party('coordinator') })).toBe('wrong-sender');
    expect(await verify({ signer: parties.party('hmrc') })).toBe('wrong-sender');
    expect(await verify({ signer: makeParty('aggregator', 'aggregator') })).toBe('unknown-key');
  });

  it('is not that of an aggregator with another identity than the pinned one', async () => {
    const signed = { ...parties.agreement, isParty: () => false };
    const sealed = await sealOutcome(parties, query);
    expect(verifyOutcome(sealed, query, signed, parties.self('immigration'), Date.now())).toBe('key-not-pinned');
  });

  it('is about this query, its agreement and its holders', async () => {
    const agreement = (await parties.agree({ version: 2 })).hash;
    expect(await verify({ queryId: '0'.repeat(32) })).toBe('query-differs');
    expect(await verify({ agreement, context: { agreement: query.agreement } })).toBe('query-differs');
    expect(await verify({ holders: 4, answered: 4 })).toBe('query-differs');
  });

  it.each([
    { outcome: 'refer', code: 'holder-refused', answered: 5 },
    { outcome: 'clear', code: 'all-answered', answered: 2 },
    { outcome: 'clear', code: 'not-all-answered' },
    { outcome: 'refer', code: 'all-answered' },
    { answered: -1 },
  ] as const)('is not one that contradicts itself: %j', async (body) => {
    expect(await verify(body)).toBe('malformed');
  });

  it.each([
    ['message', { message: 'recheck' }],
    ['nonce', { nonce: 'A'.repeat(22) }],
    ['agreement', { agreement: 'other' }],
    ['sender', { from: 'coordinator' }],
    ['receiver', { to: 'childrens-services' }],
    ['context at all', { more: 'x' }],
  ])('is not sealed for another %s', async (_what, context) => {
    expect(await verify({ context })).toBe('malformed');
  });

  it('is sealed and addressed to us', async () => {
    const stranger = newKey('X25519');
    expect(await verify({ to: { kid: stranger.kid, key: createPublicKey(stranger.key) } })).toBe('unknown-key');
    expect(await verify({ receiver: 'childrens-services' })).toBe('not-for-you');
  });

  it('is neither from the future nor from before anything is kept', async () => {
    const day = 86_400_000;
    expect(await verify({}, Date.now() - day)).toBe('from-the-future');
    expect(await verify({}, Date.now() + 16 * day)).toBe('too-old');
  });

  it.each(['', 'a.b.c.d.e', 'not sealed'])('is none when it reads %j', (sealed) => {
    const self = parties.self('immigration');
    expect(verifyOutcome(sealed, query, parties.agreement, self, Date.now())).toBe('malformed');
  });
});
