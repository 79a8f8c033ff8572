import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { makeParties, type Parties } from '../../../tests/mesh/make-parties.js';
import { newKey, publicBytes, readKeyFile, writeKeyFile } from './key-file.js';
import { openKeyring } from './keyring.js';
import { openTrust, type TrustConfig } from './trust-files.js';

let parties: Parties;
let folder: string;
let config: TrustConfig;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  parties = await makeParties();
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-trust-'));
  await mkdir(at('agreements'));
  config = { directory: at('directory.json'), operator: parties.operator.text, agreements: at('agreements') };
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  await writeFile(config.directory, JSON.stringify(parties.directoryFile));
  await writeFile(at('agreements/remain.yaml'), stringify(parties.agreement.content));
  await writeFile(at('agreements/remain.signatures.json'), JSON.stringify(parties.signatures));
});

describe('the files of trust', () => {
  it('are read as they were signed', () => {
    const { directory, agreements } = openTrust(config);
    expect(directory.parties.size).toBe(parties.all.length);
    const read = agreements.get(parties.agreement.hash);
    expect(read?.content).toEqual(parties.agreement.content);
    expect(read?.unsigned).toEqual([]);
  });

  it('may have an agreement that nobody has signed yet', async () => {
    await rm(at('agreements/remain.signatures.json'));
    expect(openTrust(config).agreements.get(parties.agreement.hash)?.unsigned).toHaveLength(parties.all.length);
  });

  it.each([
    ['directory.json', '{'],
    ['directory.json', '{}'],
    ['agreements/remain.yaml', 'id: [right'],
    ['agreements/remain.yaml', 'id: right-to-remain'],
    ['agreements/remain.yaml', ''],
    ['agreements/remain.signatures.json', '{'],
    ['agreements/remain.signatures.json', '{"hmrc": 1}'],
    ['agreements/remain.signatures.json', '[]'],
  ])('name %s where it holds %j', async (name, text) => {
    await writeFile(at(name), text);
    expect(() => openTrust(config)).toThrow(at(name));
  });

  it('say which field of an agreement contradicts which', async () => {
    await writeFile(
      at('agreements/remain.yaml'),
      stringify({ ...parties.agreement.content, combination: { atLeast: 9 } }),
    );
    expect(() => openTrust(config)).toThrow(/remain\.yaml:\d+:1: combination: more than there are holders/);
  });

  it('name the directory where another operator signed it, or where it is missing', async () => {
    const operator = publicBytes(newKey('Ed25519')).toString('base64url');
    expect(() => openTrust({ ...config, operator })).toThrow(config.directory);
    await rm(config.directory);
    expect(() => openTrust(config)).toThrow(config.directory);
  });
});

describe('a key file', () => {
  it('is read as it was written, by its owner alone', async () => {
    const key = newKey('Ed25519');
    writeKeyFile(at('signing.pem'), key);
    expect((await stat(at('signing.pem'))).mode & 0o777).toBe(0o600);
    expect(readKeyFile(at('signing.pem'), 'Ed25519').kid).toBe(key.kid);
  });

  it('never overwrites another key', async () => {
    writeKeyFile(at('once.pem'), newKey('Ed25519'));
    const before = await readFile(at('once.pem'), 'utf8');
    expect(() => writeKeyFile(at('once.pem'), newKey('Ed25519'))).toThrow('EEXIST');
    expect(readdirSync(at('')).filter((name) => name.startsWith('once'))).toEqual(['once.pem']);
    expect(await readFile(at('once.pem'), 'utf8')).toBe(before);
  });

  it.each([0o640, 0o604, 0o644, 0o660, 0o610, 0o602])('is not used with the mode %o', async (mode) => {
    const file = at(`mode-${mode}.pem`);
    writeKeyFile(file, newKey('Ed25519'));
    await chmod(file, mode);
    expect(() => readKeyFile(file, 'Ed25519')).toThrow(`${file}: others may read this key`);
  });

  it('is named where it is missing, of another curve, no key or only a public one', async () => {
    writeKeyFile(at('curve.pem'), newKey('X25519'));
    await writeFile(at('none.pem'), 'no key', { mode: 0o600 });
    expect(() => readKeyFile(at('curve.pem'), 'Ed25519')).toThrow(`${at('curve.pem')}: not an Ed25519 key`);
    expect(() => readKeyFile(at('none.pem'), 'Ed25519')).toThrow(`${at('none.pem')}: not a private key`);
    expect(() => readKeyFile(at('missing.pem'), 'Ed25519')).toThrow(at('missing.pem'));
  });
});

describe('a keyring', () => {
  it('still opens with a retired key what was sealed to it, and knows nothing of others', () => {
    const keys = { signing: newKey('Ed25519'), next: newKey('X25519'), old: newKey('X25519') };
    for (const [name, key] of Object.entries(keys)) writeKeyFile(at(`ring-${name}.pem`), key);
    const sealing = [at('ring-next.pem'), at('ring-old.pem')];
    const ring = openKeyring({ signing: at('ring-signing.pem'), sealing, mask: [] });
    expect(ring.signing.kid).toBe(keys.signing.kid);
    expect([keys.next, keys.old].map(({ kid }) => ring.sealing(kid)?.kid)).toEqual([keys.next.kid, keys.old.kid]);
    expect(ring.sealing(keys.signing.kid)).toBe(undefined);
    expect(ring.mask(keys.old.kid)).toBe(undefined);
  });

  it('takes no sealing key for a signing key', () => {
    writeKeyFile(at('swapped.pem'), newKey('X25519'));
    expect(() => openKeyring({ signing: at('swapped.pem'), sealing: [at('swapped.pem')], mask: [] })).toThrow(
      'Ed25519',
    );
  });
});
