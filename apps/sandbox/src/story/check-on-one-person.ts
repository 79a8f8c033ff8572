// The story of a check on one person, lived through once: asked, answered blind, explained to the one it is about.
import { setTimeout as wait } from 'node:timers/promises';
import {
  signInCaseworker,
  signInSubject,
  type Asked,
  type ExplanationView,
  type QueryView,
  type RunningMesh,
} from '@anonymesh/founding';
import type { Sample } from '@anonymesh/examples';
import type { CheckAgreement } from '@anonymesh/protocol';
import type { Teller } from './teller.js';

export interface CheckStory {
  readonly queryId: string;
  readonly subject: { readonly niNumber: string };
  readonly outcome: string;
  readonly explanation: { readonly concerns: readonly string[] };
}

/** Rejects where a step does not go as it must. */
export async function liveThroughCheck(mesh: RunningMesh, subject: Sample, tell: Teller): Promise<CheckStory> {
  const agreement = agreementOf(mesh);
  tell.chapter(`${agreement.title}: a check on one person`);
  tell.line(`${subject.givenNames} ${subject.fields.surname} has applied: ${subject.story}.`);
  tell.line(`The agreement "${agreement.title}" is signed by all ${agreement.parties.length} of its parties.`);

  tell.step('A caseworker at the Immigration Office asks.');
  const caseworker = await signInCaseworker(mesh);
  const began = performance.now();
  const request = { agreement: agreement.id, subject: subject.fields };
  const asked = (await caseworker.call('POST', '/api/v1/queries', request)) as Asked;
  tell.line(
    `Query ${asked.queryId}. Each of ${agreement.holders.length} holders was sent only what the agreement lets it receive:`,
  );
  for (const { id, receives } of agreement.holders)
    tell.line(`  ${nameOf(mesh, id)}: ${receives.map((field) => agreement.fields[field]?.label).join(', ')}`);

  const decided = await untilDecided(asked.queryId, caseworker);
  const milliseconds = Math.round(performance.now() - began);
  tell.step(`After ${milliseconds} ms the caseworker sees one word: ${decided.outcome?.toUpperCase()}`);
  tell.line(`${decided.answered} of ${decided.holders} holders answered. Who said what, the caseworker cannot learn.`);
  tell.line('The aggregator added up masked numbers: it knows neither the person nor any one answer.');
  tell.line('Coordinator and broker carried sealed bytes.');

  tell.step(`The applicant is given a reference, ${asked.reference}, and signs in to the appeal portal with it.`);
  const applicant = await signInSubject(mesh, subject);
  const explanation = (await applicant.call('POST', '/api/v1/explanations', {
    reference: asked.reference,
  })) as ExplanationView;
  for (const { holder, reason, contact } of explanation.concerns) {
    tell.line(`${holder} had a concern: ${reason}`);
    tell.line(`  Contact: ${contact}`);
  }
  const whole = decided.answered === decided.holders;
  if (explanation.concerns.length === 0)
    tell.line(whole ? 'No holder had a concern.' : 'No holder that answered had a concern.');
  tell.line('Nobody but the applicant can open this: it needs the portal’s key and the reference together.');
  return {
    queryId: asked.queryId,
    subject: { niNumber: subject.fields.niNumber },
    outcome: decided.outcome ?? decided.state,
    explanation: { concerns: explanation.concerns.map(({ holder }) => idOf(mesh, holder)) },
  };
}

/** What differs from what the sample person must get, in words; empty if nothing does. */
export function faultsOf(story: CheckStory, { outcome, concerns }: Sample): string[] {
  const told = [...story.explanation.concerns].sort().join(', ');
  const expected = [...concerns].sort().join(', ');
  return [
    ...(story.outcome === outcome ? [] : [`the outcome must be ${outcome}, not ${story.outcome}`]),
    ...(told === expected ? [] : [`concerns must be at "${expected}", not at "${told}"`]),
  ];
}

async function untilDecided(
  queryId: string,
  caseworker: Awaited<ReturnType<typeof signInCaseworker>>,
): Promise<QueryView> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const view = (await caseworker.call('GET', `/api/v1/queries/${queryId}`)) as QueryView;
    if (view.outcome !== undefined) return view;
    if (Date.now() > deadline) throw new Error('the query was not decided');
    await wait(25);
  }
}

function nameOf(mesh: RunningMesh, id: string): string {
  return agreementOf(mesh).parties.find((party) => party.id === id)?.name ?? id;
}

function agreementOf({ agreements }: RunningMesh): CheckAgreement {
  const agreement = agreements.get('right-to-remain');
  if (agreement?.kind !== 'check') throw new Error('the mesh has no agreement on a check');
  return agreement;
}

function idOf(mesh: RunningMesh, name: string): string {
  return agreementOf(mesh).parties.find((party) => party.name === name)?.id ?? name;
}
