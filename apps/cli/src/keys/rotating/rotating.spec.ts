import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryEntry, type DirectoryEntry } from '@anonymesh/protocol';
import { readKeyFile, signEntry } from '@anonymesh/trust';
import { foundByHand, type ByHand } from '../../fixtures/founded-by-hand.js';
import { mesh, meshJson } from '../../fixtures/mesh.js';
import { day, rotatingByHand, type Rotating } from '../../fixtures/rotating-by-hand.js';
import { candidates } from '../../completing/candidates.js';
import { meshProgram } from '../../program.js';

let folder: string;
let hand: ByHand;
let by: Rotating;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-rotating-'));
  hand = await foundByHand(folder);
  by = rotatingByHand(hand);
  mkdirSync(hand.at('agreements'));
}, 30_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** Rotates with the identity key at hand, and has it admitted. */
async function rotateAtOnce(party: string, ...args: readonly string[]) {
  const out = by.fresh('entry');
  const { code, json } = await meshJson(
    'keys',
    'rotate',
    '--config',
    by.configOf(party),
    '--identity',
    hand.identity(party),
    '--out',
    out,
    ...args,
  );
  expect([code, json]).toEqual([0, expect.anything()]);
  expect(await by.admit(party, out)).toMatchObject({ code: 0 });
  return json;
}

describe('a rotation in two places', () => {
  it('makes new keys beside the old, a request that the identity signs elsewhere, and says what to do next', async () => {
    const config = by.configOf('hmrc');
    const [request, entry] = [by.fresh('request'), by.fresh('entry')];
    const before = await by.entryNow('hmrc');
    const ran = await mesh('keys', 'rotate', '--config', config, '--out', request);
    expect(ran).toMatchObject({ code: 0, error: '' });
    expect(ran.out).toMatch(/where the identity key is: mesh keys sign .*\n2\. the operator: mesh directory add/);
    for (const kind of ['signing', 'sealing', 'mask'])
      expect(statSync(hand.at(`hmrc/${kind}.2.pem`)).mode & 0o777).toBe(0o600);
    expect(
      await mesh('keys', 'sign', request, '--identity', hand.identity('hmrc'), '--out', entry, ...hand.trust),
    ).toMatchObject({ code: 0 });
    expect(await by.admit('hmrc', entry)).toMatchObject({ code: 0 });
    const after = await by.entryNow('hmrc');
    expect(after.serial).toBe(before.serial + 1);
    for (const kind of ['signing', 'sealing', 'mask'] as const) {
      const [next, old] = after[kind];
      expect(old?.kid).toBe(before[kind][0]?.kid);
      expect(next?.kid).toBe(readKeyFile(hand.at(`hmrc/${kind}.2.pem`), kind === 'signing' ? 'Ed25519' : 'X25519').kid);
      // A day to distribute the directory, and then both are valid for as long as a letter can be under way.
      expect(next?.from).toBeGreaterThan(Date.now() + 0.9 * day);
      expect(old?.until).toBe((next?.from ?? 0) + 30 * day);
    }
  });

  it('twice, while the first is under way, is refused; --again makes the same keys’ request once more', async () => {
    const config = by.configOf('dwp');
    expect(await mesh('keys', 'rotate', '--config', config, '--out', by.fresh('lost'))).toMatchObject({ code: 0 });
    const files = readdirSync(hand.at('dwp')).map((file) => readFileSync(hand.at(`dwp/${file}`), 'utf8'));
    const twice = await mesh('keys', 'rotate', '--config', config, '--out', by.fresh('twice'));
    expect(twice).toMatchObject({ code: 1 });
    expect(twice.error).toMatch(/signing\.2\.pem is there: entry 2 is under way, and the directory has entry 1/);
    const again = by.fresh('again');
    expect(await mesh('keys', 'rotate', '--config', config, '--out', again, '--again')).toMatchObject({ code: 0 });
    expect(readdirSync(hand.at('dwp')).map((file) => readFileSync(hand.at(`dwp/${file}`), 'utf8'))).toEqual(files);
    expect(await mesh('keys', 'rotate', '--config', config, '--out', again, '--again')).toMatchObject({ code: 2 });
  });

  it('shows all that is signed, on both machines: a carried request could have another broker’s key', async () => {
    const [request, out] = [by.fresh('request'), by.fresh('entry')];
    const made = await mesh('keys', 'rotate', '--config', by.configOf('dwp'), '--out', request, '--again');
    const entry = directoryEntry.parse(JSON.parse(readFileSync(request, 'utf8')));
    const signed = await mesh('keys', 'sign', request, '--identity', hand.identity('dwp'), '--out', out);
    for (const each of [made.out, signed.out])
      for (const told of [entry.broker, `${entry.name}, holder`]) expect(each).toContain(told);
  });

  it('is signed by no other identity, and names no key by another’s id', async () => {
    const request = by.fresh('request');
    await mesh('keys', 'rotate', '--config', by.configOf('dwp'), '--out', request, '--again');
    const wrong = await mesh('keys', 'sign', request, '--identity', hand.identity('hmrc'), '--out', by.fresh('entry'));
    expect(wrong).toMatchObject({ code: 1 });
    expect(wrong.error).toContain(`the entry of dwp is of ${by.fingerprintOf('dwp')}`);
    const entry = directoryEntry.parse(JSON.parse(readFileSync(request, 'utf8')));
    const [first, ...others] = entry.signing;
    writeFileSync(request, JSON.stringify({ ...entry, signing: [{ ...first, kid: 'A'.repeat(43) }, ...others] }));
    const tampered = await mesh(
      'keys',
      'sign',
      request,
      '--identity',
      hand.identity('dwp'),
      '--out',
      by.fresh('entry'),
    );
    expect(tampered).toMatchObject({ code: 1 });
    expect(tampered.error).toContain('by an id that is not its own');
  });

  it('with the identity at hand, but another’s, makes nothing', async () => {
    const args = [
      '--config',
      by.configOf('aggregator'),
      '--out',
      by.fresh('entry'),
      '--identity',
      hand.identity('hmrc'),
    ];
    expect(await mesh('keys', 'rotate', ...args)).toMatchObject({ code: 1 });
    expect(existsSync(hand.at('aggregator/signing.2.pem'))).toBe(false);
  });

  it('of keys that the directory does not have is refused', async () => {
    const ran = await mesh('keys', 'rotate', '--config', by.configOf('aggregator', 'hmrc'), '--out', by.fresh('entry'));
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.error).toContain('the directory has none of these signing keys');
  });

  it.each([
    [['--from', 'soon'], 'a date or a time'],
    [['--from', '2020-01-01'], '--from is past'],
    [['--overlap', '3'], '15 to 3650'],
    [['--days', '0'], '1 to 3650'],
    [['--at', '2026-01-01'], '--revoke'],
    [['--retire'], 'cannot be used'],
  ])('with %j is used wrongly', async (args, message) => {
    const ran = await mesh(
      'keys',
      'rotate',
      '--config',
      by.configOf('aggregator'),
      '--out',
      by.fresh('entry'),
      ...args,
    );
    expect(ran).toMatchObject({ code: 2 });
    expect(ran.error).toContain(message);
    expect(existsSync(hand.at('aggregator/signing.2.pem'))).toBe(false);
  });

  it('can be typed with the shell’s help', () => {
    expect(
      candidates(
        meshProgram(() => undefined),
        ['keys', 'rotate', '--re'],
      ),
    ).toEqual(['--revoke', '--retire']);
  });
});

describe('a stolen key', () => {
  it('is revoked since the time that was said, and what is left without a key gets a new one at once', async () => {
    const [stolen] = (await by.entryNow('council')).signing;
    const since = new Date(Date.now() - 60_000).toISOString();
    const { entry, made } = await rotateAtOnce('council', '--revoke', String(stolen?.kid), '--at', since);
    expect(made.map(({ kind }: { kind: string }) => kind)).toEqual(['signing']);
    const [next, old] = entry.signing;
    expect(old).toMatchObject({ kid: stolen?.kid, revokedAt: Date.parse(since), until: stolen?.until });
    expect(next.from).toBeLessThanOrEqual(Date.now());
    expect(entry.sealing).toHaveLength(1);
  });

  it('stays revoked: later, and not at all, is refused by who signs and by who admits', async () => {
    const known = await by.entryNow('council');
    const [next, old] = known.signing;
    const kid = String(old?.kid);
    const later = await mesh(
      'keys',
      'rotate',
      '--config',
      by.configOf('council'),
      '--out',
      by.fresh('entry'),
      '--revoke',
      kid,
    );
    expect(later).toMatchObject({ code: 1 });
    expect(later.error).toContain('is revoked since');
    for (const change of [{ revokedAt: Date.now() }, { revokedAt: undefined }]) {
      const { fingerprint: _, ...own } = known;
      const back = JSON.parse(
        JSON.stringify({ ...own, serial: known.serial + 1, signing: [next, { ...old, ...change }] }),
      );
      const [request, entry] = [by.fresh('request'), by.fresh('entry')];
      writeFileSync(request, JSON.stringify(back));
      const signed = await mesh(
        'keys',
        'sign',
        request,
        '--identity',
        hand.identity('council'),
        '--out',
        entry,
        ...hand.trust,
      );
      expect(signed).toMatchObject({ code: 1 });
      expect(signed.error).toContain('which no entry can');
      writeFileSync(entry, await signEntry(back, readKeyFile(hand.identity('council'), 'Ed25519')));
      const added = await by.admit('council', entry);
      expect(added).toMatchObject({ code: 1 });
      expect(added.error).toContain('which no entry can');
    }
  });

  it('that is none of this party’s, or was stolen in the future, is refused', async () => {
    const args = ['--config', by.configOf('council'), '--out', by.fresh('entry')];
    expect(await mesh('keys', 'rotate', ...args, '--revoke', 'A'.repeat(43))).toMatchObject({ code: 1 });
    const { signing } = await by.entryNow('council');
    const future = ['--revoke', String(signing[0]?.kid), '--at', '2999-01-01'];
    expect(await mesh('keys', 'rotate', ...args, ...future)).toMatchObject({ code: 2 });
  });

  it('that a later entry leaves out is still known by the directory', async () => {
    const known = await by.entryNow('council');
    const without = ({ signing }: DirectoryEntry) => ({ signing: signing.slice(0, 1) });
    expect(await by.admitChanged('council', without)).toMatchObject({ code: 0 });
    const { entries } = JSON.parse(readFileSync(hand.at('directory.json'), 'utf8')) as { entries: string[] };
    const kept = entries.map(
      (jws) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as DirectoryEntry,
    );
    expect(kept.filter(({ id }) => id === 'council').map(({ serial }) => serial)).toEqual([
      known.serial + 1,
      known.serial,
    ]);
  });
});
