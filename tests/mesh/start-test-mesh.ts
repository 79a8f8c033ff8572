// A whole mesh for a spec: founded in a temporary folder with few records, every app a process of its own, built as it
// ships. The tests about the mesh as a whole begin here.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provision } from '@anonymesh/courier';
import type { Sample } from '@anonymesh/examples';
import type { CheckAgreement } from '@anonymesh/protocol';
import {
  brokerPlaces,
  foundMesh,
  freePortsFor,
  partiesOf,
  rightToRemain,
  signInCaseworker,
  signInSubject,
  startMesh,
  type Asked,
  type ExplanationView,
  type FoundedMesh,
  type QueryView,
  type RunningMesh,
  type SignedIn,
} from '@anonymesh/founding';
import { until } from './until.js';

export interface TestMesh extends RunningMesh {
  readonly caseworker: SignedIn;
  /** Asks about a sample person, as a caseworker. */
  ask(person: Sample): Promise<Asked>;
  view(queryId: string): Promise<QueryView>;
  /** The query once it has ended. */
  ended(queryId: string, seconds?: number): Promise<QueryView>;
  /** What the person is told at the portal, with the holders that had concerns by their ids, sorted. */
  explain(person: Sample, reference: string): Promise<ExplanationView & { readonly holders: readonly string[] }>;
  /** Stops everything and removes the folder. */
  end(): Promise<void>;
}

export interface TestMeshOptions {
  /** Terms that differ from the draft's. */
  readonly terms?: Partial<Pick<CheckAgreement, 'deadlineSeconds' | 'combination'>>;
  /** How many people each holder's records are about. */
  readonly population?: number;
  /** What is done to the founded mesh before anything of it runs. */
  readonly prepare?: (mesh: FoundedMesh) => Promise<void>;
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/anonymesh', import.meta.url));

export async function startTestMesh(options: TestMeshOptions = {}): Promise<TestMesh> {
  const { terms = {}, population = 2000, prepare } = options;
  const dir = await mkdtemp(join(tmpdir(), 'anonymesh-test-'));
  const examples = [rightToRemain(population)];
  const ports = await freePortsFor(partiesOf(examples));
  const founded = await foundMesh({ dir, cache, ports, examples, terms: { 'right-to-remain': terms } });
  await prepare?.(founded);
  const mesh = await startMesh(founded);
  await redeliverSoon(mesh);
  const caseworker = await signInCaseworker(mesh);
  const view = async (queryId: string) => (await caseworker.call('GET', `/api/v1/queries/${queryId}`)) as QueryView;
  const agreement = mesh.agreements.get('right-to-remain');
  const nameOf = (name: string) => agreement?.parties.find((party) => party.name === name)?.id ?? name;
  return {
    ...mesh,
    caseworker,
    ask: async ({ fields }) => {
      const question = { agreement: 'right-to-remain', subject: fields };
      return (await caseworker.call('POST', '/api/v1/queries', question)) as Asked;
    },
    view,
    ended: (queryId, seconds) =>
      until(
        `query ${queryId} has ended`,
        async () => {
          const seen = await view(queryId);
          return (seen.state === 'decided' || seen.state === 'refused') && seen;
        },
        seconds,
      ),
    explain: async (person, reference) => {
      const subject = await signInSubject(mesh, person);
      const told = (await subject.call('POST', '/api/v1/explanations', { reference })) as ExplanationView;
      return { ...told, holders: told.concerns.map(({ holder }) => nameOf(holder)).sort() };
    },
    end: async () => {
      await mesh.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What a killed process had fetched comes again after 30 seconds; a test need not wait so long. */
async function redeliverSoon({ dir, ports, brokerPlan }: RunningMesh): Promise<void> {
  const seed = await readFile(brokerPlaces(dir).provisioningSeed);
  await provision({ servers: `nats://127.0.0.1:${ports.get('broker')}`, seed, plan: brokerPlan, ackWaitSeconds: 3 });
}
