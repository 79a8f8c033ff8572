import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkConfig } from '@anonymesh/runtime';
import { newKey } from '@anonymesh/trust';
import { createUser } from '@nats-io/nkeys';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregatorConfig, spoolOf } from './config.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-config-'));
  const secrets = {
    seed: Buffer.from(createUser().getSeed()).toString(),
    'signing.pem': newKey('Ed25519').pem,
    'sealing.pem': newKey('X25519').pem,
    url: 'postgres://aggregator@localhost/aggregator',
  };
  for (const [name, text] of Object.entries(secrets)) await writeFile(join(folder, name), text, { mode: 0o600 });
  await writeFile(join(folder, 'directory.json'), '{}');
  await mkdir(join(folder, 'agreements'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: string[]) {
  const file = join(folder, 'aggregator.yaml');
  const usual = [
    'party: aggregator',
    'listen: { port: 0 }',
    'broker: { servers: ["nats://127.0.0.1:4222"], seed: seed }',
    'keys: { signing: signing.pem, sealing: [sealing.pem] }',
    `trust: { operator: ${'A'.repeat(43)}, directory: directory.json, agreements: agreements }`,
  ];
  await writeFile(file, [...usual, ...lines].join('\n'));
  return checkConfig(aggregatorConfig, ['node', 'main.js', '--config', file]);
}

async function spoolWith(...lines: string[]): Promise<string> {
  const reading = await read(...lines);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return spoolOf(reading.config);
}

describe('the place where tokens wait', () => {
  it('is beside an embedded store unless it is told', async () => {
    expect(await spoolWith('store: { kind: embedded, file: state/store.db }')).toBe(join(folder, 'state/spool'));
    expect(await spoolWith('store: { kind: embedded, file: store.db }', 'spool: elsewhere')).toBe(
      join(folder, 'elsewhere'),
    );
  });

  it('must be told where the store is no file', async () => {
    expect(await spoolWith('store: { kind: postgres, url: url }', 'spool: elsewhere')).toBe(join(folder, 'elsewhere'));
    expect(await read('store: { kind: postgres, url: url }')).toMatchObject({ ok: false, faults: [{ key: 'spool' }] });
  });
});
