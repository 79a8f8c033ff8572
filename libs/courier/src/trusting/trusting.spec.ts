import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Admission, DirectoryEntry, SigningKey } from '@anonymesh/protocol';
import { openLog, type Closer } from '@anonymesh/runtime';
import { migrate, openStore, type Store } from '@anonymesh/store';
import {
  newKey,
  openKeyring,
  openTrust,
  publicBytes,
  signAdmission,
  signEntry,
  successorOf,
  writeKeyFile,
  type OpenKeyring,
  type OpenTrust,
} from '@anonymesh/trust';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { until } from '../../../../tests/mesh/until.js';
import { keepTrust } from './keep-trust.js';
import { knownDirectoryTables } from './known-directory.js';

let parties: Parties;
let folder: string;
let store: Store;
let keeper: Closer | undefined;
let trust: OpenTrust;
let keyring: OpenKeyring;
let lines: string[];
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  parties = await makeParties();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-trusting-'));
  await Promise.all([mkdir(at('agreements')), mkdir(at('keys'), { mode: 0o700 })]);
  const { signing, sealing } = parties.party('hmrc');
  writeKeyFile(at('keys/signing.pem'), signing);
  writeKeyFile(at('keys/sealing.pem'), sealing);
  store = await openStore({ kind: 'embedded', file: at('store.sqlite') });
  await migrate(store, [knownDirectoryTables]);
  await publish(1);
  await start();
});
afterEach(async () => {
  await keeper?.close();
  await store.close();
  await rm(folder, { recursive: true });
});

const keys = () => ({ signing: at('keys/signing.pem'), sealing: [at('keys/sealing.pem')], mask: [] });
const files = () => ({
  directory: at('directory.json'),
  operator: parties.operator.text,
  agreements: at('agreements'),
});

async function start(): Promise<void> {
  await keeper?.close();
  lines = [];
  const log = openLog({ app: 'spec', to: { write: (line) => void lines.push(line) } });
  trust = openTrust(files());
  keyring = openKeyring(keys(), { id: 'hmrc', directory: trust.directory });
  keeper = await keepTrust({ store, trust, keyring, log }, { keys: keys(), trust: files() });
}

const entryOf = (id: string): DirectoryEntry => {
  const jws = parties.directoryFile.entries[parties.all.findIndex((each) => each.id === id)] ?? '';
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as DirectoryEntry;
};
const isNotHmrc = (_jws: string, index: number) => parties.all[index]?.id !== 'hmrc';
const hmrc = (serial: number, change: Partial<DirectoryEntry>) =>
  signEntry({ ...entryOf('hmrc'), ...change, serial }, parties.party('hmrc').identity);
const admitting = (serial: number, without: readonly string[] = [], operator: SigningKey = parties.operator.key) => {
  const all = parties.all.filter(({ id }) => !without.includes(id));
  const admitted = all.map(({ id, identity }) => ({ id, identity: identity.kid }));
  const content: Admission = { type: 'anonymesh/admission/v1', serial, issuedAt: Date.now(), admitted };
  return signAdmission(content, operator);
};

/** As an operator distributes it: another file in the place of the one that was. */
async function publish(
  serial: number,
  more: readonly string[] = [],
  admission: Promise<string> | string = admitting(serial),
): Promise<void> {
  await writeFile(
    at('new'),
    JSON.stringify({ admission: await admission, entries: [...parties.directoryFile.entries, ...more] }),
  );
  await rename(at('new'), at('directory.json'));
}

const told = (event: string) => until(event, () => lines.some((line) => line.includes(`"${event}"`)));
const published = (key: SigningKey, from: number) => ({
  kid: key.kid,
  key: publicBytes(key).toString('base64url'),
  from,
  until: from + 86_400_000,
});
const revoked = () => {
  const [key] = entryOf('hmrc').signing;
  if (key === undefined) throw new Error('it has one');
  return { ...key, revokedAt: key.from };
};
const stolen = () => trust.directory.signer(revoked().kid, Date.now());

describe('a running node', () => {
  it('takes up a new directory and a new key, and signs by it from when the directory says', async () => {
    const old = keyring.signing.kid;
    const next = newKey('Ed25519');
    const from = Date.now() + 1500;
    writeKeyFile(successorOf(at('keys/signing.pem'), 2), next);
    await publish(2, [await hmrc(2, { signing: [published(next, from), ...entryOf('hmrc').signing] })]);
    await told('directory.taken');
    expect(keyring.signing.kid).toBe(Date.now() < from ? old : next.kid);
    await until('it signs by the new key', () => keyring.signing.kid === next.kid);
    expect(Date.now()).toBeGreaterThanOrEqual(from);
    expect(trust.directory.signer(old, Date.now())).toMatchObject({ id: 'hmrc' });
  });

  it('goes on with what it has where a file is half written, nobody’s, or a key that others may read', async () => {
    const before = keyring.signing.kid;
    await writeFile(at('directory.json'), '{"admission": "');
    await told('directory.not-taken');
    lines.length = 0;
    await publish(3, [], await admitting(3, [], newKey('Ed25519')));
    await told('directory.not-taken');
    writeKeyFile(at('keys/sealing.3.pem'), newKey('X25519'));
    await chmod(at('keys/sealing.3.pem'), 0o644);
    await told('keys.not-taken');
    expect([trust.directory.serial, keyring.signing.kid]).toEqual([1, before]);
    expect(lines.join()).not.toContain(folder);
  });

  it('takes no entry in which a party is of another kind than it has known, also where the file has no other', async () => {
    const turned = await hmrc(2, { kind: 'requester' });
    const file = {
      admission: await admitting(2),
      entries: [turned, ...parties.directoryFile.entries.filter(isNotHmrc)],
    };
    await writeFile(at('new'), JSON.stringify(file));
    await rename(at('new'), at('directory.json'));
    await told('directory.taken');
    expect(trust.directory.parties.get('hmrc')).toMatchObject({ kind: 'holder', serial: 1 });
    await start();
    expect(trust.directory.parties.get('hmrc')).toMatchObject({ kind: 'holder', serial: 1 });
  });

  it('signs with no revoked key, though the config names no other', async () => {
    await publish(2, [await hmrc(2, { signing: [revoked()] })]);
    await told('directory.taken');
    expect(stolen()).toBe('key-revoked');
    expect(() => keyring.signing).toThrow('revoked');
  });
});

describe('a revocation', () => {
  it('outlives the older directory, a newer one without it, the removal of its party, and a restart', async () => {
    await copyFile(at('directory.json'), at('older.json'));
    await publish(2, [await hmrc(2, { signing: [revoked()] })]);
    await told('directory.taken');
    await rename(at('older.json'), at('directory.json'));
    await told('directory.older');
    expect([stolen(), trust.directory.serial]).toEqual(['key-revoked', 2]);
    await start();
    expect([stolen(), trust.directory.serial]).toEqual(['key-revoked', 2]);
    await publish(3);
    await told('directory.taken');
    expect(stolen()).toBe('key-revoked');
    await publish(4, [], await admitting(4, ['hmrc']));
    await until('it is removed', () => !trust.directory.parties.has('hmrc'));
    await publish(5);
    await until('it is back', () => trust.directory.parties.has('hmrc'));
    expect(stolen()).toBe('key-revoked');
  });

  it('is taken back, or moved to a later time, by no newer entry of its own party', async () => {
    await publish(2, [await hmrc(2, { signing: [revoked()] })]);
    const { revokedAt, ...key } = revoked();
    await publish(3, [await hmrc(3, { signing: [key] })]);
    await until('it is taken', () => trust.directory.parties.get('hmrc')?.serial === 3);
    expect(stolen()).toBe('key-revoked');
    await publish(4, [await hmrc(4, { signing: [{ ...key, revokedAt: Date.now() + 86_400_000 }] })]);
    await until('it is taken', () => trust.directory.parties.get('hmrc')?.serial === 4);
    expect(stolen()).toBe('key-revoked');
    expect(trust.directory.revokedAt(key.kid)).toBe(revokedAt);
  });
});
