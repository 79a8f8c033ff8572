// For tests: the directory once the sealing keys of parties have run out, before they published others.
import type { DirectoryEntry, PartyId } from '@anonymesh/protocol';
import { readDirectory, signEntry, type Directory } from '@anonymesh/trust';
import type { Parties } from './make-parties.js';

export async function lapsing(
  { directoryFile, operator, ...parties }: Parties,
  ids: readonly PartyId[],
): Promise<Directory> {
  const until = Date.now() - 1000;
  const entries = await Promise.all(
    directoryFile.entries.map(async (jws) => {
      const entry = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as DirectoryEntry;
      if (!ids.includes(entry.id)) return jws;
      const sealing = entry.sealing.map((key) => ({ ...key, until }));
      return signEntry({ ...entry, serial: 2, sealing }, parties.party(entry.id).identity);
    }),
  );
  const read = readDirectory({ ...directoryFile, entries }, operator.text);
  if (read === undefined) throw new Error('the directory cannot be read');
  return read.directory;
}
