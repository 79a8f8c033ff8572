import { beforeAll, describe, expect, it } from '@jest/globals';
import { seedOf, mintReference, Withheld } from '@anonymesh/protocol-asking';
import { sha256Of } from '@anonymesh/protocol';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { makeQuery, somebody, type MadeQuery } from './fixtures/make-query.js';
import { verifySlip, type Portal } from './verify-slip.js';

let parties: Parties;
let portal: Portal;
let query: MadeQuery;

beforeAll(async () => {
  parties = await makeParties({ requesters: ['immigration', 'childrens-services'] });
  const { id, keyring, directory } = parties.self('appeal-portal');
  portal = { id, sealing: keyring.sealing, directory };
  query = await makeQuery(parties);
});

const verify = (made: MadeQuery, changed: { body?: Partial<MadeQuery['body']>; t?: number; identity?: string } = {}) =>
  verifySlip(
    { ...made.body, ...changed.body },
    { seed: made.seed, t: changed.t ?? made.t, identity: changed.identity ?? somebody.niNumber },
    parties.trust,
    portal,
  );

describe('what lies under a lookup id', () => {
  it('is the query of the person who has reference and identity', () => {
    expect(verify(query)).toMatchObject({ queryId: query.queryId, manifest: query.manifest });
  });

  it('is found however the identity provider writes the identity', () => {
    expect(verify(query, { identity: 'ab 12 34 56 c' })).toMatchObject({ queryId: query.queryId });
  });

  it('is nobody else’s', () => {
    expect(verify(query, { identity: 'AB123457C' })).toBe('another-person');
    expect(verify(query, { identity: 'nobody' })).toBe('identity-malformed');
  });

  it('is not another asking under the same reference', async () => {
    const again = await makeQuery(parties, { reference: query.reference, t: 1 });
    expect(verify(again)).toMatchObject({ queryId: again.queryId });
    expect(verify(again, { t: 0 })).toBe('manifest-differs');
    expect(verify(query, { t: 1 })).toBe('manifest-differs');
  });

  it('is not under another reference', async () => {
    const seed = await seedOf(mintReference());
    expect(verifySlip(query.body, { seed, t: 0, identity: somebody.niNumber }, parties.trust, portal)).toBe(
      'manifest-differs',
    );
  });

  it('has the slip that the requester signed for', async () => {
    const other = await makeQuery(parties, { reference: query.reference });
    expect(verify(query, { body: { slip: other.body.slip } })).toBe('manifest-differs');
    const moved = await makeQuery(parties, { manifest: { slip: sha256Of(other.body.slip) } });
    expect(verify(moved, { body: { slip: other.body.slip } })).toBe('slip-differs');
  });

  it.each([
    ['agreement', { agreement: sha256Of('another') }],
    ['purpose', { purpose: 'To find out' }],
  ])('has a slip with the %s that the manifest names', async (_what, slip) => {
    expect(verify(await makeQuery(parties, { slip }))).toBe('slip-differs');
  });

  it('names the person whom the slip names, not the one in the parts', async () => {
    const made = await makeQuery(parties, { slip: { subjectKey: new Withheld('AB123457C') } });
    expect(verify(made)).toBe('another-person');
  });

  it('was asked of all holders of the agreement and of nobody else', async () => {
    const parts = query.manifest.parts;
    const doubled = [...parts.slice(0, 2), ...parts.slice(0, 1)];
    const strange = [...parts.slice(0, 2), { holder: 'police', hash: sha256Of('part') }];
    for (const wrong of [parts.slice(0, 2), doubled, [...parts, ...parts.slice(0, 1)], strange]) {
      expect(verify(await makeQuery(parties, { manifest: { parts: wrong } }))).toBe('manifest-differs');
    }
  });

  it('was signed by the requester that it names, whom the agreement pins', async () => {
    const forged = await makeQuery(parties, { manifest: { requester: 'childrens-services' } });
    expect(verify(forged)).toBe('manifest-refused');
    const others = await makeParties();
    expect(verify(await makeQuery(others))).toBe('manifest-refused');
    expect(verify(query, { body: { manifest: query.body.slip.split('.').slice(0, 3).join('.') } })).toBe(
      'manifest-refused',
    );
  });

  it('was asked under an agreement that we know and that everybody signed', async () => {
    const unknown = await parties.agree({ version: 2 });
    expect(verify(await makeQuery(parties, { agreement: unknown }))).toBe('agreement-unknown');
    const unsigned = await parties.agree({ version: 3 }, ['immigration']);
    const agreements = new Map([[unsigned.hash, unsigned]]);
    const made = await makeQuery(parties, { agreement: unsigned });
    const claimed = { seed: made.seed, t: 0, identity: somebody.niNumber };
    expect(verifySlip(made.body, claimed, { agreements }, portal)).toBe('agreement-not-signed');
  });

  it('is explained long after its agreement has ended', async () => {
    const ended = await parties.agree({ version: 4, validity: { from: '2001-01-01', until: '2002-01-01' } });
    const made = await makeQuery(parties, { agreement: ended, issuedAt: Date.parse('2001-06-01') });
    const claimed = { seed: made.seed, t: 0, identity: somebody.niNumber };
    const agreements = new Map([[ended.hash, ended]]);
    expect(verifySlip(made.body, claimed, { agreements }, portal)).toMatchObject({ queryId: made.queryId });
  });

  it('opens for the portal that the agreement names, with its own key', () => {
    const claimed = { seed: query.seed, t: 0, identity: somebody.niNumber };
    const elsewhere = { ...portal, id: 'other-portal' };
    expect(verifySlip(query.body, claimed, parties.trust, elsewhere)).toBe('portal-not-pinned');
    const keyless = { ...portal, sealing: () => undefined };
    expect(verifySlip(query.body, claimed, parties.trust, keyless)).toBe('slip-differs');
  });
});
