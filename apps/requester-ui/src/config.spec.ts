import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkConfig } from '@anonymesh/runtime';
import { newKey } from '@anonymesh/trust';
import { createUser } from '@nats-io/nkeys';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requesterConfig } from './config.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-config-'));
  const secrets = {
    seed: Buffer.from(createUser().getSeed()).toString(),
    'signing.pem': newKey('Ed25519').pem,
    'sealing.pem': newKey('X25519').pem,
    session: 'x'.repeat(32),
  };
  for (const [name, text] of Object.entries(secrets)) await writeFile(join(folder, name), text, { mode: 0o600 });
  await writeFile(join(folder, 'directory.json'), '{}');
  await mkdir(join(folder, 'agreements'));
});
afterAll(() => rm(folder, { recursive: true }));

/** With this in the part about pages. */
async function read(portals: string) {
  const file = join(folder, 'requester.yaml');
  const lines = [
    'party: immigration',
    'listen: { port: 0 }',
    'broker: { servers: ["nats://127.0.0.1:4222"], seed: seed }',
    'keys: { signing: signing.pem, sealing: [sealing.pem] }',
    `trust: { operator: ${'A'.repeat(43)}, directory: directory.json, agreements: agreements }`,
    'store: { kind: embedded, file: store.db }',
    'oidc: { issuer: https://id.example.org, audience: "urn:immigration" }',
    'pages:',
    '  { publicUrl: https://checks.example.org, issuer: https://id.example.org, clientId: checks, sessionSecret: session',
    `  ${portals} }`,
  ];
  await writeFile(file, lines.join('\n'));
  return checkConfig(requesterConfig, ['node', 'main.js', '--config', file]);
}

describe('the addresses of appeal portals', () => {
  it('are named by the portals’ ids, and may be left out', async () => {
    const portals = { appeals: 'https://appeals.example.org', 'other-appeals': 'http://127.0.0.1:8080' };
    expect(await read(`, portals: ${JSON.stringify(portals)}`)).toMatchObject({ config: { pages: { portals } } });
    expect(await read('')).toMatchObject({ config: { pages: { portals: {} } } });
  });

  it.each([
    ['a script', 'appeals: "javascript:alert(1)"'],
    ['a file', 'appeals: "file:///etc/passwd"'],
    ['a path, which is not told to whoever must type it', 'appeals: "https://appeals.example.org/reference"'],
    ['a name alone', 'appeals: appeals.example.org'],
    ['a list', 'appeals: [https://appeals.example.org]'],
    ['nothing', 'appeals:'],
    ['a portal of a name that every object has', 'hasOwnProperty: https://appeals.example.org'],
    ['a portal’s name for people', '"Appeals Ombudsman": https://appeals.example.org'],
  ])('are no %s', async (_what, portals) => {
    const reading = await read(`, portals: { ${portals} }`);
    expect(reading.ok ? [] : reading.faults.map(({ key }) => key)).toContainEqual(
      expect.stringMatching(/^pages\.portals\./),
    );
  });
});
