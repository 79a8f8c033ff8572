// A whole mesh for a spec about one person, founded with few records. The tests about checks begin here.
import { readFile } from 'node:fs/promises';
import type { Sample } from '@anonymesh/examples';
import type { CheckAgreement, HolderTerms, PartyId } from '@anonymesh/protocol';
import {
  rightToRemain,
  signInCaseworker,
  signInSubject,
  type Asked,
  type Example,
  type ExplanationView,
  type FoundedMesh,
  type SignedIn,
} from '@anonymesh/founding';
import { parse } from 'yaml';
import { followQueries, type FollowedQueries } from './follow-queries.js';
import { startInFolder, type TemporaryMesh } from './start-in-folder.js';

export interface TestMesh extends TemporaryMesh, FollowedQueries {
  readonly caseworker: SignedIn;
  /** Asks about a sample person, as a caseworker. */
  ask(person: Sample): Promise<Asked>;
  /** What the person is told at the portal, with the holders that had concerns by their ids, sorted. */
  explain(person: Sample, reference: string): Promise<ExplanationView & { readonly holders: readonly string[] }>;
}

export interface TestMeshOptions {
  /** Terms that differ from the draft's. */
  readonly terms?: Partial<Pick<CheckAgreement, 'deadlineSeconds' | 'combination' | 'tellsSubject' | 'limits'>>;
  /** Holders whose people approve each query. */
  readonly approval?: Readonly<Record<PartyId, HolderTerms['approval']>>;
  /** How many people each holder's records are about. */
  readonly population?: number;
  /** What is done to the founded mesh before anything of it runs. */
  readonly prepare?: (mesh: FoundedMesh) => Promise<void>;
  /** The program of each app, where it is not the one that was built in this workspace. */
  readonly mainOf?: (app: string) => string;
}

export async function startTestMesh(options: TestMeshOptions = {}): Promise<TestMesh> {
  const { terms = {}, approval = {}, population = 2000, prepare, mainOf } = options;
  const example = rightToRemain(population);
  const changed = { ...terms, holders: await holdersOf(example, approval) };
  const mesh = await startInFolder({
    examples: [example],
    terms: { 'right-to-remain': changed },
    prepare,
    mainOf,
  });
  const caseworker = await signInCaseworker(mesh);
  const agreement = mesh.agreements.get('right-to-remain');
  const nameOf = (name: string) => agreement?.parties.find((party) => party.name === name)?.id ?? name;
  return {
    ...mesh,
    ...followQueries(caseworker),
    caseworker,
    ask: async ({ fields }) => {
      const question = { agreement: 'right-to-remain', subject: fields };
      return (await caseworker.call('POST', '/api/v1/queries', question)) as Asked;
    },
    explain: async (person, reference) => {
      const subject = await signInSubject(mesh, person);
      const told = (await subject.call('POST', '/api/v1/explanations', { reference })) as ExplanationView;
      return { ...told, holders: told.concerns.map(({ holder }) => nameOf(holder)).sort() };
    },
  };
}

async function holdersOf({ drafts: [draft = ''] }: Example, approval: NonNullable<TestMeshOptions['approval']>) {
  const { holders } = parse(await readFile(draft, 'utf8')) as CheckAgreement;
  return holders.map((holder) => ({ ...holder, approval: approval[holder.id] ?? holder.approval }));
}
