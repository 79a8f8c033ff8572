// What is seen of an attack: the victim counts a refusal by its code, and logs it without content; and honest people
// are answered as before.
import { expect } from '@jest/globals';
import { applicant, samples } from '@anonymesh/examples';
import type { RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import { logOf, refusedBy, rowsOf } from '../mesh/read-mesh.js';
import type { TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';

/** Runs the attack, and waits until the victim has refused it with that code. */
export async function expectRefused(
  mesh: RunningMesh,
  victim: PartyId,
  code: string,
  attack: () => Promise<unknown>,
  times = 1,
): Promise<void> {
  const before = await refusedBy(mesh, victim, code);
  await attack();
  const wanted = `${victim} has refused it as ${code}`;
  await until(wanted, async () => (await refusedBy(mesh, victim, code)) >= before + times);
  expect(await refusedBy(mesh, victim, code)).toBe(before + times);
}

const loggedFields = ['level', 'time', 'app', 'party', 'event', 'code', 'bytes', 'message', 'from', 'query'];

/** Every refusal in the victim's log has a code and ids, and nothing that was in a message. */
export async function expectLoggedWithoutContent(mesh: RunningMesh, victim: PartyId): Promise<void> {
  const lines = (await logOf(mesh, victim)).filter(({ event }) => String(event).endsWith('.refused'));
  expect(lines).not.toEqual([]);
  for (const line of lines) expect(loggedFields).toEqual(expect.arrayContaining(Object.keys(line)));
}

/** Somebody with a concern and somebody without are asked about, and told, as if nothing had been. */
export async function expectHonestAnswers(mesh: TestMesh): Promise<void> {
  for (const person of [applicant, ...samples.slice(1, 2)]) {
    const { queryId, reference } = await mesh.ask(person);
    expect(await mesh.ended(queryId)).toMatchObject({ outcome: person.outcome, answered: 3 });
    expect(await mesh.explain(person, reference)).toMatchObject({ holders: person.concerns });
  }
}

/** What the aggregator has concluded, once it has; the requester's app knows nothing of a query that an attacker asked. */
export function concluded(
  mesh: TestMesh,
  queryId: string,
): Promise<{ outcome: string; code: string; answered: number }> {
  return until(`${queryId} is decided`, () => {
    const [row] = rowsOf(mesh.dir, 'aggregator', 'select outcome from queries where id = ?', queryId);
    const jws = row?.['outcome'];
    if (typeof jws !== 'string') return undefined;
    const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString();
    return (JSON.parse(payload) as { body: { outcome: string; code: string; answered: number } }).body;
  });
}
