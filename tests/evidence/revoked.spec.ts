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
import type { DirectoryEntry } from '@anonymesh/protocol';
import { checkReceipt, logKeysOf, receipt } from '@anonymesh/receipts';
import { newKey, publicBytes, readDirectory, signEntry, type Directory } from '@anonymesh/trust';
import { playQuery, type Played } from './played-query.js';

let played: Played;
beforeAll(async () => {
  played = await playQuery({ hmrc: true, dwp: false });
}, 60_000);
afterAll(() => played.close());

/** The directory once these parties have said that their signing keys were revoked, at that time. */
function revoking(parties: readonly string[], revokedAt: number): Directory {
  const { directoryFile, operator } = played.parties;
  const entries = directoryFile.entries.map((jws) => {
    const entry = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as DirectoryEntry;
    if (!parties.includes(entry.id)) return jws;
    const next = {
      kid: fresh.kid,
      key: publicBytes(fresh).toString('base64url'),
      from: revokedAt,
      until: revokedAt * 2,
    };
    const signing = [
      ...(parties[0] === entry.id ? [next] : []),
      ...entry.signing.map((key) => ({ ...key, revokedAt })),
    ];
    return signEntry({ ...entry, serial: 2, signing }, played.parties.party(entry.id).identity);
  });
  const read = readDirectory({ ...directoryFile, entries }, operator.text);
  if (read === undefined) throw new Error('the directory cannot be read');
  return read.directory;
}
const fresh = newKey('Ed25519');

/** The witness countersigns what the party signed last, in that second. */
async function countersign(party: string, witness: string, second: number): Promise<void> {
  const { identity, signing } = played.parties.party(witness);
  const knex = played.stores.get(party)?.knex;
  const last = knex && (await latestCheckpoint(knex));
  const note = last && readNote(last.note);
  if (knex === undefined || last === undefined || note === undefined) throw new Error('there is no checkpoint');
  const line = cosign(note, { name: originOf(witness, identity.kid), key: signing.key }, second);
  await knex.transaction((transaction) => addCosignature(transaction, last.size, last.note, line));
}

async function judged(directory: Directory): Promise<string[]> {
  const shares = (await played.shares()).map((share) => receipt.parse(JSON.parse(JSON.stringify(share))));
  return checkReceipt(shares, directory).map(({ is, text }) => `${is}: ${text}`);
}

const now = Math.floor(Date.now() / 1000);
const stolenAt = (now + 3600) * 1000;

describe('a receipt of before a key was revoked', () => {
  it('proves nothing by that key where nobody had countersigned', async () => {
    const said = await judged(revoking(['hmrc'], stolenAt));
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
    const said = (await judged(revoking(stolen, stolenAt))).join('\n');
    expect(said).toContain('wrong: the log of hmrc does not prove what it shows: revoked');
    expect(said).toMatch(/^open: hmrc signed this or somebody who stole its key/m);
  });

  it('still verifies where another party had countersigned by then', async () => {
    await countersign('aggregator', 'dwp', now + 10);
    await countersign('hmrc', 'dwp', now + 10);
    const said = await judged(revoking(['hmrc'], stolenAt));
    expect(said.filter((text) => !text.startsWith('proven'))).toEqual([]);
    expect(said.join('\n')).toMatch(
      /^proven: hmrc signed this before its key was revoked at .*countersigned by then$/m,
    );
  });

  it('has no word that says itself that it is younger', async () => {
    const said = await judged(revoking(['hmrc'], (now - 60) * 1000));
    expect(said).toContain('wrong: a word is not one of a holder of this agreement on this query');
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
  const grow = async (words: string, key = played.parties.party('hmrc').signing.key) => {
    const knex = played.stores.get('hmrc')?.knex;
    await knex?.transaction((transaction) => enter(transaction, [{ did: 'decided', what: 'something', words }]));
    await knex?.transaction((transaction) => place(transaction));
    const origin = originOf('hmrc', played.parties.party('hmrc').identity.kid);
    await knex?.transaction((transaction) => checkpoint(transaction, { origin, key }));
  };

  it('of before is good; what the revoked key alone signs for after it is not, until the new key does', async () => {
    const directory = revoking(['hmrc'], stolenAt);
    expect(await check(directory)).toEqual({ said: [], bound: 2, entries: 2 });
    await grow('by whoever has the key');
    expect(await check(directory)).toEqual({
      said: ['entries 2 to 3 are signed for by a revoked key alone: nobody countersigned before that'],
      bound: 2,
      entries: 4,
    });
    await grow('by the party itself', fresh.key);
    expect(await check(directory)).toEqual({ said: [], bound: 6, entries: 6 });
  });
});
