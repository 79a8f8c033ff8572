// A directory as the last release wrote it is read now; and an entry as it is written now, as long as none of its keys is
// revoked, would be read by the last release, whose schema was recorded with it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { DirectoryEntry, DirectoryFile } from '@anonymesh/protocol';
import { readDirectory } from '@anonymesh/trust';
import { z } from 'zod';
import { root } from './run-node.js';

interface Recorded {
  readonly version: string;
  readonly operator: string;
  readonly directory: DirectoryFile;
  readonly entrySchema: Parameters<typeof z.fromJSONSchema>[0];
}

const file = join(root, 'libs/protocol/vectors/released-directory.json');
const { version, operator, directory, entrySchema } = JSON.parse(await readFile(file, 'utf8')) as Recorded;
const entries = directory.entries.map(
  (jws) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as DirectoryEntry,
);
const released = z.fromJSONSchema(entrySchema);

describe(`the directory of ${version}`, () => {
  it('is read as it was', () => {
    const read = readDirectory(directory, operator);
    expect(read?.leftOut).toEqual([]);
    expect(read?.directory.serial).toBe(7);
    for (const { fingerprint: _, ...entry } of read?.directory.parties.values() ?? [])
      expect(entries).toContainEqual(entry);
    expect(read?.directory.parties.size).toBe(entries.length);
  });

  it('would take an entry with two keys of a kind, and none with a revoked one', () => {
    for (const entry of entries) {
      const [key] = entry.signing;
      expect(released.safeParse({ ...entry, serial: 2, signing: [key, key] }).success).toBe(true);
      const signing = [{ ...key, revokedAt: key?.from }];
      expect(released.safeParse({ ...entry, signing }).success).toBe(false);
    }
  });
});
