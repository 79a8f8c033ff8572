import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from './canonical.js';
import { signJws } from './envelope/sign.js';
import type { Signer } from './envelope/signer.js';
import { makeKey } from './fixtures/made-keys.js';
import { makeManifest } from './fixtures/made-manifest.js';
import { manifest, signManifest, verifyManifest } from './manifest.js';
import { queryIdOf } from './query-id.js';

const { own, public: known } = makeKey('Ed25519');
const requester: Signer = { id: 'immigration', kind: 'requester', identity: 'its fingerprint', key: known.key };
const find = (kid: string, signer = requester) => (kid === known.kid ? signer : undefined);
const content = makeManifest();
const typ = 'anonymesh-manifest';
const signText = async (text: string) => verifyManifest(await signJws(Buffer.from(text), typ, own), find);

describe('a signed manifest', () => {
  it('is verified with its query ID and with who signed it', async () => {
    const { id, kind, identity } = requester;
    expect(verifyManifest(await signManifest(content, own), find)).toEqual({
      manifest: content,
      queryId: queryIdOf(content),
      requester: { id, kind, identity },
    });
  });

  it('has one query ID only: members in another order, spaces or escapes are malformed', async () => {
    const backwards = Object.fromEntries(Object.entries(content).reverse());
    const canonical = canonicalBytes(content).toString();
    expect(await signText(canonical)).toMatchObject({ queryId: queryIdOf(content) });
    const spellings = [
      JSON.stringify(backwards),
      ` ${canonical}`,
      `${canonical}\n`,
      canonical.replace('"role":', '"role": '),
      canonical.replace('caseworker', 'case\\u0077orker'),
      canonical.replace('{', '{"nonce":"AAAAAAAAAAAAAAAAAAAAAA",'),
      canonical.replace(/"issuedAt":(\d+)/, '"issuedAt":$1.0'),
      canonical.replace('{', '{"__proto__":{},'),
    ];
    for (const spelling of spellings) expect([spelling, await signText(spelling)]).toEqual([spelling, 'malformed']);
  });

  it.each([
    ['a member more', { subject: 'AB123456C' }],
    ['another type', { type: 'anonymesh/set/v1' }],
    ['a nonce that is too short', { nonce: 'AAAA' }],
    ['a nonce with bits left over', { nonce: `${content.nonce.slice(0, 21)}B` }],
    ['an agreement that is no hash', { agreement: 'right-to-remain' }],
    ['no role', { role: '' }],
    ['a time in parts of milliseconds', { issuedAt: 1.5 }],
    ['a time before 1970', { issuedAt: -1 }],
    ['one part', { parts: content.parts.slice(1) }],
    ['a part for no party', { parts: [{ holder: '*', hash: content.slip }, ...content.parts] }],
    ['a part with more than its hash', { parts: content.parts.map((part) => ({ ...part, sealed: '' })) }],
    ['a query key of small order', { queryKey: Buffer.alloc(32).toString('base64url') }],
    ['no lookup id', { lookupId: undefined }],
  ])('is malformed with %s', async (_what, change) => {
    const changed = { ...content, ...change };
    expect(manifest.safeParse(changed).success).toBe(false);
    expect(() => signManifest(changed as typeof content, own)).toThrow();
    expect(await signText(JSON.stringify(changed))).toBe('malformed');
  });

  it('is refused from a requester that it does not name, and from who is no requester', async () => {
    const jws = await signManifest(content, own);
    expect(verifyManifest(jws, (kid) => find(kid, { ...requester, id: 'childrens-services' }))).toBe('wrong-sender');
    expect(verifyManifest(jws, (kid) => find(kid, { ...requester, kind: 'coordinator' }))).toBe('wrong-sender');
  });

  it('is refused where its signature is another’s, over something else, or of another type', async () => {
    const stranger = makeKey('Ed25519').own;
    const jws = await signManifest(content, own);
    const [head, , signature] = jws.split('.');
    const changed = canonicalBytes({ ...content, role: 'minister' }).toString('base64url');
    expect(verifyManifest([head, changed, signature].join('.'), find)).toBe('bad-signature');
    expect(verifyManifest(await signManifest(content, stranger), find)).toBe('unknown-key');
    expect(verifyManifest(await signManifest(content, { ...stranger, kid: own.kid }), find)).toBe('bad-signature');
    expect(verifyManifest(await signJws(canonicalBytes(content), 'anonymesh-message', own), find)).toBe('malformed');
  });
});

describe('a query ID', () => {
  it('is the first 128 bits of SHA-256 of the canonical manifest, and changes with each of its members', () => {
    const fixed = { a: 1 };
    expect(queryIdOf(fixed)).toBe('015abd7f5cc57a2dd94b7590f04ad808');
    const change = { role: 'other', requester: 'other', issuedAt: 0, parts: content.parts.toReversed() };
    const other = { ...makeManifest(), ...change };
    const ids = Object.entries(other)
      .filter(([name]) => name !== 'type')
      .map(([name, value]) => queryIdOf({ ...content, [name]: value }));
    expect(new Set([...ids, queryIdOf(content)]).size).toBe(10);
  });
});
