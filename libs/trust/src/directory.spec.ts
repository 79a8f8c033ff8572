import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, signJws } from '@anonymesh/protocol';
import { makeParty } from '../../../tests/mesh/make-parties.js';
import { signEntry, verifyEntry } from './entry.js';
import { day, entryOf, now, publish, readTampered } from './fixtures/made-directory.js';
import { newKey } from './key-file.js';

const [hmrc, dwp, asker] = [
  makeParty('hmrc', 'holder'),
  makeParty('dwp', 'holder'),
  makeParty('immigration', 'requester'),
];
const parties = [hmrc, dwp, asker];
const [signedHmrc, signedDwp] = [
  await signEntry(entryOf(hmrc), hmrc.identity),
  await signEntry(entryOf(dwp), dwp.identity),
];
const admitted = parties.map(({ id, identity }) => ({ id, identity: identity.kid }));

describe('an entry', () => {
  it('is verified with the fingerprint that agreements pin', () => {
    expect(verifyEntry(signedHmrc)).toEqual({ ...entryOf(hmrc), fingerprint: hmrc.identity.kid });
  });

  it('is refused where somebody else signed it, or another key than the one it names', async () => {
    expect(verifyEntry(await signEntry(entryOf(hmrc), dwp.identity))).toBe(undefined);
    expect(verifyEntry(await signEntry(entryOf(hmrc), { ...dwp.identity, kid: hmrc.identity.kid }))).toBe(undefined);
    expect(verifyEntry(await signEntry(entryOf(hmrc, { identity: entryOf(dwp).identity }), hmrc.identity))).toBe(
      undefined,
    );
  });

  it('is refused with anything changed after signing: a key, a kind, a serial', () => {
    const [head, , signature] = signedHmrc.split('.');
    for (const change of [{ kind: 'portal' as const }, { serial: 2 }, { sealing: entryOf(dwp).sealing }]) {
      const payload = canonicalBytes(entryOf(hmrc, change)).toString('base64url');
      expect(verifyEntry([head, payload, signature].join('.'))).toBe(undefined);
    }
  });

  it('is refused with a key under an id that is not its thumbprint', async () => {
    const { kid } = dwp.signing;
    for (const change of [
      { signing: [{ ...publish(hmrc.signing), kid }] },
      { sealing: [{ ...publish(hmrc.sealing), kid: dwp.sealing.kid }] },
      { mask: [{ ...publish(hmrc.sealing), kid: hmrc.mask?.kid ?? '' }] },
      { sealing: [publish(hmrc.signing)] },
    ])
      expect(verifyEntry(await signEntry(entryOf(hmrc, change), hmrc.identity))).toBe(undefined);
  });

  it('is refused with other members, another spelling, a weak key or no key', async () => {
    const signText = async (text: string) =>
      verifyEntry(await signJws(Buffer.from(text), 'anonymesh-entry', hmrc.identity));
    const canonical = canonicalBytes(entryOf(hmrc)).toString();
    expect(await signText(canonical)).toBeDefined();
    const zero = { ...publish(hmrc.sealing), key: Buffer.alloc(32).toString('base64url') };
    const spellings = [
      ` ${canonical}`,
      canonical.replace('{', '{"operator":true,'),
      canonicalBytes({ ...entryOf(hmrc), sealing: [] }).toString(),
      canonicalBytes({ ...entryOf(hmrc), sealing: [zero] }).toString(),
      canonicalBytes({ ...entryOf(hmrc), signing: [publish(hmrc.signing, [1, 1])] }).toString(),
      canonicalBytes({ ...entryOf(hmrc), id: 'hmrc.>' }).toString(),
      '{}',
      'null',
    ];
    for (const spelling of spellings) expect([spelling, await signText(spelling)]).toEqual([spelling, undefined]);
    for (const text of ['', '.', 'a.b.c', `${signedHmrc}.`]) expect(verifyEntry(text)).toBe(undefined);
  });
});

describe('a directory', () => {
  it('knows each admitted party by its keys', async () => {
    const { directory, leftOut } = (await readTampered(parties)) ?? {};
    expect(leftOut).toEqual([]);
    expect(directory?.serial).toBe(7);
    expect(directory?.signer(hmrc.signing.kid, now)).toMatchObject({
      id: 'hmrc',
      kind: 'holder',
      identity: hmrc.identity.kid,
    });
    expect(directory?.sealingKey('dwp', now)?.kid).toBe(dwp.sealing.kid);
    expect(directory?.maskKey('dwp', now)?.kid).toBe(dwp.mask?.kid);
    expect(directory?.maskKey('immigration', now)).toBe(undefined);
    expect(directory?.sealingKey('nobody', now)).toBe(undefined);
  });

  it('is refused where anyone but the operator signed it, or it is no directory', async () => {
    expect(await readTampered(parties, { signedBy: newKey('Ed25519') })).toBe(undefined);
    expect(await readTampered(parties, { signedBy: hmrc.identity })).toBe(undefined);
    expect(await readTampered(parties, { json: { admission: signedHmrc } })).toBe(undefined);
    expect(await readTampered(parties, { json: { admission: 'a.b.c' } })).toBe(undefined);
    expect(await readTampered(parties, { json: { note: '' } })).toBe(undefined);
  });

  it('gives an operator who swaps a party’s keys nothing: the entry is not signed by the identity admitted', async () => {
    const impostor = { ...makeParty('hmrc', 'holder'), identity: newKey('Ed25519') };
    const swapped = await signEntry(entryOf(impostor), impostor.identity);
    const forged = await signEntry(entryOf(hmrc, { sealing: [publish(impostor.sealing)] }), impostor.identity);
    const read = await readTampered(parties, { entries: [swapped, forged, signedDwp] });
    expect(read?.leftOut).toEqual([0, 1]);
    expect(read?.directory.parties.has('hmrc')).toBe(false);
  });

  it('names the impostor’s fingerprint where the operator admits the impostor, so that no agreement pins it', async () => {
    const impostor = makeParty('hmrc', 'holder');
    const read = await readTampered([impostor, dwp]);
    expect(read?.directory.parties.get('hmrc')?.fingerprint).toBe(impostor.identity.kid);
    expect(impostor.identity.kid).not.toBe(hmrc.identity.kid);
  });

  it('leaves out who is not admitted, or is admitted under another id', async () => {
    expect((await readTampered(parties, { admitted: admitted.slice(1) }))?.leftOut).toEqual([0]);
    const renamed = [{ id: 'police', identity: hmrc.identity.kid }, ...admitted.slice(1)];
    expect((await readTampered(parties, { admitted: renamed }))?.leftOut).toEqual([0]);
  });

  it('takes the entry with the higher serial, in whatever order they stand', async () => {
    const next = newKey('X25519');
    const newer = await signEntry(entryOf(hmrc, { serial: 2, sealing: [publish(next)] }), hmrc.identity);
    for (const entries of [
      [signedHmrc, newer],
      [newer, signedHmrc],
    ])
      expect((await readTampered(parties, { entries }))?.directory.sealingKey('hmrc', now)?.kid).toBe(next.kid);
  });

  it('leaves an entry out in which its party is of another kind than in its first', async () => {
    const next = newKey('X25519');
    const turned = await signEntry(
      entryOf(hmrc, { serial: 2, kind: 'portal', sealing: [publish(next)] }),
      hmrc.identity,
    );
    for (const [entries, place] of [
      [[signedHmrc, turned], 1],
      [[turned, signedHmrc], 0],
    ] as const) {
      const read = await readTampered(parties, { entries });
      expect(read?.leftOut).toEqual([place]);
      expect(read?.directory.parties.get('hmrc')).toMatchObject({ kind: 'holder', serial: 1 });
      expect(read?.directory.sealingKey('hmrc', now)?.kid).toBe(hmrc.sealing.kid);
    }
  });

  it('does not let a party publish the key of another that was admitted before it', async () => {
    const thefts = [
      { signing: [publish(dwp.signing), publish(hmrc.signing)] },
      { sealing: [publish(hmrc.sealing)] },
      { mask: [publish(hmrc.mask ?? dwp.sealing)] },
      { sealing: [publish(hmrc.mask ?? dwp.sealing)] },
    ];
    for (const theft of thefts) {
      const thief = await signEntry(entryOf(dwp, theft), dwp.identity);
      for (const [entries, place] of [
        [[signedHmrc, thief], 1],
        [[thief, signedHmrc], 0],
      ] as const) {
        const read = await readTampered(parties, { entries });
        expect(read?.leftOut).toEqual([place]);
        expect(read?.directory.signer(hmrc.signing.kid, now)).toMatchObject({ id: 'hmrc' });
      }
    }
  });
});

const [old, next] = [newKey('X25519'), newKey('X25519')];
const [oldSigning, nextSigning] = [newKey('Ed25519'), newKey('Ed25519')];
const rotating = entryOf(hmrc, {
  sealing: [publish(next, [0, 10]), publish(old, [-10, 2])],
  mask: [publish(newKey('X25519'), [-10, 2])],
  signing: [publish(oldSigning, [-10, 2]), publish(nextSigning, [0, 10])],
});
const signedRotating = await signEntry(rotating, hmrc.identity);
const directory = (await readTampered(parties, { entries: [signedRotating] }))?.directory;

describe('keys in time', () => {
  const at = (days: number) => now + days * day;

  it('are sealed to from the newest that is valid: never one that is retired or not yet valid', () => {
    const sealedTo = (days: number) => directory?.sealingKey('hmrc', at(days))?.kid;
    expect([-11, -10, -1, 0, 1, 2, 9].map(sealedTo)).toEqual([
      undefined,
      old.kid,
      old.kid,
      next.kid,
      next.kid,
      next.kid,
      next.kid,
    ]);
    expect(sealedTo(10)).toBe(undefined);
    expect(directory?.maskKey('hmrc', at(2))).toBe(undefined);
  });

  it('verify while they are valid, two at once among them, and afterwards only as evidence', () => {
    const verifies = (kid: string, days: number) => {
      const signer = directory?.signer(kid, at(days));
      return typeof signer === 'object' ? signer.id : signer;
    };
    expect([-11, -10, 1, 2].map((days) => verifies(oldSigning.kid, days))).toEqual([
      undefined,
      'hmrc',
      'hmrc',
      undefined,
    ]);
    expect([-1, 0, 1, 9, 10].map((days) => verifies(nextSigning.kid, days))).toEqual([
      undefined,
      'hmrc',
      'hmrc',
      'hmrc',
      undefined,
    ]);
    expect(directory?.pastSigner(oldSigning.kid)?.id).toBe('hmrc');
    expect(directory?.pastSigner(hmrc.signing.kid)).toBe(undefined);
  });
});
