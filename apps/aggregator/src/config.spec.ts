import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkConfig } from '@anonymesh/runtime';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregatorConfig, spoolOf } from './config.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-config-'));
  for (const name of ['seed', 'key', 'url']) await writeFile(join(folder, name), 'secret', { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true }));

async function read(...lines: string[]) {
  const file = join(folder, 'aggregator.yaml');
  const usual = [
    'party: aggregator',
    'listen: { port: 0 }',
    'broker: { servers: ["nats://127.0.0.1:4222"], seed: seed }',
    'keys: { signing: key, sealing: [key] }',
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
