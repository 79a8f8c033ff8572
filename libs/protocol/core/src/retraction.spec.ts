import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from './canonical.js';
import type { Signer } from './envelope/signer.js';
import { signJws } from './envelope/sign.js';
import { makeKey } from './fixtures/made-keys.js';
import { makeManifest } from './fixtures/made-manifest.js';
import { signManifest } from './manifest.js';
import { queryIdOf } from './query-id.js';
import { signRetraction, verifyRetraction, type Retraction } from './retraction.js';

const [old, current, stranger] = [makeKey('Ed25519'), makeKey('Ed25519'), makeKey('Ed25519')];
const requester: Omit<Signer, 'key'> = { id: 'immigration', kind: 'requester', identity: 'its fingerprint' };
const now = Date.now();

/** The requester has retired one key, and has another; the stranger is whom the test says. */
function keysWith(other: Omit<Signer, 'key'>) {
  const known = new Map<string, Signer>([
    [old.own.kid, { ...requester, key: old.public.key }],
    [current.own.kid, { ...requester, key: current.public.key }],
    [stranger.own.kid, { ...other, key: stranger.public.key }],
  ]);
  const ever = (kid: string) => known.get(kid);
  return { ever, now: (kid: string) => (kid === old.own.kid ? undefined : ever(kid)) };
}
const coordinator: Omit<Signer, 'key'> = { id: 'coordinator', kind: 'coordinator', identity: 'another' };
const keys = keysWith(coordinator);

const asked = makeManifest();
const manifest = await signManifest(asked, old.own);
const content: Retraction = {
  type: 'anonymesh/retraction/v1',
  queryId: queryIdOf(asked),
  requester: 'immigration',
  issuedAt: now,
};
const verify = (retraction: string, about = manifest, by = keys) =>
  verifyRetraction({ manifest: about, retraction }, by, now);

describe('a retraction', () => {
  it('takes back the query of the manifest, also where that was signed with a key that has been retired since', async () => {
    expect(verify(await signRetraction(content, current.own))).toEqual({
      manifest: asked,
      queryId: content.queryId,
      requester,
    });
  });

  it('is not made with a key that has been retired', async () => {
    expect(verify(await signRetraction(content, old.own))).toBe('unknown-key');
  });

  it('cannot be made by who relays it, whatever it says of itself', async () => {
    expect(verify(await signRetraction(content, stranger.own))).toBe('wrong-sender');
    expect(verify(await signRetraction({ ...content, requester: 'coordinator' }, stranger.own))).toBe('wrong-sender');
    expect(verify(await signRetraction(content, { ...stranger.own, kid: current.own.kid }))).toBe('bad-signature');
  });

  it.each<[string, Omit<Signer, 'key'>]>([
    ['another requester', { ...requester, id: 'childrens-services', identity: 'another' }],
    ['one of that name with another identity', { ...requester, identity: 'another' }],
    ['a holder of that name', { ...requester, kind: 'holder' }],
  ])('is refused from %s', async (_who, other) => {
    expect(verify(await signRetraction(content, stranger.own), manifest, keysWith(other))).toBe('wrong-sender');
  });

  it('is good for its own query alone', async () => {
    const another = await signManifest(makeManifest(), current.own);
    const retraction = await signRetraction(content, current.own);
    expect(verify(retraction, another)).toBe('query-differs');
    expect(verify(await signRetraction({ ...content, queryId: '0'.repeat(32) }, current.own))).toBe('query-differs');
    const others = await signManifest(makeManifest({ requester: 'coordinator' }), stranger.own);
    expect(verify(retraction, others)).toBe('wrong-sender');
  });

  it('cannot be made of anything else that the requester signs', async () => {
    const bytes = canonicalBytes(content);
    for (const typ of ['anonymesh-manifest', 'anonymesh-message'])
      expect(verify(await signJws(bytes, typ, current.own))).toBe('malformed');
    expect(verify(manifest)).toBe('malformed');
    expect(
      verify(await signRetraction(content, current.own), await signJws(bytes, 'anonymesh-retraction', current.own)),
    ).toBe('malformed');
  });

  it('has one form only, and says nothing more', async () => {
    const sign = async (text: string) => verify(await signJws(Buffer.from(text), 'anonymesh-retraction', current.own));
    const canonical = canonicalBytes(content).toString();
    expect(await sign(canonical)).toMatchObject({ queryId: content.queryId });
    for (const text of [
      ` ${canonical}`,
      JSON.stringify(Object.fromEntries(Object.entries(content).reverse())),
      canonical.replace('{', '{"reason":"withdrawn",'),
      '{}',
      'null',
      '',
    ])
      expect([text, await sign(text)]).toEqual([text, 'malformed']);
  });

  it('is not from the future', async () => {
    const minute = 60_000;
    const at = async (issuedAt: number) => verify(await signRetraction({ ...content, issuedAt }, current.own));
    expect(await at(now + 4 * minute)).toMatchObject({ queryId: content.queryId });
    expect(await at(now + 6 * minute)).toBe('from-the-future');
  });
});
