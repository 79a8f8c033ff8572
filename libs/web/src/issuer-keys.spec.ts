import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openBearer } from './bearer.js';
import { type Issuer, startIssuer } from './fixtures/issuer.js';
import { Problem } from './problem.js';

let issuer: Issuer;
let running = true;
const audience = 'urn:test:api';

beforeEach(async () => {
  issuer = await startIssuer();
  running = true;
});
afterEach(async () => {
  if (running) await issuer.stop();
});

async function stop(): Promise<void> {
  await issuer.stop();
  running = false;
}

function checkWith(cooldown: number) {
  const bearer = openBearer({ issuer: issuer.url, audience, cooldown });
  return async (token: string) => {
    const found = await bearer.verify(token);
    return found instanceof Problem ? `${found.status} ${found.code}` : found.kind;
  };
}

describe("the identity provider's keys", () => {
  it('are asked for once for many tokens, also when they come at the same time', async () => {
    const check = checkWith(5_000);
    const tokens = await Promise.all(Array.from({ length: 10 }, () => issuer.token()));
    expect(new Set(await Promise.all(tokens.map(check)))).toEqual(new Set(['user']));
    expect(issuer.asked()).toBe(1);
  });

  it('are not asked for again and again by tokens with made-up keys', async () => {
    const check = checkWith(5_000);
    expect(await check(await issuer.token())).toBe('user');
    for (const kid of ['a', 'b', 'c']) expect(await check(await issuer.token({ header: { kid } }))).toMatch('401');
    expect(issuer.asked()).toBe(1);
  });

  it('are found again after the provider has restarted with new ones', async () => {
    const check = checkWith(0);
    const old = await issuer.token();
    expect(await check(old)).toBe('user');
    await issuer.stop();
    await issuer.rotate();
    await issuer.restart();
    expect(await check(await issuer.token())).toBe('user');
    expect(await check(old)).toBe('401 invalid-token');
  });

  it('cannot be had while the provider is down, and are there when it is back', async () => {
    const check = checkWith(0);
    const token = await issuer.token();
    await stop();
    expect(await check(token)).toBe('503 issuer-unreachable');
    await issuer.restart();
    running = true;
    expect(await check(token)).toBe('user');
  });

  it('that are known serve on while the provider is down, whatever else is sent', async () => {
    const check = checkWith(0);
    const token = await issuer.token();
    expect(await check(token)).toBe('user');
    await stop();
    expect(await check(await issuer.token({ header: { kid: 'made-up' } }))).toBe('503 issuer-unreachable');
    expect(await check(token)).toBe('user');
  });

  it('are not asked for once more within the cooldown when the provider was down', async () => {
    const check = checkWith(60_000);
    const token = await issuer.token();
    await stop();
    expect(await check(token)).toBe('503 issuer-unreachable');
    await issuer.restart();
    running = true;
    expect(await check(token)).toBe('503 issuer-unreachable');
    expect(issuer.asked()).toBe(0);
  });

  it.each([
    ['names another issuer', { issuer: 'https://id.example.org' }],
    ['has its keys where the network can change them', { jwks_uri: 'http://keys.example.org/jwks' }],
    ['has its keys in a file', { jwks_uri: 'file:///etc/passwd' }],
    ['has no keys', { jwks_uri: undefined }],
  ])('are not taken from a provider that %s', async (_what, document) => {
    issuer.lie(document);
    expect(await checkWith(0)(await issuer.token())).toBe('503 issuer-unreachable');
    expect(issuer.asked()).toBe(0);
  });

  it.each([
    'http://id.example.org',
    'http://127.0.0.1.example.org',
    'http://localhost.example.org',
    'ftp://127.0.0.1',
    'id.example.org',
  ])('are not looked for at %s', (address) => {
    expect(() => openBearer({ issuer: address, audience })).toThrow(/issuer is not https|Invalid URL/);
  });

  it.each(['https://id.example.org/realm', 'http://localhost:9', 'http://[::1]:9'])('may be at %s', (address) => {
    expect(() => openBearer({ issuer: address, audience })).not.toThrow();
  });
});
