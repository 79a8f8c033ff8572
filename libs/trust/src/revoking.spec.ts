import { describe, expect, it } from '@jest/globals';
import type { DirectoryEntry, PublishedKey } from '@anonymesh/protocol';
import { makeParty } from '../../../tests/mesh/make-parties.js';
import { signEntry, verifyEntry } from './entry.js';
import { day, entryOf, now, publish, readTampered } from './fixtures/made-directory.js';
import { newKey } from './key-file.js';
import { worthKeeping } from './published-keys.js';
import { isSuccessorOf, successorOf } from './successors.js';

const hmrc = makeParty('hmrc', 'holder');
const dwp = makeParty('dwp', 'holder');
const revoked = (key: PublishedKey, revokedAt: number | undefined) => ({ ...key, revokedAt });
const own = publish(hmrc.signing, [-10, 10]);
const signed = (serial: number, change: Partial<DirectoryEntry>) =>
  signEntry(entryOf(hmrc, { ...change, serial }), hmrc.identity);
const read = async (...entries: string[]) =>
  (await readTampered([hmrc, dwp], { entries: [...entries, await signEntry(entryOf(dwp), dwp.identity)] }))?.directory;

describe('a revoked key', () => {
  it('is refused from then on, and remembered for what it signed before', async () => {
    const directory = await read(await signed(2, { signing: [revoked(own, now)] }));
    expect(directory?.signer(own.kid, now - 1)).toMatchObject({ id: 'hmrc', revokedAt: now });
    expect(directory?.signer(own.kid, now)).toBe('key-revoked');
    expect(directory?.pastSigner(own.kid)).toMatchObject({ id: 'hmrc', revokedAt: now });
  });

  it('is neither sealed to nor masked with, also where no other is there', async () => {
    const [sealing, mask] = [publish(hmrc.sealing, [-10, 10]), publish(hmrc.mask ?? hmrc.sealing, [-10, 10])];
    const directory = await read(await signed(2, { sealing: [revoked(sealing, now)], mask: [revoked(mask, now)] }));
    expect(directory?.sealingKey('hmrc', now - 1)?.kid).toBe(sealing.kid);
    expect(directory?.sealingKey('hmrc', now)).toBe(undefined);
    expect(directory?.maskKey('hmrc', now)).toBe(undefined);
  });

  it.each<[string, PublishedKey[]]>([
    ['has it without that', [own]],
    ['has it revoked later', [revoked(own, now + day)]],
    ['leaves it out', [publish(newKey('Ed25519'))]],
  ])('stays revoked where a newer entry %s, in whatever order they stand', async (_, signing) => {
    const both = [await signed(2, { signing: [revoked(own, now)] }), await signed(3, { signing })];
    for (const entries of [both, both.toReversed()]) {
      const directory = await read(...entries);
      expect(directory?.parties.get('hmrc')?.serial).toBe(3);
      expect(directory?.signer(own.kid, now)).toBe('key-revoked');
      expect(directory?.revokedAt(own.kid)).toBe(now);
    }
  });

  it('may turn out to have been stolen earlier', async () => {
    const directory = await read(
      await signed(2, { signing: [revoked(own, now)] }),
      await signed(3, { signing: [revoked(own, now - day)] }),
    );
    expect(directory?.revokedAt(own.kid)).toBe(now - day);
  });

  it('is revoked by its own identity alone', async () => {
    const theft = await signEntry(
      entryOf(dwp, { serial: 2, signing: [publish(dwp.signing), revoked(own, now)] }),
      dwp.identity,
    );
    const directory = (await readTampered([hmrc, dwp], { entries: [await signed(1, { signing: [own] }), theft] }))
      ?.directory;
    expect(directory?.signer(own.kid, now)).toMatchObject({ id: 'hmrc' });
    const forged = await signEntry(entryOf(hmrc, { serial: 9, signing: [revoked(own, now)] }), dwp.identity);
    expect((await read(await signed(1, { signing: [own] }), forged))?.signer(own.kid, now)).toMatchObject({
      id: 'hmrc',
    });
  });

  it('is revoked from a time at which it had begun, in whole milliseconds', async () => {
    for (const revokedAt of [own.from - 1, -1, 1.5, Number.NaN, '2026-01-01', null]) {
      const text = JSON.stringify({ ...entryOf(hmrc), signing: [{ ...own, revokedAt }] });
      const payload = Buffer.from(text).toString('base64url');
      expect(verifyEntry(`e30.${payload}.AA`)).toBe(undefined);
      expect(() => signed(1, { signing: [{ ...own, revokedAt: revokedAt as number }] })).toThrow();
    }
    expect(verifyEntry(await signed(1, { signing: [revoked(own, own.from)] }))).toBeDefined();
  });
});

describe('a key that begins soon', () => {
  it('is accepted five minutes early, for another’s clock may be ahead, and used only when it begins', async () => {
    const [next, sealing] = [publish(newKey('Ed25519'), [0, 10]), publish(newKey('X25519'), [0, 10])];
    const directory = await read(await signed(2, { signing: [next], sealing: [sealing] }));
    const early = now - 5 * 60_000;
    expect(directory?.signer(next.kid, early - 1)).toBe(undefined);
    expect(directory?.signer(next.kid, early)).toMatchObject({ id: 'hmrc' });
    const stolen = await read(await signed(2, { signing: [revoked(next, next.from)] }));
    expect([early, now].map((at) => stolen?.signer(next.kid, at))).toEqual([undefined, 'key-revoked']);
    expect(directory?.sealingKey('hmrc', now - 1)).toBe(undefined);
    expect(directory?.sealingKey('hmrc', now)?.kid).toBe(sealing.kid);
  });
});

describe('older entries', () => {
  const kept = (...changes: Partial<DirectoryEntry>[]) => {
    const entries = changes.map((change, index) => entryOf(hmrc, { ...change, serial: changes.length - index }));
    return worthKeeping(entries.map((entry) => ({ entry }))).map(({ entry }) => entry.serial);
  };
  const other = publish(newKey('Ed25519'));

  it('are kept for a key that signed, or a revocation, that no newer one has', () => {
    expect(kept({ signing: [own] }, { signing: [own] })).toEqual([2]);
    expect(kept({ signing: [other] }, { signing: [own] }, { signing: [own] })).toEqual([3, 2]);
    expect(kept({ signing: [own] }, { signing: [revoked(own, now)] })).toEqual([2, 1]);
    expect(kept({ signing: [revoked(own, now + 1)] }, { signing: [revoked(own, now)] })).toEqual([2, 1]);
    expect(kept({ signing: [revoked(own, now - 1)] }, { signing: [revoked(own, now)] })).toEqual([2]);
  });

  it('keep a key for whom it was of, where a party that was admitted later publishes it', async () => {
    const earlier = [await signed(1, { signing: [own] }), await signed(2, { signing: [other] })];
    const theft = [publish(dwp.signing), revoked(own, now - 5 * day)];
    const directory = (
      await readTampered([hmrc, dwp], {
        entries: [...earlier, await signEntry(entryOf(dwp, { serial: 2, signing: theft }), dwp.identity)],
      })
    )?.directory;
    expect(directory?.pastSigner(own.kid)).toMatchObject({ id: 'hmrc' });
    expect(directory?.revokedAt(own.kid)).toBe(undefined);
  });

  it('say whose past signatures are, and give no key back', async () => {
    const directory = await read(await signed(1, { signing: [own] }), await signed(2, { signing: [other] }));
    expect(directory?.signer(own.kid, now)).toBe(undefined);
    expect(directory?.pastSigner(own.kid)).toMatchObject({ id: 'hmrc' });
    expect(directory?.signersOf('hmrc')).toHaveLength(2);
  });
});

describe('the successor of a key file', () => {
  it('has its name with a number, and no other file is one', () => {
    expect(successorOf('/keys/signing.pem', 2)).toBe('/keys/signing.2.pem');
    expect(successorOf('/keys/signing', 12)).toBe('/keys/signing.12');
    for (const name of ['signing.2.pem', 'signing.1234567890.pem'])
      expect(isSuccessorOf('/keys/signing.pem', name)).toBe(true);
    for (const name of [
      'signing.pem',
      'signing.02.pem',
      'signing.2.3.pem',
      'sealing.2.pem',
      'signing.2.pem.new',
      'signing..pem',
    ])
      expect([name, isSuccessorOf('/keys/signing.pem', name)]).toEqual([name, false]);
  });
});
