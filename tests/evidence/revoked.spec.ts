// A key is stolen, and revoked. What was signed with it before still proves what it proved, if another party had seen it by
// then; what whoever stole it writes afterwards proves nothing, whatever time it says.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  addCosignature,
  checkLog,
  checkpoint,
  cosign,
  enter,
  latestCheckpoint,
  originOf,
  place,
  readNote,
  say,
  writeLog,
} from '@anonymesh/evidence';
import { checkReceipt, logKeysOf, receipt } from '@anonymesh/receipts';
import { newKey, signStatus, type Directory } from '@anonymesh/trust';
import { revoking as revokingOf } from '../mesh/revoking.js';
import { judge } from './audited-mesh.js';
import { playQuery, type Played } from './played-query.js';

let played: Played;
beforeAll(async () => {
  played = await playQuery({ hmrc: true, dwp: false });
}, 60_000);
afterAll(() => played.close());

const fresh = newKey('Ed25519');
const revoking = (ids: readonly string[], at: number) => revokingOf(played.parties, ids, at, fresh);

/** The witness countersigns what the party signed last, in that second. */
async function countersign(party: string, witness: string, second: number): Promise<void> {
  const { identity, signing } = played.parties.party(witness);
  const knex = played.stores.get(party)?.knex;
  const last = knex && (await latestCheckpoint(knex));
  const note = last && readNote(last.note);
  if (knex === undefined || last === undefined || note === undefined) throw new Error('there is no checkpoint');
  const line = await cosign(note, { name: originOf(witness, identity.kid), key: signing }, second);
  await knex.transaction((transaction) => addCosignature(transaction, last.size, last.note, line));
}

/** `statuses`: of the agreement, beside those in the shares. */
async function judged(directory: Directory, statuses: readonly string[] = []): Promise<string[]> {
  const shares = (await played.shares()).map((share) =>
    receipt.parse({ ...JSON.parse(JSON.stringify(share)), statuses: [...share.statuses, ...statuses] }),
  );
  return checkReceipt(shares, directory).map(({ is, text }) => `${is}: ${text}`);
}

const now = Math.floor(Date.now() / 1000);
const stolenAt = (now + 3600) * 1000;

/** By hmrc, with the key that it has since the other was stolen. */
function saidAgain(): Promise<string> {
  const { hash } = played.parties.agreement;
  const said = { agreement: hash, party: 'hmrc', sequence: stolenAt, state: 'in-force' } as const;
  return signStatus({ ...said, from: stolenAt, until: stolenAt + 1000 }, fresh);
}

describe('a receipt of before a key was revoked', () => {
  it('proves nothing by that key where nobody had countersigned', async () => {
    const said = await judged(await revoking(['hmrc'], stolenAt));
    expect(said).toContain('wrong: the log of hmrc does not prove what it shows: revoked');
    expect(said.join('\n')).toMatch(
      /^open: hmrc signed this or somebody who stole its key: .*and no log shows it before$/m,
    );
  });

  it.each([
    ['later', 'coordinator', now + 3600, ['hmrc']],
    ['earlier by whoever stole it', 'hmrc', now + 10, ['hmrc']],
    ['earlier by a party whose key was stolen too', 'coordinator', now + 10, ['hmrc', 'coordinator']],
  ])('nor where it was countersigned %s', async (_, witness, second, stolen) => {
    await countersign('aggregator', witness, second);
    if (witness !== 'hmrc') await countersign('hmrc', witness, second);
    const said = (await judged(await revoking(stolen, stolenAt))).join('\n');
    expect(said).toContain('wrong: the log of hmrc does not prove what it shows: revoked');
    expect(said).toMatch(/^open: hmrc signed this or somebody who stole its key/m);
  });

  it('still verifies where another party had countersigned by then', async () => {
    await countersign('aggregator', 'dwp', now + 10);
    await countersign('hmrc', 'dwp', now + 10);
    const directory = await revoking(['hmrc'], stolenAt);
    const isUnproven = (text: string) => !text.startsWith('proven');
    // That it is in force whoever stole the key can say, and no log has it: the party says it again by its next key.
    expect((await judged(directory)).filter(isUnproven)).toEqual([
      'open: that it was in force then, the receipt does not have from hmrc',
    ]);
    const said = await judged(directory, [await saidAgain()]);
    expect(said.filter(isUnproven)).toEqual([]);
    expect(said.join('\n')).toMatch(
      /^proven: hmrc signed this before its key was revoked at .*countersigned by then$/m,
    );
  });

  it('has no word that says itself that it is younger', async () => {
    const said = await judged(await revoking(['hmrc'], (now - 60) * 1000));
    expect(said).toContain('wrong: a word is not one of a holder of this agreement on this query');
  });
});

describe('testimonies of before a key was revoked', () => {
  const auditor = newKey('X25519');
  let audited: Played;
  beforeAll(async () => {
    audited = await playQuery({ hmrc: true, dwp: false }, {}, { auditor });
  }, 60_000);
  afterAll(() => audited.close());

  it('may be of whoever stole it: no log has them, and they say no time', async () => {
    const directory = await revokingOf(audited.parties, ['hmrc'], stolenAt, fresh);
    const { open, proven } = judge([await audited.kept()], directory, auditor);
    expect(open.join('\n')).toMatch(/^hmrc testifies this or somebody who stole its key: its key was revoked at /m);
    expect(proven.filter((text) => text.includes(' testifies '))).toHaveLength(2);
  });

  it('were handed over by the aggregator, or by whoever stole its key', async () => {
    const directory = await revokingOf(audited.parties, ['aggregator'], stolenAt, fresh);
    for (const { open } of [
      judge([await audited.kept()], directory),
      judge([{ ...(await audited.kept()), outcome: undefined }], directory),
    ])
      expect(open.join('\n')).toMatch(/^aggregator signed this or somebody who stole its key/m);
  });
});

describe('a log', () => {
  const check = async (directory: Directory) => {
    const knex = played.stores.get('hmrc')?.knex;
    if (knex === undefined) throw new Error('there is no log');
    const origin = originOf('hmrc', played.parties.party('hmrc').identity.kid);
    const { findings, bound, entries } = await checkLog(writeLog(knex, origin), {
      origin,
      ...logKeysOf(directory, 'hmrc'),
    });
    return { said: findings.map(say), bound, entries };
  };
  const grow = async (words: string, key = played.parties.party('hmrc').signing) => {
    const knex = played.stores.get('hmrc')?.knex;
    await knex?.transaction((transaction) => enter(transaction, [{ did: 'decided', what: 'something', words }]));
    await knex?.transaction((transaction) => place(transaction));
    const origin = originOf('hmrc', played.parties.party('hmrc').identity.kid);
    await knex?.transaction((transaction) => checkpoint(transaction, { origin, key }));
  };

  it('of before is good; what the revoked key alone signs for after it is not, until the new key does', async () => {
    const directory = await revoking(['hmrc'], stolenAt);
    expect(await check(directory)).toEqual({ said: [], bound: 2, entries: 2 });
    await grow('by whoever has the key');
    expect(await check(directory)).toEqual({
      said: ['entries 2 to 3 are signed for by a revoked key alone: nobody countersigned before that'],
      bound: 2,
      entries: 4,
    });
    await grow('by the party itself', fresh);
    expect(await check(directory)).toEqual({ said: [], bound: 6, entries: 6 });
  });
});
