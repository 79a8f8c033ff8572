import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signJws, type AgreementNotice } from '@anonymesh/protocol';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { checkAgreement, newKey, signStatus, type SignedAgreement } from '@anonymesh/trust';
import fc from 'fast-check';
import { makeParties, type Parties } from '../../../tests/mesh/make-parties.js';
import { revoking } from '../../../tests/mesh/revoking.js';
import { aliveNotice, statusOf } from '../../../tests/mesh/statuses.js';
import { openIn } from './fixtures/open-ledger.js';
import { standingTables } from './index.js';

let parties: Parties;
let folder: string;
let count = 0;
const opened: Store[] = [];

beforeAll(async () => {
  parties = await makeParties();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-standing-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});
afterAll(() => rm(folder, { recursive: true }));

describe('a ledger under attack', () => {
  const open = async (self?: string, known?: readonly SignedAgreement[]) => {
    const store = await openStore({ kind: 'embedded', file: join(folder, `${++count}.db`) });
    opened.push(store);
    await migrate(store, standingTables);
    return openIn(store, parties.directory, self, known);
  };

  it('keeps nothing of agreements that nobody has signed, or to which it is no party', async () => {
    const node = await open('hmrc');
    const { content } = parties.agreement;
    expect(await node.take({ agreement: content, signatures: {}, statuses: [] })).toBe('agreement-not-signed');
    const others = await parties.agree({
      parties: content.parties.filter(({ id }) => id !== 'hmrc'),
      holders: content.holders.filter(({ id }) => id !== 'hmrc'),
    });
    expect(await node.take(await aliveNotice(parties, others))).toBe('not-for-you');
    const swapped = await parties.agree({
      parties: content.parties.map((party) => (party.id === 'hmrc' ? { ...party, identity: 'A'.repeat(43) } : party)),
    });
    expect(await node.take(await aliveNotice(parties, swapped))).toBe('not-for-you');
    expect(await node.store.knex('agreements').select('*')).toEqual([]);
  });

  it('believes no status of another agreement, party, key or length, and no withdrawal that was not one', async () => {
    const { agreement } = parties;
    const { hash, content } = agreement;
    const other = await parties.agree({ version: 7 });
    const now = Date.now();
    const [hmrc, dwp] = [parties.party('hmrc'), parties.party('dwp')];
    const raw = (change: object, by = dwp.signing, type = 'anonymesh-agreement-status') => {
      const plain = { agreement: hash, from: now, party: 'dwp', sequence: now, state: 'withdrawn', until: now + 1000 };
      return signJws(Buffer.from(JSON.stringify({ ...plain, ...change })), type, by);
    };
    const canonical = await raw({});
    const forged: Record<string, string> = {
      'of another agreement': await statusOf(parties, 'dwp', other.hash, { state: 'withdrawn' }),
      'signed by another party': await raw({}, hmrc.signing),
      'signed by another identity': await raw({}, hmrc.identity),
      'signed by a sealing key’s id': await raw({}, { ...dwp.signing, kid: dwp.sealing.kid }),
      'for somebody else': await raw({ party: 'hmrc' }),
      'of no party': await raw({ party: 'police' }),
      'good for too long': await raw({ until: now + 25 * 3_600_000, state: 'in-force' }),
      'good for nothing': await raw({ until: now }),
      'of another type': await raw({}, dwp.signing, 'anonymesh-message'),
      'of a third state': await raw({ state: 'paused' }),
      'with a member more': await raw({ reason: 'x' }),
      'in force by the identity, which no node has': await raw({ state: 'in-force' }, dwp.identity),
      'not canonical': await signJws(
        Buffer.from(
          JSON.stringify({
            until: now + 1000,
            agreement: hash,
            from: now,
            party: 'dwp',
            sequence: now,
            state: 'withdrawn',
          }),
        ),
        'anonymesh-agreement-status',
        dwp.signing,
      ),
      'without a signature': `${canonical.split('.').slice(0, 2).join('.')}.AA`,
    };
    const node = await open('hmrc', [agreement]);
    await node.take(await aliveNotice(parties, agreement));
    for (const [what, status] of Object.entries(forged)) {
      const said = { agreement: content, signatures: agreement.signatures, statuses: [status] };
      expect([what, await node.take(said)]).toEqual([what, { hash, isNew: false, ended: [] }]);
    }
    expect(await node.standing(hash)).toBe('in-force');
    await node.take({ agreement: content, signatures: {}, statuses: [canonical] });
    expect(await node.standing(hash)).toBe('withdrawn');
  });

  it('goes on with a party whose stolen key said the highest number there is, once that key is revoked', async () => {
    const { agreement } = parties;
    const { hash } = agreement;
    const node = await open('hmrc', [agreement]);
    const said = await aliveNotice(parties, agreement);
    const stolen = await statusOf(parties, 'dwp', hash, { sequence: Number.MAX_SAFE_INTEGER });
    await node.take({ ...said, statuses: [...said.statuses, stolen] });
    const next = await statusOf(parties, 'dwp', hash, { at: Date.now() + 1000 });
    expect(await node.take({ ...said, statuses: [next] })).toMatchObject({ isNew: false });

    const fresh = newKey('Ed25519');
    const now = Date.now();
    const directory = await revoking(parties, ['dwp'], now, fresh);
    const again = await openIn(node.store, directory, 'hmrc', [
      checkAgreement(agreement.content, agreement.signatures, directory),
    ]);
    const content = {
      agreement: hash,
      party: 'dwp',
      sequence: now,
      state: 'in-force',
      from: now,
      until: now + 1000,
    } as const;
    const own = await signStatus(content, fresh);
    expect(await again.take({ ...said, statuses: [stolen] })).toMatchObject({ isNew: false });
    expect(await again.take({ ...said, statuses: [own] })).toMatchObject({ isNew: true });
    expect(await again.take({ ...said, statuses: [stolen, next] })).toMatchObject({ isNew: false });
    expect(await again.ledger.statusOf(node.store.knex, hash, 'dwp')).toMatchObject({ signed: own });
  });

  it('learns nothing from a thousand notices that somebody has changed', async () => {
    const { agreement } = parties;
    const other = await parties.agree({ version: 7 });
    const knowing = await open('hmrc', [agreement]);
    const fresh = await open('hmrc');
    const good = await aliveNotice(parties, agreement);
    const text = JSON.stringify(good);
    const signedOther = Object.values(other.signatures);
    let refused = 0;
    const mutate = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('letter', 'segment', 'swap', 'strip', 'downgrade'));
    await fc.assert(
      fc.asyncProperty(mutate, async ([place, value, how]) => {
        const said = structuredClone(good) as {
          -readonly [Key in keyof AgreementNotice]: AgreementNotice[Key];
        } & typeof good;
        const ids = Object.keys(said.signatures);
        const id = ids[place % ids.length] ?? '';
        const next = ids[(place + 1) % ids.length] ?? '';
        const at = place % said.statuses.length;
        // Only the part that was changed is there: the others would be learned, and rightly.
        const only = (jws: string, status: string) => ({ ...said, signatures: { [id]: jws }, statuses: [status] });
        const [jws, status] = [said.signatures[id] ?? '', said.statuses[at] ?? ''];
        const broken = (whole: string) => {
          const where = value % whole.length;
          const letter = whole[where] === 'A' ? 'B' : 'A';
          if (whole[where] === '.') return `${whole.slice(0, where)}${whole.slice(where + 1)}`;
          return `${whole.slice(0, where)}${letter}${whole.slice(where + 1)}`;
        };
        const segments = (one: string, two: string) =>
          one
            .split('.')
            .map((part, index) => (index === value % 3 ? two.split('.')[index] : part))
            .join('.');
        const changed = {
          letter: only(broken(jws), broken(status)),
          segment: only(
            segments(jws, signedOther[place % signedOther.length] ?? ''),
            segments(status, await statusOf(parties, id, other.hash)),
          ),
          swap: only(said.signatures[next] ?? '', await statusOf(parties, id, other.hash)),
          strip: only(jws.split('.').slice(0, 2).join('.') + '.AA', status.split('.').slice(0, 2).join('.') + '.AA'),
          downgrade: only(
            [
              Buffer.from('{"alg":"none","typ":"anonymesh-agreement-signature"}').toString('base64url'),
              ...jws.split('.').slice(1),
            ].join('.'),
            [
              Buffer.from('{"alg":"none","typ":"anonymesh-agreement-status"}').toString('base64url'),
              ...status.split('.').slice(1),
            ].join('.'),
          ),
        }[how];
        // A segment that is the same in both documents changes nothing.
        if (changed.signatures[id] === jws || changed.statuses[0] === status) return;
        expect(await fresh.take(changed)).toBe('agreement-not-signed');
        expect(await knowing.take(changed)).toMatchObject({ isNew: false });
        refused++;
      }),
      { numRuns: 1300 },
    );
    expect(refused).toBeGreaterThan(1000);
    expect(text).toBe(JSON.stringify(good));
    expect(await knowing.standing(agreement.hash)).toBe('waiting');
    for (const { knex } of [fresh.store, knowing.store])
      expect(await knex('agreement_statuses').select('*')).toEqual([]);
    expect(await fresh.store.knex('agreements').select('*')).toEqual([]);
  });
});
