import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mesh, meshJson } from '../fixtures/mesh.js';

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-ca-'));
  expect((await mesh('ca', 'new', at('ca'), '--name', 'Mesh of the test', '--domain', 'example.org')).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const server = ['--role', 'server', '--name', 'broker', '--host', 'broker.example.org', '127.0.0.1'];

describe('mesh ca', () => {
  it('makes keys that only their owner can read, and writes over nothing', async () => {
    await mesh('ca', 'issue', '--ca', at('ca'), ...server, '--out', at('first'));
    for (const key of ['ca/ca-key.pem', 'first/broker-key.pem']) expect(statSync(at(key)).mode & 0o777).toBe(0o600);
    const before = readFileSync(at('ca/ca-key.pem'));
    expect((await mesh('ca', 'new', at('ca'), '--name', 'Another')).error).toMatch(/there is a CA already/);
    expect((await mesh('ca', 'issue', '--ca', at('ca'), ...server, '--out', at('first'))).code).toBe(2);
    expect(readFileSync(at('ca/ca-key.pem'))).toEqual(before);
  });

  it('issues for a request, so that the key stays where it is', async () => {
    const { json } = await meshJson('ca', 'request', at('hmrc'), '--name', 'hmrc');
    const args = ['--role', 'client', '--name', 'hmrc', '--request', json.request, '--out', at('issued')];
    const { json: issued } = await meshJson('ca', 'issue', '--ca', at('ca'), ...args);
    expect(issued.key).toBeUndefined();
    const { out } = await mesh('ca', 'show', issued.certificate);
    expect(out).toMatch(/CN=hmrc\n +for +client: URI:urn:anonymesh:party:hmrc\n +issued by +CN=Mesh of the test/);
  });

  it('renews a certificate for its key and names, in its place', async () => {
    await mesh('ca', 'issue', '--ca', at('ca'), ...server, '--days', '3', '--out', at('renewed'));
    const file = at('renewed/broker.pem');
    const before = new X509Certificate(readFileSync(file));
    expect((await mesh('ca', 'renew', file, '--ca', at('ca'))).code).toBe(0);
    const after = new X509Certificate(readFileSync(file));
    expect([after.publicKey.equals(before.publicKey), after.subjectAltName]).toEqual([true, before.subjectAltName]);
    expect(Date.parse(after.validTo) - Date.parse(before.validTo)).toBeGreaterThan(80 * 86_400_000);
  });

  it('renews no certificate that another made, whatever names it has', async () => {
    await mesh('ca', 'new', at('other'), '--name', 'Mesh of the test');
    await mesh('ca', 'issue', '--ca', at('other'), ...server, '--out', at('forged'));
    const file = at('forged/broker.pem');
    const before = readFileSync(file, 'utf8');
    const { code, error } = await mesh('ca', 'renew', file, '--ca', at('ca'));
    expect([code, error, readFileSync(file, 'utf8')]).toEqual([1, expect.stringContaining('did not make'), before]);
  });

  it('issues by the authority whose key it has, where a change of it was cut short', async () => {
    await mesh('ca', 'new', at('ca3'), '--name', 'Third');
    const before = readFileSync(at('ca3/ca-newest.pem'));
    await mesh('ca', 'renew', '--ca', at('ca3'));
    writeFileSync(at('ca3/ca-newest.pem'), before);
    const { json } = await meshJson('ca', 'issue', '--ca', at('ca3'), ...server, '--out', at('after'));
    const issuers = readFileSync(at('ca3/ca.pem'), 'utf8').match(/-----BEGIN[^]*?END CERTIFICATE-----/g) ?? [];
    const [newest, old] = issuers.map((pem) => new X509Certificate(pem).publicKey);
    if (newest === undefined || old === undefined) throw new Error('both are accepted');
    const made = new X509Certificate(readFileSync(json.certificate));
    expect([made.verify(newest), made.verify(old)]).toEqual([true, false]);
  });

  it('renews the authority with both accepted meanwhile', async () => {
    await mesh('ca', 'new', at('ca2'), '--name', 'Second');
    const { json } = await meshJson('ca', 'renew', '--ca', at('ca2'));
    expect(json.accepted).toBe(2);
    const shown = await meshJson('ca', 'show', json.ca);
    expect(shown.json.certificates.map(({ use, subject }: never) => [use, subject])).toEqual([
      ['authority', 'CN=Second'],
      ['authority', 'CN=Second'],
    ]);
  });

  it('says what is wrong with what it is given', async () => {
    const issue = (...args: string[]) => mesh('ca', 'issue', '--ca', at('ca'), ...args, '--out', at('bad'));
    const cases: [Promise<{ code: number; error: string }>, number, RegExp][] = [
      [issue('--role', 'server', '--name', 'a', '--host', 'a.example.com'), 1, /not within example.org/],
      [issue('--role', 'server', '--name', 'a'), 2, /say with --host/],
      [issue('--role', 'server', '--name', '../a', '--host', 'a.example.org'), 2, /name of a file/],
      [issue('--role', 'server', '--name', 'a', '--host', '*.example.org'), 2, /neither an address nor a DNS name/],
      [issue('--role', 'client', '--name', 'No Party'), 2, /party’s id/],
      [issue('--role', 'client', '--name', 'hmrc', '--days', '0'), 2, /--days/],
      [issue('--role', 'client', '--name', 'hmrc', '--request', at('ca/ca.pem')), 1, /not a certificate request/],
      [mesh('ca', 'show', at('ca/ca-key.pem')), 1, /no certificate in it/],
      [mesh('ca', 'renew', at('ca/ca.pem'), '--ca', at('ca')), 2, /of an authority/],
    ];
    for (const [ran, code, error] of cases)
      expect(await ran).toMatchObject({ code, error: expect.stringMatching(error) });
  });

  it('does not use a key that others may read', async () => {
    await mesh('ca', 'new', at('open'), '--name', 'Open');
    chmodSync(at('open/ca-key.pem'), 0o644);
    const { code, error } = await mesh('ca', 'issue', '--ca', at('open'), ...server, '--out', at('bad'));
    expect([code, error]).toEqual([1, expect.stringContaining('others may read this key')]);
  });

  it('shows nothing that only looks like a certificate', async () => {
    const old = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n';
    writeFileSync(at('nonsense.pem'), old);
    expect((await mesh('ca', 'show', at('nonsense.pem'))).error).toMatch(/not a certificate/);
  });
});
