import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { tables } from '../store/tables.js';
import { openMarks } from './marks.js';

let parties: Parties;
let folder: string;
let store: Store;
beforeAll(async () => {
  parties = await makeParties({});
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-marks-'));
  store = await openStore({ kind: 'embedded', file: join(folder, 'store.db') });
  await migrate(store, tables);
});
afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => store.knex('mark_secrets').delete());

const open = (id = 'hmrc') => openMarks(parties.self(id), store, Date.now());

describe('the mark of a person', () => {
  it('is the same after a restart, and in every copy that starts at the same time', async () => {
    const copies = await Promise.all([open(), open(), open()]);
    const marks = [...copies, await open()].map((mark) => mark('ni-number', 'AB123456C'));
    expect(new Set(marks).size).toBe(1);
    expect(marks[0]).toMatch(/^[\w-]{43}$/);
  });

  it('tells people and formats apart', async () => {
    const mark = await open();
    const marks = [mark('ni-number', 'AB123456C'), mark('ni-number', 'AB123456D'), mark('text', 'AB123456C')];
    expect(new Set(marks).size).toBe(3);
  });

  it('cannot be computed from what the store holds, nor guessed as a hash', async () => {
    const marked = (await open())('ni-number', 'AB123456C');
    const row = await store.knex<{ sealed: string }>('mark_secrets').first('sealed');
    expect(row?.sealed.split('.')).toHaveLength(5);
    for (const text of ['AB123456C', '{"format":"ni-number","value":"AB123456C"}'])
      for (const name of ['sha256', 'sha512', 'sha1', 'md5'])
        expect(createHash(name).update(text).digest('base64url')).not.toContain(marked.slice(0, 20));
    await store.knex('mark_secrets').delete();
    expect((await open())('ni-number', 'AB123456C')).not.toBe(marked);
  });

  it('is of another holder’s making under another key: its secret does not open here', async () => {
    await open();
    await expect(open('dwp')).rejects.toThrow('does not open');
  });

  it('stays when another own key comes into force, to which its secret is sealed from then on', async () => {
    const before = (await open())('ni-number', 'AB123456C');
    const self = parties.self('hmrc');
    const newer = parties.party('dwp').keyring; // any key pair does
    const kid = parties.directory.sealingKey('dwp', Date.now())?.kid ?? '';
    const rotated = {
      ...self,
      keyring: { ...self.keyring, sealing: (id: string) => self.keyring.sealing(id) ?? newer.sealing(id) },
      directory: { ...self.directory, sealingKey: () => self.directory.sealingKey('dwp', Date.now()) },
    };
    expect((await openMarks(rotated, store, Date.now()))('ni-number', 'AB123456C')).toBe(before);
    expect(await store.knex('mark_secrets').pluck('own_key')).toEqual([kid]);
    const without = { ...rotated, keyring: newer };
    expect((await openMarks(without, store, Date.now()))('ni-number', 'AB123456C')).toBe(before);
  });
});
