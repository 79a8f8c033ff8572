import { createPrivateKey, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  describeCertificate,
  issue,
  issueFor,
  namesFrom,
  newAuthority,
  newRequest,
  reissue,
  type Authority,
} from './index.js';

let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'anonymesh-ca-'));
  authority = await newAuthority({ name: 'Test mesh', days: 100, domains: ['example.org'] });
});
afterAll(() => rmSync(folder, { recursive: true }));

const server = {
  name: 'broker',
  role: 'server' as const,
  names: namesFrom(['broker.example.org', '127.0.0.1']),
  days: 30,
};
const client = { name: 'hmrc', role: 'client' as const, names: namesFrom([]), party: 'hmrc', days: 30 };

/** By OpenSSL, which knows nothing of our library. */
function verify(certificate: string, purpose: 'sslserver' | 'sslclient', by = authority.certificate): string {
  const [ca, leaf] = ['ca.pem', 'leaf.pem'].map((name) => join(folder, name)) as [string, string];
  writeFileSync(ca, by);
  writeFileSync(leaf, certificate);
  return execFileSync('openssl', ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', ca, leaf], {
    stdio: 'pipe',
  })
    .toString()
    .trim();
}

describe('certificates', () => {
  it('verify by OpenSSL in strict mode, each for its own use alone', async () => {
    const [machine, party] = [await issue(authority, server), await issue(authority, client)];
    expect(verify(machine.certificate, 'sslserver')).toMatch(/OK$/);
    expect(verify(party.certificate, 'sslclient')).toMatch(/OK$/);
    expect(() => verify(machine.certificate, 'sslclient')).toThrow(/unsuitable|unsupported certificate purpose/i);
    expect(() => verify(party.certificate, 'sslserver')).toThrow(/unsuitable|unsupported certificate purpose/i);
  });

  it('say whose they are, for which machines, and until when', async () => {
    const { certificate } = await issue(authority, client);
    expect(describeCertificate(certificate)).toMatchObject({
      subject: 'CN=hmrc',
      issuer: 'CN=Test mesh',
      use: 'client',
      names: ['URI:urn:anonymesh:party:hmrc'],
      daysLeft: 29,
    });
    expect(describeCertificate((await issue(authority, server)).certificate).names).toEqual([
      'DNS:broker.example.org',
      'IP Address:127.0.0.1',
    ]);
    expect(describeCertificate(authority.certificate).use).toBe('authority');
  });

  it('do not outlive the authority, and their numbers are random and positive', async () => {
    const long = await issue(authority, { ...server, days: 4000 });
    expect(describeCertificate(long.certificate).until).toBe(describeCertificate(authority.certificate).until);
    const serials = await Promise.all(
      [1, 2].map(async () => new X509Certificate((await issue(authority, server)).certificate).serialNumber),
    );
    expect(new Set(serials).size).toBe(2);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('are not made for machines outside the domains of the authority, which OpenSSL would refuse too', async () => {
    await expect(issue(authority, { ...server, names: namesFrom(['broker.example.com']) })).rejects.toThrow(
      'broker.example.com is not within example.org',
    );
    await expect(issue(authority, { ...server, names: namesFrom(['notexample.org']) })).rejects.toThrow('not within');
  });

  it('are made for the key of a request, with names that the issuer gives', async () => {
    const { request, key } = await newRequest('somebody-else');
    const certificate = await issueFor(authority, client, request);
    expect(describeCertificate(certificate)).toMatchObject({ subject: 'CN=hmrc', use: 'client' });
    expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it('are not made for a request that its own key did not sign, or that is none', async () => {
    const [{ request }, other] = await Promise.all([newRequest('a'), newRequest('b')]);
    const bytes = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
    const forged = bytes(request);
    bytes(other.request).copy(forged, forged.length - 60, bytes(other.request).length - 60);
    const pem = `-----BEGIN CERTIFICATE REQUEST-----\n${forged.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    await expect(issueFor(authority, client, pem)).rejects.toThrow();
    for (const bad of ['', 'x', authority.certificate, request.slice(0, 200)]) {
      await expect(issueFor(authority, client, bad)).rejects.toThrow('not a certificate request');
    }
  });

  it('are renewed for the same key, names and use', async () => {
    const { certificate, key } = await issue(authority, { ...server, days: 1 });
    const renewed = await reissue(authority, { certificate, makers: [authority.certificate] }, 60);
    const [before, after] = [describeCertificate(certificate), describeCertificate(renewed)];
    expect(after).toMatchObject({ subject: before.subject, names: before.names, use: 'server', daysLeft: 59 });
    expect(after.serial).not.toBe(before.serial);
    expect(new X509Certificate(renewed).checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it('are renewed by the authority that follows, and both are accepted meanwhile', async () => {
    const next = await newAuthority({ name: 'Test mesh', days: 100, domains: ['example.org'] });
    const old = await issue(authority, server);
    const makers = [next.certificate, authority.certificate];
    const renewed = await reissue(next, { certificate: old.certificate, makers }, 30);
    const bundle = makers.join('');
    expect(verify(old.certificate, 'sslserver', bundle)).toMatch(/OK$/);
    expect(verify(renewed, 'sslserver', bundle)).toMatch(/OK$/);
    expect(() => verify(renewed, 'sslserver')).toThrow();
  });

  it('are not renewed where another made them, by the same name and for any names, or once they are over', async () => {
    const other = await newAuthority({ name: 'Test mesh', days: 100 });
    const renew = (certificate: string) => reissue(authority, { certificate, makers: [authority.certificate] }, 30);
    for (const each of [server, client]) {
      const { certificate } = await issue(other, each);
      await expect(renew(certificate)).rejects.toThrow('did not make');
    }
    await expect(renew(other.certificate)).rejects.toThrow('did not make');
    const { certificate } = await issue(authority, { ...server, days: 1 });
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 2 * 86_400_000);
    await expect(renew(certificate)).rejects.toThrow('has expired');
    clock.mockRestore();
  });

  it('are not made with the key of another authority', async () => {
    const other = await newAuthority({ name: 'Other', days: 1 });
    await expect(issue({ ...authority, key: other.key }, server)).rejects.toThrow('not the one of its certificate');
    await expect(issue({ ...authority, key: 'x' }, server)).rejects.toThrow('not a private key');
  });
});

describe('names', () => {
  it('are addresses or DNS names in small letters, without wildcards', () => {
    expect(namesFrom(['a.example.org', '::1', '10.0.0.1', 'a.example.org'])).toEqual({
      dns: ['a.example.org'],
      ip: ['::1', '10.0.0.1'],
    });
    for (const bad of ['', '*.example.org', 'A.example', 'a..b', '-a', 'a b', 'a\n', 'x'.repeat(64), 'nats://a'])
      expect(() => namesFrom([bad])).toThrow('neither an address nor a DNS name');
  });
});
