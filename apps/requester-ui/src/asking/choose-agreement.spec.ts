import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SignedAgreement } from '@anonymesh/trust';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { agreementsFor, chooseAgreement } from './choose-agreement.js';

const now = Date.parse('2026-06-15T12:00:00Z');
const caseworker = { requester: 'immigration', roles: ['clerk', 'caseworker'] };

let parties: Parties;
let first: SignedAgreement;
beforeAll(async () => {
  parties = await makeParties({ requesters: ['immigration', 'childrens-services'] });
  first = parties.agreement;
});

const choose = (agreements: readonly SignedAgreement[], asker = caseworker, at = now) => {
  const chosen = chooseAgreement(agreements, 'right-to-remain', asker, at);
  return typeof chosen === 'string' ? chosen : chosen.signed.content.version;
};

describe('the agreement under which one asks', () => {
  it('is the newest version that allows it', async () => {
    const others = [await parties.agree({ version: 3 }), await parties.agree({ version: 2 })];
    expect(choose([first, ...others])).toBe(3);
    const forOthers = await parties.agree({
      version: 9,
      askers: [{ requester: 'childrens-services', roles: ['caseworker'] }],
    });
    expect(choose([first, forOthers])).toBe(1);
    expect(
      choose([first, await parties.agree({ version: 4, askers: [{ requester: 'immigration', roles: ['chief'] }] })]),
    ).toBe(1);
  });

  it('has been signed by everybody', async () => {
    const allButOne = parties.all.map(({ id }) => id).filter((id) => id !== 'dwp');
    expect(choose([first, await parties.agree({ version: 2 }, allButOne)])).toBe(1);
    expect(choose([await parties.agree({ version: 2 }, allButOne)])).toBe('unknown-agreement');
  });

  it.each([
    ['2026-06-14T23:59:59.999Z', 'unknown-agreement'],
    ['2026-06-15T00:00:00Z', 2],
    ['2026-06-16T23:59:59.999Z', 2],
    ['2026-06-17T00:00:00Z', 'unknown-agreement'],
  ])('is valid on the day: at %s %s', async (at, version) => {
    const short = await parties.agree({ version: 2, validity: { from: '2026-06-15', until: '2026-06-16' } });
    expect(choose([short], caseworker, Date.parse(at))).toBe(version);
  });

  it('names the requester and one of the user’s roles', () => {
    expect(choose([first], { requester: 'immigration', roles: ['clerk'] })).toBe('role-not-allowed');
    expect(choose([first], { requester: 'immigration', roles: [] })).toBe('role-not-allowed');
    expect(choose([first], { requester: 'hmrc', roles: ['caseworker'] })).toBe('unknown-agreement');
    expect(choose([], caseworker)).toBe('unknown-agreement');
  });

  it('is listed once by id, in its newest version, for who may ask under it', async () => {
    const all = [first, await parties.agree({ version: 2 }), await parties.agree({ id: 'another', version: 5 })];
    const listed = agreementsFor(all, caseworker, now).map(({ signed, role }) => [
      signed.content.id,
      signed.content.version,
      role,
    ]);
    expect(listed).toEqual([
      ['another', 5, 'caseworker'],
      ['right-to-remain', 2, 'caseworker'],
    ]);
    expect(agreementsFor(all, { requester: 'immigration', roles: ['clerk'] }, now)).toEqual([]);
  });
});
