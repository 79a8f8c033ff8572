import { beforeAll, describe, expect, it } from '@jest/globals';
import { verifyStatus, type SignedAgreement, type Standing } from '@anonymesh/trust';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { dueOf, sayInForce } from './say-status.js';

const hour = 3_600_000;
const now = Date.UTC(2026, 5, 15, 12);
let parties: Parties;
let agreement: SignedAgreement;
beforeAll(async () => {
  parties = await makeParties();
  agreement = parties.agreement;
});

const due = (standing: Standing, saidAt = now - hour, signed = agreement) =>
  dueOf('hmrc', signed, standing, saidAt, { now, renewEvery: 4 * hour });

describe('what a node has to say of an agreement', () => {
  it('is that it is in force: at start, every few hours, and where its own word is missing', () => {
    expect(due({ standing: 'in-force' }, 0)).toBe('status');
    expect(due({ standing: 'in-force' })).toBe(undefined);
    expect(due({ standing: 'in-force' }, now - 4 * hour)).toBe('status');
    expect(due({ standing: 'waiting', for: ['dwp'] })).toBe(undefined);
    expect(due({ standing: 'waiting', for: ['dwp', 'hmrc'] })).toBe('status');
  });

  it('is no word of its own where it cannot be in force, but all that it knows, at start and every few hours', () => {
    const ended: Standing[] = [
      { standing: 'withdrawn', by: ['dwp'] },
      { standing: 'superseded', newer: 2 },
      { standing: 'unsigned', for: ['dwp'] },
      { standing: 'in-conflict' },
    ];
    for (const standing of ended) {
      expect(due(standing, 0)).toBe('again');
      expect(due(standing)).toBe(undefined);
      expect(due(standing, now - 4 * hour)).toBe('again');
    }
  });

  it('is nothing where its people have not signed, unless they have withdrawn', async () => {
    const draft = await parties.agree({ version: 2 }, ['dwp']);
    expect(due({ standing: 'unsigned', for: ['hmrc'] }, 0, draft)).toBe(undefined);
    expect(due({ standing: 'withdrawn', by: ['dwp'] }, 0, draft)).toBe(undefined);
    expect(due({ standing: 'withdrawn', by: ['dwp', 'hmrc'] }, 0, draft)).toBe('again');
  });

  it('is told once in a process of what is past: it may have replaced an older version', async () => {
    const past = await parties.agree({ validity: { from: '2025-01-01', until: '2026-06-14' } });
    expect(due({ standing: 'not-valid-today' }, 0, past)).toBe('again');
    expect(due({ standing: 'not-valid-today' }, now - 100 * hour, past)).toBe(undefined);
  });

  it('is signed by its node, for as long as told, and counts more than what it said before', async () => {
    const at = Date.now();
    const { signing } = parties.party('hmrc');
    const say = (before?: number) =>
      sayInForce(agreement.hash, 'hmrc', signing, {
        now: at,
        goodFor: hour,
        ...(before === undefined ? {} : { before }),
      });
    const read = (jws: string) => verifyStatus(jws, agreement, parties.directory);
    expect(read(await say())).toEqual({ party: 'hmrc', state: 'in-force', sequence: at, from: at, until: at + hour });
    // Also where the clock has been set back since.
    expect(read(await say(at + 5000))).toMatchObject({ sequence: at + 5001, from: at });
    // Also where whoever stole our key has said the highest number there is.
    expect(read(await say(Number.MAX_SAFE_INTEGER))).toMatchObject({ sequence: Number.MAX_SAFE_INTEGER });
  });
});
