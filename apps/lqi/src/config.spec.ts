import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkConfig } from '@anonymesh/runtime';
import { newKey } from '@anonymesh/trust';
import { createUser } from '@nats-io/nkeys';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issuerOf, lqiConfig } from './config.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-config-'));
  const secrets = {
    seed: Buffer.from(createUser().getSeed()).toString(),
    'signing.pem': newKey('Ed25519').pem,
    'sealing.pem': newKey('X25519').pem,
    'mask.pem': newKey('X25519').pem,
    session: 'x'.repeat(32),
  };
  for (const [name, text] of Object.entries(secrets)) await writeFile(join(folder, name), text, { mode: 0o600 });
  await writeFile(join(folder, 'directory.json'), '{}');
  await mkdir(join(folder, 'agreements'));
  await mkdir(join(folder, 'templates'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: string[]) {
  const file = join(folder, 'lqi.yaml');
  const usual = [
    'party: police',
    'listen: { port: 0 }',
    'broker: { servers: ["nats://127.0.0.1:4222"], seed: seed }',
    'keys: { signing: signing.pem, sealing: [sealing.pem], mask: [mask.pem] }',
    `trust: { operator: ${'A'.repeat(43)}, directory: directory.json, agreements: agreements }`,
    'store: { kind: embedded, file: store.db }',
    'source: { kind: sqlite, file: records.db }',
    'templates: templates',
  ];
  await writeFile(file, [...usual, ...lines].join('\n'));
  return checkConfig(lqiConfig, ['node', 'main.js', '--config', file]);
}

const api = 'oidc: { issuer: https://id.example.org, audience: "urn:police" }';
const pagesAt = (issuer: string) =>
  `pages: { publicUrl: https://console.example.org, issuer: "${issuer}", clientId: console, sessionSecret: session }`;

describe('a holder’s people', () => {
  it('are told apart by sub unless another claim is named', async () => {
    expect(await read(api)).toMatchObject({ ok: true, config: { oidc: { person: 'sub' } } });
    expect(await read(api.replace(' }', ', person: oid }'))).toMatchObject({ config: { oidc: { person: 'oid' } } });
    expect(await read(api.replace(' }', ', person: "" }'))).toMatchObject({ faults: [{ key: 'oidc.person' }] });
  });

  it('sign in at one provider, whether at the console or for the API', async () => {
    for (const lines of [[api, pagesAt('https://id.example.org')], [pagesAt('https://other.example.org')]]) {
      const reading = await read(...lines);
      expect(reading.ok && issuerOf(reading.config)).toMatch(/^https:/);
    }
    expect(await read(api, pagesAt('https://other.example.org'))).toMatchObject({
      ok: false,
      faults: [{ key: 'pages.issuer', fix: 'name one provider in both' }],
    });
  });
});
