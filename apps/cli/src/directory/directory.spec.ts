import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64url, canonicalBytes, signJws } from '@anonymesh/protocol';
import { readKeyFile, signJoinRequest } from '@anonymesh/trust';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foundByHand, type ByHand } from '../fixtures/founded-by-hand.js';
import { mesh, meshJson } from '../fixtures/mesh.js';

let folder: string;
let hand: ByHand;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-cli-'));
  hand = await foundByHand(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const operatorKey = () => ['--operator-key', hand.at('operator/operator.pem')];

/** An entry for that id, signed with the keys of that folder. */
async function entryOf(
  id: string,
  keys: string,
  serial: number,
  kind = 'holder',
): Promise<{ entry: string; fingerprint: string }> {
  const entry = hand.at(`${id}-${keys}-${serial}-${kind}.entry`);
  const who = ['--id', id, '--kind', kind, '--name', id, '--serial', String(serial)];
  const { json } = await meshJson('directory', 'sign', ...who, '--keys', hand.at(keys), '--out', entry);
  return { entry, fingerprint: json.fingerprint };
}

describe('keys on the command line', () => {
  it('are files that only their owner can read, and are never written over', async () => {
    expect(statSync(hand.at('hmrc/identity.pem')).mode & 0o777).toBe(0o600);
    const before = readFileSync(hand.at('hmrc/identity.pem'));
    expect((await mesh('keys', 'new', hand.at('hmrc'), '--kind', 'holder')).code).toBe(2);
    expect(readFileSync(hand.at('hmrc/identity.pem'))).toEqual(before);
  });

  it('are shown without what is private', async () => {
    const { out } = await mesh('keys', 'show', hand.at('hmrc'));
    expect(out.split('\n')).toHaveLength(6);
    const secrets = ['identity', 'signing', 'sealing', 'mask'].flatMap((name) =>
      readFileSync(hand.at(`hmrc/${name}.pem`), 'utf8')
        .split('\n')
        .slice(1, -2),
    );
    for (const secret of secrets) expect(out).not.toContain(secret);
    expect(out).not.toContain(readFileSync(hand.at('hmrc/broker.seed'), 'utf8'));
  });
});

describe('the directory on the command line', () => {
  it('has everybody whom the operator admitted, and verifies', async () => {
    const { code, json } = await meshJson('directory', 'verify', ...hand.trust);
    expect([code, json.ok, json.serial, json.leftOut]).toEqual([0, true, 7, []]);
    const { out } = await mesh('directory', 'show', ...hand.trust);
    expect(out.split('\n')).toHaveLength(8);
  });

  it('admits nobody under another fingerprint than the operator was told', async () => {
    await mesh('keys', 'new', hand.at('stranger'), '--kind', 'holder');
    const { entry } = await entryOf('police', 'stranger', 1);
    const args = [hand.at('directory.json'), entry, ...operatorKey()];
    const { code, error } = await mesh('directory', 'add', ...args, '--fingerprint', 'A'.repeat(43));
    expect([code, error]).toEqual([1, expect.stringContaining('not the one that you were told')]);
  });

  it('lets nobody take the place of another, bring back an older entry, or become another kind of party', async () => {
    const swapped = await entryOf('hmrc', 'stranger', 2);
    const newer = await entryOf('hmrc', 'hmrc', 2);
    const add = ({ entry, fingerprint }: typeof newer) =>
      mesh('directory', 'add', hand.at('directory.json'), entry, ...operatorKey(), '--fingerprint', fingerprint);
    expect((await add(swapped)).error).toMatch(/admitted with another identity/);
    expect((await add(newer)).code).toBe(0);
    expect((await add(newer)).error).toMatch(/has an entry 2 already/);
    const promoted = await entryOf('hmrc', 'hmrc', 3, 'aggregator');
    expect((await add(promoted)).error).toMatch(/hmrc is admitted as holder, not as aggregator/);
    expect((await meshJson('directory', 'verify', ...hand.trust)).json.serial).toBe(8);
  });

  it('says which entry somebody has changed', async () => {
    const file = JSON.parse(readFileSync(hand.at('directory.json'), 'utf8'));
    file.entries[2] = file.entries[2].replace(/.(?=\.[^.]*$)/, (last: string) => (last === 'A' ? 'B' : 'A'));
    writeFileSync(hand.at('tampered.json'), JSON.stringify(file));
    const [, , ...operator] = hand.trust;
    const args = ['--directory', hand.at('tampered.json'), ...operator];
    const { code, json } = await meshJson('directory', 'verify', ...args);
    expect([code, json.ok, json.leftOut]).toEqual([1, false, [2]]);
  });

  it.each<[serial: number, name: string]>([
    [2, '\u001b[2K\u001b[1APolice'],
    [3, 'Police\n0 faults'],
    [4, 'Pol\u202eeci\u202c'],
  ])('has no entry %s of somebody with the name %j, and shows none', async (serial, name) => {
    const at = hand.at('renamed.entry');
    const who = ['--id', 'police', '--kind', 'holder', '--name', name, '--keys', hand.at('stranger'), '--out', at];
    const signed = await mesh('directory', 'sign', ...who);
    expect([signed.code, signed.error]).toEqual([2, expect.stringContaining('must be one line')]);

    const identity = readKeyFile(hand.at('stranger/identity.pem'), 'Ed25519');
    const { entry: own, fingerprint } = await entryOf('police', 'stranger', serial);
    const content = JSON.parse(Buffer.from(readFileSync(own, 'utf8').split('.')[1] ?? '', 'base64url').toString());
    const entry = await signJws(canonicalBytes({ ...content, name }), 'anonymesh-entry', identity);
    writeFileSync(at, entry);
    const told = ['--fingerprint', fingerprint];
    const added = await mesh('directory', 'add', hand.at('directory.json'), at, ...operatorKey(), ...told);
    expect([added.code, added.error]).toEqual([1, expect.stringContaining('did not sign this entry')]);

    const [, , , operator = ''] = hand.trust;
    const now = Date.now();
    const nonce = base64url(randomBytes(16));
    const times = { issuedAt: now, until: now + 60_000 };
    const asking = { type: 'anonymesh/join/v1' as const, operator, entry, certificateRequest: '', nonce, ...times };
    writeFileSync(hand.at('request.jws'), await signJoinRequest(asking, identity));
    const review = await mesh('directory', 'review', hand.at('request.jws'), '--operator', operator);
    expect([review.code, review.out]).toEqual([1, '']);
    for (const { error } of [signed, added, review]) expect(error).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
  });

  it('loses who is removed', async () => {
    const copy = hand.at('copy.json');
    writeFileSync(copy, readFileSync(hand.at('directory.json')));
    expect((await mesh('directory', 'remove', copy, 'dwp', ...operatorKey())).code).toBe(0);
    expect((await mesh('directory', 'remove', copy, 'dwp', ...operatorKey())).code).toBe(1);
    const [, , ...operator] = hand.trust;
    const { out } = await mesh('directory', 'show', '--directory', copy, ...operator);
    expect(out).not.toContain('dwp');
  });
});
