// A whole mesh for a spec about sets, founded with short lists of children. The tests about set queries begin here.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askedSince, type Sizes } from '@anonymesh/examples';
import { atRiskChildren, signInSocialWorker, type Example, type FoundedMesh, type SignedIn } from '@anonymesh/founding';
import type { SetAgreement } from '@anonymesh/protocol';
import { parse, stringify } from 'yaml';
import { followQueries, type FollowedQueries } from './follow-queries.js';
import { startInFolder, type TemporaryMesh } from './start-in-folder.js';

export interface ReleasedRecords {
  readonly people: number;
  readonly unreadable: number;
  readonly records: readonly {
    readonly holder: string;
    readonly holderName: string;
    readonly fields: Readonly<Record<string, string | number | boolean | null>>;
  }[];
}

export interface SetMesh extends TemporaryMesh, FollowedQueries {
  readonly socialWorker: SignedIn;
  readonly sizes: Sizes;
  /** Asks for the children that are on several lists; returns the query ID. */
  ask(agreementId?: string, since?: string): Promise<string>;
  /** What a released query released. */
  records(queryId: string): Promise<ReleasedRecords>;
}

/** Terms that can differ from the draft's without another word about parties or keys. */
export type SetTerms = Partial<Pick<SetAgreement, 'release' | 'combination' | 'limits' | 'deadlineSeconds' | 'record'>>;

export interface SetMeshOptions {
  readonly sizes?: Partial<Sizes>;
  /** Terms of `at-risk-children` that differ from the draft's. */
  readonly terms?: SetTerms;
  /** More agreements of health trust and police, by id, with terms that differ from the draft's. */
  readonly variants?: Readonly<Record<string, SetTerms>>;
  /** What is done to the founded mesh before anything of it runs. */
  readonly prepare?: (mesh: FoundedMesh) => Promise<void>;
}

export const shortLists: Sizes = { healthTrust: 200, police: 300, schools: 150, common: 20, belowThreshold: 10 };

export async function startSetMesh(options: SetMeshOptions = {}): Promise<SetMesh> {
  const { terms = {}, variants = {}, prepare } = options;
  const sizes = { ...shortLists, ...options.sizes };
  const drafts = await mkdtemp(join(tmpdir(), 'anonymesh-drafts-'));
  const example = await withTerms(atRiskChildren(sizes), { ...variants, 'at-risk-children': terms }, drafts);
  const starting = startInFolder({ examples: [example], prepare });
  const mesh = await starting.finally(() => rm(drafts, { recursive: true }));
  const socialWorker = await signInSocialWorker(mesh);
  return {
    ...mesh,
    ...followQueries(socialWorker),
    socialWorker,
    sizes,
    ask: async (agreement = 'at-risk-children', since = askedSince) => {
      const asked = await socialWorker.call('POST', '/api/v1/queries', { agreement, subject: { since } });
      return (asked as { queryId: string }).queryId;
    },
    records: async (queryId) =>
      (await socialWorker.call('GET', `/api/v1/queries/${queryId}/records`)) as ReleasedRecords,
  };
}

/** The example with its first draft once for each of these ids, and its other drafts as they are. */
async function withTerms(example: Example, all: Record<string, SetTerms>, folder: string): Promise<Example> {
  const [first = '', ...others] = example.drafts;
  const draft = parse(await readFile(first, 'utf8')) as SetAgreement;
  const drafts = Object.entries(all).map(async ([id, terms]) => {
    const file = join(folder, `${id}.yaml`);
    const releases = terms.release === 'count' ? { releases: [] } : {}; // a count releases nothing
    const holders = draft.holders.map((holder) => ({ ...holder, ...releases }));
    await writeFile(file, stringify({ ...draft, ...terms, id, holders }));
    return file;
  });
  return { ...example, drafts: [...(await Promise.all(drafts)), ...others] };
}
