import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DirectoryEntry } from '@anonymesh/protocol';
import { openLedger, standingTables } from '@anonymesh/standing';
import { migrate, openStore } from '@anonymesh/store';
import { namesIn, readAgreement, readDirectoryFile, readKeyFile } from '@anonymesh/trust';
import { draftFilledIn, foundByHand, type ByHand } from '../../fixtures/founded-by-hand.js';
import { mesh, meshJson } from '../../fixtures/mesh.js';
import { day, rotatingByHand, type Rotating } from '../../fixtures/rotating-by-hand.js';

let folder: string;
let hand: ByHand;
let by: Rotating;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-retiring-'));
  hand = await foundByHand(folder);
  by = rotatingByHand(hand);
  mkdirSync(hand.at('agreements'));
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true }));

const retire = (party: string) => meshJson('keys', 'rotate', '--config', by.configOf(party), '--retire');

/** A rotation so long ago that the newest keys are in force, and the others ended `ago` milliseconds before now. */
async function rotatedLongAgo(party: string, ago: number): Promise<void> {
  const out = by.fresh('entry');
  const options = ['--config', by.configOf(party), '--identity', hand.identity(party), '--out', out];
  expect(await mesh('keys', 'rotate', ...options)).toMatchObject({ code: 0 });
  expect(await by.admit(party, out)).toMatchObject({ code: 0 });
  expect(await endedBefore(party, ago)).toMatchObject({ code: 0 });
}

const endedBefore = (party: string, ago: number) =>
  by.admitChanged(party, ({ signing, sealing, mask }) => {
    const past = (keys: DirectoryEntry['signing']) =>
      keys.map((key, index) => ({
        ...key,
        from: Date.now() - 300 * day,
        until: index === 0 ? key.until : Date.now() - ago,
      }));
    return { signing: past(signing), sealing: past(sealing), mask: past(mask) };
  });

/** The party's node starts, and takes in what lies in its folder. */
async function startNode(party: string): Promise<void> {
  const store = await openStore({ kind: 'embedded', file: hand.at(`${party}.sqlite`) });
  try {
    await migrate(store, standingTables);
    const trust = { directory: hand.at('directory.json'), operator: String(hand.trust[3]) };
    const { directory } = readDirectoryFile(trust);
    const folder = hand.at('agreements');
    const filed = namesIn(folder).map((name) => readAgreement(folder, name, directory).signed);
    await openLedger(store.knex, party, directory, new Map(filed.map((signed) => [signed.hash, signed])));
  } finally {
    await store.close();
  }
}

describe('a file of a key that nothing needs any more', () => {
  it('is removed when its time is over, and the file that the config names has its successor', async () => {
    await startNode('hmrc');
    expect(await retire('hmrc')).toMatchObject({ code: 0, json: { removed: [] } });
    await rotatedLongAgo('hmrc', 20 * day);
    const [newest] = (await by.entryNow('hmrc')).signing;
    const { json } = await retire('hmrc');
    expect(json.removed.map(({ kind }: { kind: string }) => kind)).toEqual(['signing', 'sealing', 'mask']);
    const left = ['broker.seed', 'identity.pem', 'mask.pem', 'sealing.pem', 'signing.pem'];
    expect(readdirSync(hand.at('hmrc')).sort()).toEqual(left);
    expect(readKeyFile(hand.at('hmrc/signing.pem'), 'Ed25519').kid).toBe(newest?.kid);
    expect(await retire('hmrc')).toMatchObject({ json: { removed: [] } });
  });

  it('is not that of a key that the directory does not name yet', async () => {
    const args = ['--config', by.configOf('dwp'), '--out', by.fresh('request')];
    expect(await mesh('keys', 'rotate', ...args)).toMatchObject({ code: 0 });
    await startNode('dwp');
    expect(await retire('dwp')).toMatchObject({ json: { removed: [] } });
    expect(existsSync(hand.at('dwp/signing.2.pem'))).toBe(true);
  });
});

describe.each(['immigration', 'appeal-portal'])('a sealing key of %s, to which others have sealed', (party) => {
  const sealing = () => readdirSync(hand.at(party)).filter((file) => file.startsWith('sealing'));
  const both = ['sealing.2.pem', 'sealing.pem'];
  const document = () => hand.at('agreements/right-to-remain.yaml');

  it('stays where the node has not run, or its store is not there', async () => {
    await rotatedLongAgo(party, 20 * day);
    expect(await retire(party)).toMatchObject({ code: 2, json: { error: { kind: 'usage' } } });
    expect(sealing()).toEqual(both);
    const config = by.configOf(party);
    rmSync(hand.at(`${party}.sqlite`));
    expect(await mesh('keys', 'rotate', '--config', config, '--retire')).toMatchObject({ code: 2 });
    expect(sealing()).toEqual(both);
  });

  it('stays for as long as an agreement says that the node keeps, also when its file is taken away', async () => {
    if (!existsSync(document())) await draftFilledIn(hand, 'agreements/right-to-remain.yaml');
    by.configOf(party);
    await startNode(party);
    const kept = { kind: 'sealing', why: expect.stringMatching(/^may be needed until /) };
    for (const tidy of [() => undefined, () => rmSync(document())]) {
      tidy();
      const { code, json } = await retire(party);
      expect([code, json.kept]).toEqual([0, expect.arrayContaining([expect.objectContaining(kept)])]);
      expect(json.removed).not.toContainEqual(expect.objectContaining({ kind: 'sealing' }));
      expect(sealing()).toEqual(both);
    }
  });

  it('stays where it was stolen long before anybody heard of it: until then they sealed to it', async () => {
    const stolen = by.admitChanged(party, ({ sealing: keys }) => ({
      sealing: keys.map((key, index) =>
        index === 0 ? key : { ...key, until: Date.now() + day, revokedAt: Date.now() - 100 * day },
      ),
    }));
    expect(await stolen).toMatchObject({ code: 0 });
    expect((await retire(party)).json.removed).toEqual([]);
    expect(sealing()).toEqual(both);
  });

  it('stays while a file of an agreement cannot be read', async () => {
    expect(await endedBefore(party, 100 * day)).toMatchObject({ code: 0 });
    writeFileSync(hand.at('agreements/half.yaml'), 'id: half');
    const { code, json } = await retire(party);
    expect([code, json.error.message]).toEqual([1, expect.stringContaining('half.yaml')]);
    expect(sealing()).toEqual(both);
    rmSync(hand.at('agreements/half.yaml'));
  });

  it('goes when that time is over', async () => {
    const { code, json } = await retire(party);
    expect([code, json.removed]).toEqual([0, [expect.objectContaining({ kind: 'sealing' })]]);
    expect(sealing()).toEqual(['sealing.pem']);
  });
});
