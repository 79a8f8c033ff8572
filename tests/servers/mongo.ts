// A MongoDB for tests: the one that MONGODB_URL names, or else FerretDB, which speaks its protocol, built once with Go
// from the module proxy into the cache.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { freePort } from './free-port.js';
import { launch, run, temporaryFolder, type PrivateServer } from './private-server.js';

export interface PrivateMongo extends Pick<PrivateServer, 'stop'> {
  readonly url: string;
  readonly product: 'mongodb' | 'ferretdb';
}

const version = 'v1.24.2';
const cache = join(import.meta.dirname, '../../node_modules/.cache/anonymesh/bin');

/** `undefined`, with a warning, where neither MONGODB_URL nor Go is there. */
export async function startMongo(): Promise<PrivateMongo | undefined> {
  const given = process.env['MONGODB_URL'];
  if (given !== undefined) return { url: given, product: 'mongodb', stop: () => Promise.resolve() };
  const command = await buildFerretDb();
  if (command === undefined) {
    console.warn('neither MONGODB_URL nor Go is there to provide MongoDB: its tests are skipped');
    return undefined;
  }
  const [folder, port] = await Promise.all([temporaryFolder('ferretdb', {}), freePort()]);
  const url = `mongodb://127.0.0.1:${port}/`;
  const server = await launch({
    command,
    parameters: [
      '--handler=sqlite',
      `--sqlite-url=file:${folder}/`,
      `--state-dir=${folder}`,
      `--listen-addr=127.0.0.1:${port}`,
      '--debug-addr=-',
      '--telemetry=disable',
    ],
    folder,
    account: {},
    port,
    probe: async () => {
      const client = await MongoClient.connect(url, { serverSelectionTimeoutMS: 500 });
      await client.close();
    },
  });
  return { url, product: 'ferretdb', ...server };
}

async function buildFerretDb(): Promise<string | undefined> {
  const target = join(cache, `ferretdb-${version}`);
  if (existsSync(target)) return target;
  const work = await mkdtemp(join(tmpdir(), 'anonymesh-ferretdb-'));
  try {
    // A module of our own pins the version; `go install …@version` would also want the list of all versions.
    await writeFile(
      join(work, 'go.mod'),
      `module ferretdb\n\ngo 1.22\n\nrequire github.com/FerretDB/FerretDB ${version}\n`,
    );
    await mkdir(cache, { recursive: true });
    const parameters = [
      'build',
      '-mod=mod',
      '-buildvcs=false',
      '-o',
      target,
      'github.com/FerretDB/FerretDB/cmd/ferretdb',
    ];
    await run('go', parameters, { cwd: work, timeout: 600_000 });
    return target;
  } catch (error) {
    console.warn('FerretDB cannot be built', error);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
