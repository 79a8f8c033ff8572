// A MongoDB for tests: the one that MONGODB_URL names, or else FerretDB, which speaks its protocol, built once with Go
// from the module proxy into the cache.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { freePort } from './free-port.js';
import { launch, run, temporaryFolder, type PrivateServer } from './private-server.js';

export interface PrivateMongo extends Pick<PrivateServer, 'stop'> {
  readonly url: string;
  readonly product: 'mongodb' | 'ferretdb';
}

/** As in ferretdb/go.mod. */
const version = 'v1.24.2';
/** Without the other backend and what debuggers read, which take time to compile. */
const lean = ['-tags=ferretdb_no_postgresql', '-gcflags=all=-dwarf=false', '-ldflags=-s -w'];
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
    parameters: [`127.0.0.1:${port}`, folder],
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
    await cp(join(import.meta.dirname, 'ferretdb'), work, { recursive: true });
    await mkdir(cache, { recursive: true });
    // Built beside its place and moved there, so that two tests that start together cannot run half of it.
    const built = `${target}.${process.pid}`;
    await run('go', ['build', ...lean, '-mod=mod', '-buildvcs=false', '-o', built, '.'], {
      cwd: work,
      timeout: 900_000,
    });
    await rename(built, target);
    return target;
  } catch (error) {
    console.warn('FerretDB cannot be built', error);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
