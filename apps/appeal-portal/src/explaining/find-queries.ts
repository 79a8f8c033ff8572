// Every asking under a reference: t = 0, 1, … until the coordinator has none. All must be this person's, or none is.
import { soleParty, type PartyId } from '@anonymesh/protocol';
import { lookupIdOf } from '@anonymesh/protocol-asking';
import type { Trust } from '@anonymesh/trust';
import type { FailureCode } from './failure.js';
import type { Mesh } from './mesh.js';
import { verifySlip, type Claimed, type Found, type Portal } from './verify-slip.js';

/** More askings than this are not looked for. */
const most = 64;

/** In order of asking; never empty. */
export async function findQueries(
  claimed: Omit<Claimed, 't'>,
  mesh: Mesh,
  trust: Trust,
  portal: Portal,
): Promise<readonly Found[] | FailureCode> {
  const failures = new Set<FailureCode>();
  for (const coordinator of coordinatorsOf(trust)) {
    const found = await findAt(coordinator, claimed, mesh, trust, portal);
    if (typeof found !== 'string') return found;
    failures.add(found);
  }
  // That one cannot be heard is told (fail-alike.ts): then of another person's reference too, or it would be told by that.
  if (failures.has('unavailable')) return 'unavailable';
  failures.delete('nothing-found');
  const [failure = 'nothing-found'] = failures;
  return failure;
}

async function findAt(
  coordinator: PartyId,
  claimed: Omit<Claimed, 't'>,
  mesh: Mesh,
  trust: Trust,
  portal: Portal,
): Promise<readonly Found[] | FailureCode> {
  const queries: Found[] = [];
  for (let t = 0; t < most; t += 1) {
    const reply = await mesh.slipUnder(lookupIdOf(claimed.seed, t), coordinator);
    if (reply === 'unavailable') return reply;
    if (reply === 'not-found') break;
    const found = verifySlip(reply, { ...claimed, t }, trust, portal);
    if (typeof found === 'string') return found;
    if (soleParty(found.signed.content, 'coordinator') !== coordinator) return 'manifest-differs';
    queries.push(found);
  }
  return queries.length === 0 ? 'nothing-found' : queries;
}

/** Normally one. */
function coordinatorsOf({ agreements }: Trust): PartyId[] {
  return [...new Set([...agreements.values()].map(({ content }) => soleParty(content, 'coordinator')))];
}
