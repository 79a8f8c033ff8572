// A running mesh, and a folder of somebody who wants to join it as a holder: what the commands of docs/operations.md and
// docs/holder-guide.md are told of both.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brokerPlaces, brokerUrl, freePorts, placesOf } from '@anonymesh/founding';
import { parse } from 'yaml';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { openStatusPages, type StatusPages } from './status-pages.js';

export const newcomer = 'land-registry';

export interface Newcomer {
  readonly mesh: TestMesh;
  readonly pages: StatusPages;
  /** A place beside the holder's folder. */
  readonly at: (path: string) => string;
  readonly variables: Readonly<Record<string, string>>;
  /** Stops the mesh and removes both folders. */
  end(): Promise<void>;
}

export async function openNewcomer(): Promise<Newcomer> {
  const [ports, pages] = await Promise.all([freePorts(['node']), openStatusPages()]);
  const mesh = await startTestMesh({ prepare: pages.prepare });
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-newcomer-'));
  const at = (path: string) => join(folder, path);
  const coordinator = placesOf(mesh.dir, 'coordinator');
  const { trust } = parse(await readFile(coordinator.config, 'utf8')) as { trust: { operator: string } };
  const { operators, home } = brokerPlaces(mesh.dir);
  return {
    mesh,
    pages,
    at,
    variables: {
      HOLDER: at(newcomer),
      BROKER_URL: brokerUrl(mesh.ports),
      OPERATOR: trust.operator,
      PORT: String(ports.get('node')),
      REQUEST: at(`${newcomer}/join-request.jws`),
      DIRECTORY: coordinator.directory,
      OPERATOR_KEY: coordinator.key('operator'),
      BROKER: operators,
      CA: home,
      ANSWER: at('answer'),
    },
    end: async () => {
      await mesh.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** In what `mesh party init` says. */
export function fingerprintIn(said: string): string {
  const [, fingerprint] = /fingerprint:\n {2}(\S{43})$/m.exec(said) ?? [];
  if (fingerprint === undefined) throw new Error(`no fingerprint in ${said}`);
  return fingerprint;
}
