import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { statusOf } from '../../../../tests/mesh/statuses.js';
import { watchFolder, type WatchedFolder } from './watch-folder.js';

let parties: Parties;
let folder: string;
let watched: WatchedFolder;
let failed: unknown[];
beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-folder-'));
  watched = watchFolder(folder, parties.directory);
  failed = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFile(join(folder, name), text);
const changed = () =>
  watched
    .changed((error) => failed.push(error))
    .map(({ signed, withdrawals }) => {
      return [signed.hash, Object.keys(signed.signatures).length, withdrawals.length];
    });

describe('the folder of agreements', () => {
  it('gives what has changed, once, with what lies beside it by then', async () => {
    const { hash, content, signatures } = parties.agreement;
    expect(changed()).toEqual([]);
    await put('one.yaml', JSON.stringify(content));
    expect(changed()).toEqual([[hash, 0, 0]]);
    expect(changed()).toEqual([]);
    await put('one.signatures.json', JSON.stringify(signatures));
    expect(changed()).toEqual([[hash, 7, 0]]);
    await put('one.withdrawn.json', JSON.stringify([await statusOf(parties, 'dwp', hash, { state: 'withdrawn' })]));
    expect(changed()).toEqual([[hash, 7, 1]]);
    expect([changed(), failed]).toEqual([[], []]);
    watched.forget();
    expect(changed()).toEqual([[hash, 7, 1]]);
  });

  it('says of a file that is half written what is wrong, once, and reads the others, and it when it is whole', async () => {
    const { hash, content } = parties.agreement;
    const text = JSON.stringify(content);
    await put('half.yaml', text.slice(0, 300));
    await put('other.yaml', JSON.stringify({ ...content, version: 2 }));
    expect([changed().length, failed.length]).toEqual([1, 1]);
    expect([changed().length, failed.length]).toEqual([0, 1]);
    await put('half.yaml', text);
    expect(changed()).toEqual([[hash, 0, 0]]);
  });

  it('that is gone is told each time, and is no end of anything', async () => {
    await rm(folder, { recursive: true });
    expect([changed(), failed.length]).toEqual([[], 1]);
    expect([changed(), failed.length]).toEqual([[], 2]);
  });
});
