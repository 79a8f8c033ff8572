// An entry must go on from the one before it: a revocation stays, as early as it was, which every node would keep anyway;
// and a party stays what the operator let it in as. Who admits or signs such an entry learns of the mistake before it is
// out.
import type { DirectoryEntry } from '@anonymesh/protocol';
import { keysIn, revocationsIn, type VerifiedEntry } from '@anonymesh/trust';
import { No } from '../telling/no.js';

export function refuseBackwards(known: VerifiedEntry, next: DirectoryEntry, file: string): void {
  if (known.serial >= next.serial)
    throw new No('refused', `${next.id} has an entry ${known.serial} already: this one is ${next.serial}`);
  if (known.kind !== next.kind)
    throw new No('refused', `${next.id} is admitted as ${known.kind}, not as ${next.kind}: remove that party first`);
  for (const [kid, since] of revocationsIn([known])) {
    const key = keysIn(next).find((each) => each.kid === kid);
    // One that it leaves out stays revoked, and out of use.
    if (key !== undefined && (key.revokedAt === undefined || key.revokedAt > since))
      throw new No(
        'refused',
        `${file}: ${kid} is revoked since ${new Date(since).toISOString()}; this entry takes that back, which no entry can`,
      );
  }
}
