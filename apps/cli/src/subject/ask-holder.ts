// Asks a holder's node about a person, as an administrator there. What is typed goes to that node alone: encrypted, or
// not off this machine.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { nodeUrl } from '../calling/node-url.js';
import { named, No } from '../telling/no.js';

export interface AtHolder {
  readonly node: string;
  readonly token: string;
  readonly as: string;
}

const held = z.object({
  disclosures: z.int(),
  remembered: z.int(),
  counted: z.int(),
  reasons: z.int(),
  openable: z.int(),
  open: z.int(),
});
export type Held = z.infer<typeof held>;

const problem = z.object({ title: z.string() });

export async function askHolder(doing: 'find' | 'erase', at: AtHolder, value: string): Promise<Held> {
  const url = nodeUrl(at.node, `/api/v1/subjects/${doing}`);
  const token = named(() => readFileSync(at.token, 'utf8').trim());
  const answer = await fetch(url, {
    method: 'POST',
    // A redirect would take the person elsewhere.
    redirect: 'error',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ format: at.as, value }),
  }).catch((cause: unknown) => {
    throw new No('usage', `${url.origin}: does not answer`, { cause });
  });
  const said: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new No('refused', problem.safeParse(said).data?.title ?? `the node said ${answer.status}`);
  const read = held.safeParse(said);
  if (!read.success) throw new No('refused', `${url.origin}: no holder’s node of this version`);
  return read.data;
}
