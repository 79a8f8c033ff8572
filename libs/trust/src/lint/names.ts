// One party under two names: by its name people know who asks, and lint and holders know which holders are of the
// organisation that asks.
import type { Agreement } from '@anonymesh/protocol';
import { pairs, type Drafted, type Finding } from './drafted.js';
import { spelled } from './organisation.js';

type Party = Agreement['parties'][number];

/**
 * A party is known by id or identity. Of an agreement the names of all its versions count: who is renamed changes one
 * agreement after the other.
 */
export function oneName(drafts: readonly Drafted[], current: readonly Drafted[]): Finding[] {
  const versions = Map.groupBy(drafts, ({ content }) => content.id);
  const partiesOf = ({ content }: Drafted) => (versions.get(content.id) ?? []).flatMap((each) => each.content.parties);
  return pairs(current).flatMap(([one, other]) => {
    const [there, here] = [partiesOf(one), partiesOf(other)];
    return other.content.parties.flatMap((party, index): Finding[] => {
      const [before, now] = [namesOf(party, there), namesOf(party, here)];
      if (before.length === 0 || before.some((name) => now.some((each) => spelled(each) === spelled(name)))) return [];
      const message = `${party.id} is ${before.at(-1)} in ${one.file}: give a party one name in all agreements`;
      return [{ severity: 'fault', rule: 'names', flaw: other.flawAt(['parties', index, 'name'], message) }];
    });
  });
}

function namesOf({ id, identity }: Party, parties: readonly Party[]): string[] {
  return parties.filter((each) => each.id === id || each.identity === identity).map(({ name }) => name);
}
