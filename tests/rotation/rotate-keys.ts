// Rotates keys of a running mesh by the administrators' own commands, and puts the new directory where each party reads it.
import { copyFile, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placesOf, type RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import { readDirectory, readKeyFile, type Directory } from '@anonymesh/trust';
import { parse } from 'yaml';
import { runMesh } from '../operations/run-mesh.js';

/** Makes and admits an entry for each of these parties. Nobody has the new directory by that. */
export async function rotateKeys(mesh: RunningMesh, parties: readonly PartyId[], ...args: string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-entries-'));
  try {
    const made = parties.map((party) => {
      const { config, key } = placesOf(mesh.dir, party);
      const entry = ['--identity', key('identity'), '--out', join(folder, party)];
      return expectDone('keys', 'rotate', '--config', config, ...entry, ...args);
    });
    await Promise.all(made);
    for (const party of parties) await admit(mesh, party, join(folder, party));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The operator's part: at its own copy of the directory. */
async function admit(mesh: RunningMesh, party: PartyId, entry: string): Promise<void> {
  const operator = ['--operator-key', placesOf(mesh.dir, 'coordinator').key('operator')];
  const { kid } = readKeyFile(placesOf(mesh.dir, party).key('identity'), 'Ed25519');
  await expectDone('directory', 'add', operatorsFile(mesh), entry, ...operator, '--fingerprint', kid);
}

/** Puts the operator's directory in the place of each party's, as a whole. */
export async function distribute(mesh: RunningMesh, from = operatorsFile(mesh)): Promise<void> {
  for (const { id } of mesh.parties) {
    const { directory } = placesOf(mesh.dir, id);
    if (from === directory) continue;
    await copyFile(from, `${directory}.copy`);
    await rename(`${directory}.copy`, directory);
  }
}

/** The directory as it stands in a party's file. */
export async function directoryOn(mesh: RunningMesh, party: PartyId = 'coordinator'): Promise<Directory> {
  const { config, directory } = placesOf(mesh.dir, party);
  const { trust } = parse(await readFile(config, 'utf8')) as { trust: { operator: string } };
  const read = readDirectory(JSON.parse(await readFile(directory, 'utf8')), trust.operator);
  if (read === undefined) throw new Error('the operator did not sign it');
  return read.directory;
}

export function operatorsFile({ dir }: RunningMesh): string {
  return placesOf(dir, 'coordinator').directory;
}

async function expectDone(...args: readonly string[]): Promise<void> {
  const { code, out, error } = await runMesh(...args);
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')}: ${out}${error}`);
}
