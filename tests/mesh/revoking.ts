// For tests: the directory once parties have said that their signing keys were revoked.
import type { DirectoryEntry, PartyId, SigningKey } from '@anonymesh/protocol';
import { publicBytes, readDirectory, signEntry, type Directory } from '@anonymesh/trust';
import type { Parties } from './make-parties.js';

/** `fresh`: what the first of them signs with from `revokedAt` on, milliseconds since 1970. */
export async function revoking(
  { directoryFile, operator, ...parties }: Parties,
  ids: readonly PartyId[],
  revokedAt: number,
  fresh: SigningKey,
): Promise<Directory> {
  const next = {
    kid: fresh.kid,
    key: publicBytes(fresh).toString('base64url'),
    from: revokedAt,
    until: revokedAt * 2,
  };
  const entries = await Promise.all(
    directoryFile.entries.map(async (jws) => {
      const entry = JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as DirectoryEntry;
      if (!ids.includes(entry.id)) return jws;
      const signing = [...(ids[0] === entry.id ? [next] : []), ...entry.signing.map((key) => ({ ...key, revokedAt }))];
      return signEntry({ ...entry, serial: 2, signing }, parties.party(entry.id).identity);
    }),
  );
  const read = readDirectory({ ...directoryFile, entries }, operator.text);
  if (read === undefined) throw new Error('the directory cannot be read');
  return read.directory;
}
