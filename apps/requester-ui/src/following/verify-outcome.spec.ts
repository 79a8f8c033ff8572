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

const verify = (options: OutcomeOptions = {}, now = Date.now()) =>
  verifyOutcome(sealOutcome(parties, query, options), query, parties.agreement, parties.self('immigration'), now);

describe('a relayed outcome', () => {
  it('is the aggregator’s word on this query', () => {
    expect(verify()).toMatchObject({ outcome: 'clear', code: 'all-answered', answered: 3 });
    expect(verify({ outcome: 'refer', code: 'not-all-answered', answered: 1 })).toMatchObject({
      outcome: 'refer',
      answered: 1,
    });
  });

  it('is kept as it was signed', () => {
    const ending = verify();
    expect(typeof ending === 'string' ? ending : ending.outcome_signed?.split('.')).toHaveLength(3);
  });

  it('is not another party’s', () => {
    expect(verify({ signer: parties.party('coordinator') })).toBe('wrong-sender');
    expect(verify({ signer: parties.party('hmrc') })).toBe('wrong-sender');
    expect(verify({ signer: makeParty('aggregator', 'aggregator') })).toBe('unknown-key');
  });

  it('is not that of an aggregator with another identity than the pinned one', () => {
    const signed = { ...parties.agreement, isParty: () => false };
    const sealed = sealOutcome(parties, query);
    expect(verifyOutcome(sealed, query, signed, parties.self('immigration'), Date.now())).toBe('key-not-pinned');
  });

  it('is about this query, its agreement and its holders', () => {
    const agreement = parties.agree({ version: 2 }).hash;
    expect(verify({ queryId: '0'.repeat(32) })).toBe('query-differs');
    expect(verify({ agreement, context: { agreement: query.agreement } })).toBe('query-differs');
    expect(verify({ holders: 4, answered: 4 })).toBe('query-differs');
  });

  it.each([
    { outcome: 'refer', code: 'holder-refused', answered: 5 },
    { outcome: 'clear', code: 'all-answered', answered: 2 },
    { outcome: 'clear', code: 'not-all-answered' },
    { outcome: 'refer', code: 'all-answered' },
    { answered: -1 },
  ] as const)('is not one that contradicts itself: %j', (body) => {
    expect(verify(body)).toBe('malformed');
  });

  it.each([
    ['message', { message: 'recheck' }],
    ['nonce', { nonce: 'A'.repeat(22) }],
    ['agreement', { agreement: 'other' }],
    ['sender', { from: 'coordinator' }],
    ['receiver', { to: 'childrens-services' }],
    ['context at all', { more: 'x' }],
  ])('is not sealed for another %s', (_what, context) => {
    expect(verify({ context })).toBe('malformed');
  });

  it('is sealed and addressed to us', () => {
    const stranger = newKey('X25519');
    expect(verify({ to: { kid: stranger.kid, key: createPublicKey(stranger.key) } })).toBe('unknown-key');
    expect(verify({ receiver: 'childrens-services' })).toBe('not-for-you');
  });

  it('is neither from the future nor from before anything is kept', () => {
    const day = 86_400_000;
    expect(verify({}, Date.now() - day)).toBe('from-the-future');
    expect(verify({}, Date.now() + 16 * day)).toBe('too-old');
  });

  it.each(['', 'a.b.c.d.e', 'not sealed'])('is none when it reads %j', (sealed) => {
    const self = parties.self('immigration');
    expect(verifyOutcome(sealed, query, parties.agreement, self, Date.now())).toBe('malformed');
  });
});
