import '../../../../tests/servers/run-from-source.js';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openCertificates, type Files } from '../../../../tests/mesh/certificates.js';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { withinStore } from './own-log.js';

let postgres: PrivatePostgres;
let client: Files;
let folder: string;
beforeAll(async () => {
  const certificates = await openCertificates();
  const { ca, certificate, key } = await certificates.make('server', { role: 'server', hosts: ['localhost'] });
  const [pem, chain, secret] = [ca, certificate, key].map((file) => readFileSync(file, 'utf8'));
  postgres = await startPostgres({ tls: { ca: pem ?? '', certificate: chain ?? '', key: secret ?? '' } });
  client = await certificates.make('client', { role: 'client' });
  folder = mkdtempSync(join(tmpdir(), 'mesh-own-store-'));
  writeFileSync(join(folder, 'store.url'), postgres.url.replace('127.0.0.1', 'localhost'));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await postgres.stop();
});

/** What the server says of the connection; as JSON is YAML, so is the config. */
function isSecured(store: object): Promise<boolean> {
  const config = join(folder, 'node.yaml');
  writeFileSync(config, JSON.stringify({ party: 'hmrc', store: { kind: 'postgres', url: 'store.url', ...store } }));
  return withinStore(config, async ({ knex }) => {
    const [row] = await knex<{ ssl: boolean }>('pg_stat_ssl').whereRaw('pid = pg_backend_pid()').select('ssl');
    return row?.ssl === true;
  });
}

it('reaches the store of a node by TLS, as the node does, and not without', async () => {
  const { ca, certificate, key } = client;
  expect(await isSecured({ tls: { ca, certificate, key } })).toBe(true);
  await expect(isSecured({})).rejects.toThrow('cannot be opened');
});
