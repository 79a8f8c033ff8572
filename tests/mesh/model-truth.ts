// What really happened in a model mesh, beside its nodes: by it what they conclude and do is judged.
import type { Agreement, PartyId } from '@anonymesh/protocol';

export const hour = 3_600_000;
const day = 24 * hour;

/** Keys are `hash party`; `ended` is by party and hash what its node has once concluded to be over. */
export interface Truth {
  readonly signed: Set<string>;
  /** When a party's node last said that it is in force. */
  readonly said: Map<string, number>;
  readonly withdrew: Map<string, number>;
  readonly ended: Set<string>;
  /** Why the node of that party must not run that agreement now. */
  faultsOf(id: PartyId, hash: string): string[];
}

export function openTruth(ids: readonly PartyId[], documents: ReadonlyMap<string, Agreement>): Truth {
  const [signed, ended] = [new Set<string>(), new Set<string>()];
  const [said, withdrew] = [new Map<string, number>(), new Map<string, number>()];
  const faultsOf: Truth['faultsOf'] = (id, hash) => {
    const now = Date.now();
    const today = new Date(now).toISOString().slice(0, 10);
    const validity = documents.get(hash)?.validity;
    if (validity === undefined) return ['it was never drafted'];
    const found: string[] = [];
    if (ended.has(`${id} ${hash}`)) found.push('it was over here');
    if (today < validity.from || today > validity.until) found.push('out of its validity');
    for (const party of ids) {
      const at = said.get(`${hash} ${party}`);
      if (!signed.has(`${hash} ${party}`)) found.push(`${party} has not signed`);
      if (at === undefined || now >= at + day) found.push(`${party} is silent`);
      if (party === id && withdrew.has(`${hash} ${party}`)) found.push(`${party} withdrew`);
    }
    return found;
  };
  return { signed, said, withdrew, ended, faultsOf };
}
