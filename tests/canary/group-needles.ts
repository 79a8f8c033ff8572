// What a child looks like on its way into the group, before a holder's blind hides it: whoever had one of these in hand
// could try the children that it can think of. Each in every encoding.
import { createHash } from 'node:crypto';
import type { SetAgreement } from '@anonymesh/protocol';
import { chooseEngine, keyInputs, uniformOf } from '@anonymesh/psi';
import { needlesOfBytes, type Needle } from './find-canary.js';
import type { Child } from './plant-children.js';

/** The input of H, its hashes, the 64 uniform bytes and the point, for each key of the child in that query. */
export async function groupNeedles({ keys }: SetAgreement, queryId: string, child: Child): Promise<Needle[]> {
  const engine = await chooseEngine('noble');
  const inputs = keyInputs(keys, { ...child });
  if (inputs === 'unfit') throw new Error('a planted child has no keys');
  return inputs.flatMap((input) => {
    if (input === undefined) throw new Error('a planted child has all keys');
    const uniform = uniformOf(queryId, input);
    return [
      ...needlesOfBytes('input of H', input),
      ...['sha1', 'sha256', 'sha512'].flatMap((name) =>
        needlesOfBytes(`${name} of the input of H`, createHash(name).update(input).digest()),
      ),
      ...needlesOfBytes('uniform bytes', Buffer.from(uniform)),
      ...needlesOfBytes('point that is not blinded', Buffer.from(engine.hash(uniform))),
    ];
  });
}
