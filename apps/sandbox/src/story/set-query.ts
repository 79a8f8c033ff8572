// The story of a set query, lived through once: which children do the health trust and the police both hold as a concern?
import { setTimeout as wait } from 'node:timers/promises';
import { askedSince, expectedMatches, type Sizes } from '@anonymesh/examples';
import { signInSocialWorker, type QueryView, type RunningMesh, type SignedIn } from '@anonymesh/founding';
import type { SetAgreement } from '@anonymesh/protocol';
import type { Teller } from './teller.js';

export interface SetStory {
  /** How many children both hold. */
  readonly matches: number;
  /** Records that the requester could open. */
  readonly records: number;
}

interface ReleasedRecord {
  readonly holder: string;
  readonly fields: Readonly<Record<string, string>>;
}

const patience = 600_000;

/** Rejects where a step does not go as it must. */
export async function liveThroughSetQuery(mesh: RunningMesh, tell: Teller): Promise<SetStory> {
  const agreement = agreementOf(mesh);
  const names = new Map(agreement.parties.map(({ id, name }) => [id, name]));
  tell.chapter(`${agreement.title}: what two lists have in common`);
  tell.line(`${agreement.holders.map(({ id }) => names.get(id)).join(' and ')} each keep a list of children at risk.`);
  tell.line('Neither may show its list to the other, nor to anybody else.');

  tell.step('A social worker at Children’s Services asks for the children on both.');
  const socialWorker = await signInSocialWorker(mesh);
  const began = performance.now();
  const request = { agreement: agreement.id, subject: { since: askedSince } };
  const { queryId } = (await socialWorker.call('POST', '/api/v1/queries', request)) as { queryId: string };
  tell.line(`Query ${queryId}. Nobody is named in it.`);
  tell.line('Each list goes to the other holder and back as blinded points: nobody can read or guess them.');

  const ended = await untilEnded(queryId, socialWorker);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  tell.step(`After ${seconds} s: ${ended.people ?? 0} children are on both lists (${ended.outcome?.toUpperCase()}).`);
  const released = (await socialWorker.call('GET', `/api/v1/queries/${queryId}/records`)) as {
    readonly records: readonly ReleasedRecord[];
  };
  const [first] = released.records;
  tell.line(`${released.records.length} records were released, and opened by Children’s Services alone. One of them:`);
  if (first !== undefined) {
    tell.line(`  ${names.get(first.holder)}`);
    for (const [field, value] of Object.entries(first.fields)) tell.line(`    ${field}: ${value}`);
  }
  tell.line('The holders were told that the query has ended, and not which of their records matched.');
  tell.line('The aggregator saw tags and sealed envelopes; those that did not match nobody can open.');
  return { matches: ended.people ?? 0, records: released.records.length };
}

/** What differs from what the sample records must give; empty if nothing does. */
export function faultsOfSets(story: SetStory, sizes: Partial<Sizes>): string[] {
  const { people, released } = expectedMatches(sizes);
  const records = Object.values(released).reduce((sum, count) => sum + count, 0);
  return [
    ...(story.matches === people ? [] : [`${people} children are on both lists, not ${story.matches}`]),
    ...(story.records === records ? [] : [`${records} records must be released, not ${story.records}`]),
  ];
}

async function untilEnded(queryId: string, socialWorker: SignedIn): Promise<QueryView> {
  const deadline = Date.now() + patience;
  for (;;) {
    const view = (await socialWorker.call('GET', `/api/v1/queries/${queryId}`)) as QueryView;
    if (view.outcome !== undefined) return view;
    if (Date.now() > deadline) throw new Error('the set query has not ended');
    await wait(100);
  }
}

function agreementOf({ agreements }: RunningMesh): SetAgreement {
  const agreement = agreements.get('at-risk-children');
  if (agreement?.kind !== 'set') throw new Error('the mesh has no agreement on sets');
  return agreement;
}
