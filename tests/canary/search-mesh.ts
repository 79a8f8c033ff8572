// Looks for a person in everything that a mesh has written, and in what its apps answer to anybody who can reach them.
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { RunningMesh } from '@anonymesh/founding';
import { findIn, type Needle } from './find-canary.js';

export interface Searched {
  /** File and form. */
  readonly found: readonly string[];
  /** How many files were looked into. */
  readonly searched: number;
}

/** Every file of the mesh, but those below the places where the person may stand. */
export async function searchFiles(
  { dir }: RunningMesh,
  needles: readonly Needle[],
  allowed: readonly string[],
): Promise<Searched> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const foreign = files.filter((file) => !allowed.some((place) => file.startsWith(place)));
  const found = [];
  for (const file of foreign)
    for (const form of findIn(await contentOf(file), needles)) found.push(`${relative(dir, file)}: ${form}`);
  return { found, searched: foreign.length };
}

/** What is removed while the search goes on is not there any more. */
function contentOf(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
}

export async function searchAnswers(mesh: RunningMesh, needles: readonly Needle[]): Promise<string[]> {
  const found = [];
  for (const { id } of mesh.parties) {
    const served = ['/health/ready', '/health/live', '/openapi.json', '/'].map((path) => mesh.url(id) + path);
    const monitored = ['/metrics', '/health/ready'].map((path) => mesh.monitoring(id) + path);
    for (const url of [...served, ...monitored]) {
      const response = await fetch(url);
      const text = `${JSON.stringify([...response.headers])}${await response.text()}`;
      for (const form of findIn(Buffer.from(text), needles)) found.push(`${id} ${url}: ${form}`);
    }
  }
  return found;
}
