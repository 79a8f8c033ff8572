// The broker's status pages, on which one sees who is connected, by which connection: one that was lost and made anew has
// another number.
import { readFile, writeFile } from 'node:fs/promises';
import { brokerPlaces, freePorts, type FoundedMesh } from '@anonymesh/founding';
import { parse, stringify } from 'yaml';

export interface StatusPages {
  readonly port: number;
  /** Before the broker is started. */
  readonly prepare: (mesh: FoundedMesh) => Promise<void>;
  /** The numbers of connections, by the name that each gives itself. */
  readonly connected: () => Promise<ReadonlyMap<string, number>>;
  /** Of the mesh's parties alone. */
  readonly partiesOf: (mesh: FoundedMesh) => Promise<Readonly<Record<string, number | undefined>>>;
}

export async function openStatusPages(): Promise<StatusPages> {
  const port = (await freePorts(['monitoring'])).get('monitoring') ?? 0;
  const connected = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/connz`);
    const { connections } = (await response.json()) as { connections: { cid: number; name: string }[] };
    return new Map(connections.map(({ cid, name }) => [name, cid]));
  };
  return {
    port,
    prepare: async ({ dir }) => {
      const { config, operators } = brokerPlaces(dir);
      const text = JSON.parse(await readFile(config, 'utf8')) as object;
      await writeFile(config, JSON.stringify({ ...text, http: `127.0.0.1:${port}` }));
      await writeFile(operators, stringify({ ...parse(await readFile(operators, 'utf8')), monitoringPort: port }));
    },
    connected,
    partiesOf: async ({ parties }) => {
      const found = await connected();
      return Object.fromEntries(parties.map(({ id }) => [id, found.get(id)]));
    },
  };
}
