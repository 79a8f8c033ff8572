// What people of parties do with agreements in a running mesh: with `mesh`, as it was built, and the files that each of
// them has. And what a party's node knows then, read in its store.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placesOf, type FoundedMesh, type RunningMesh } from '@anonymesh/founding';
import { agreementHashOf, type Agreement, type PartyId } from '@anonymesh/protocol';
import { readKeyFile, signAgreement } from '@anonymesh/trust';
import { parse, stringify } from 'yaml';
import { runNode } from '../boundary/run-node.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { until } from '../mesh/until.js';

/** `mesh agreement …` at a party, with the config of its node. */
export function runAgreement({ dir }: FoundedMesh, party: PartyId, command: string, ...args: readonly string[]) {
  const { config } = placesOf(dir, party);
  return runNode({ args: ['apps/cli/bin/mesh.mjs', 'agreement', command, ...args, '--config', config] });
}

/** Rejects with what it printed, where it does not do it. */
export async function doAgreement(mesh: FoundedMesh, party: PartyId, command: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runAgreement(mesh, party, command, ...args);
  if (code !== 0) throw new Error(`mesh agreement ${command} at ${party}: ${stderr}${stdout}`);
  return stdout;
}

/** How an agreement's versions stand at a party, in words, by version. */
export async function standingsAt(mesh: FoundedMesh, party: PartyId, id: string): Promise<Record<number, string>> {
  const { agreements } = JSON.parse(await doAgreement(mesh, party, 'list', '--json')) as {
    agreements: { id: string; version: number; inWords: string }[];
  };
  return Object.fromEntries(
    agreements.filter((each) => each.id === id).map(({ version, inWords }) => [version, inWords]),
  );
}

/** All parties sign it; one of them publishes it. Returns its hash. */
export async function publishSigned(mesh: FoundedMesh, party: PartyId, content: Agreement): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-signing-'));
  try {
    await doAgreement(mesh, party, 'publish', await signByAllInto(mesh, folder, content));
  } finally {
    await rm(folder, { recursive: true });
  }
  return agreementHashOf(content);
}

/** Writes it into a folder, signed by all parties. Returns the document's file. */
export async function signByAllInto({ dir }: FoundedMesh, folder: string, content: Agreement): Promise<string> {
  const signed = await Promise.all(
    content.parties.map(async ({ id }) => {
      return [id, await signAgreement(content, id, readKeyFile(placesOf(dir, id).key('identity'), 'Ed25519'))];
    }),
  );
  const file = (ending: string) => join(folder, `${agreementHashOf(content).slice(0, 8)}.${ending}`);
  await writeFile(file('signatures.json'), JSON.stringify(Object.fromEntries(signed)));
  await writeFile(file('yaml'), stringify(content));
  return file('yaml');
}

/** Waits until every node of the mesh has a word in that state of every party to the agreement, or of any a withdrawal. */
export async function untilAllKnow(mesh: RunningMesh, hash: string, state: 'in-force' | 'withdrawn') {
  for (const { id } of mesh.parties)
    await until(`${id} knows that ${hash} is ${state}`, () => knows(mesh, id, hash, state), 60);
}

function knows({ dir, parties }: RunningMesh, id: PartyId, hash: string, state: string): boolean {
  const rows = rowsOf(dir, id, 'select party, state from agreement_statuses where agreement = ?', hash);
  const said = rows.filter((row) => row['state'] === state).length;
  return state === 'withdrawn' ? said > 0 : said === parties.length;
}

/** Lets statuses run out within seconds, before anything runs. Milliseconds. */
export function shortStatuses(statuses: { readonly renewEvery: number; readonly goodFor: number }) {
  return async ({ dir, parties }: FoundedMesh): Promise<void> => {
    for (const { id } of parties) {
      const { config } = placesOf(dir, id);
      const written = parse(await readFile(config, 'utf8')) as object;
      await writeFile(config, stringify({ ...written, statuses }));
    }
  };
}
