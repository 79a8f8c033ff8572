// Whether the agreement was in force when the query was asked: by what each of its parties said of it, at that time or
// later. Nobody says that it is in force of what was withdrawn or replaced before.
import { clockTolerance, type PartyId } from '@anonymesh/protocol';
import { longestStatus, verifyStatus, type Directory, type Status } from '@anonymesh/trust';
import type { Papers } from './papers.js';
import type { Receipt } from './receipt.js';
import { open, proven, wrong, type Statement } from './statement.js';

export function readForce(
  { statuses }: Receipt,
  { signed, asked }: Papers,
  directory: Directory,
  say: (statement: Statement) => void,
): void {
  const { issuedAt } = asked.manifest;
  const said = statuses.flatMap((jws) => verifyStatus(jws, signed, directory) ?? []);
  const silent: PartyId[] = [];
  const withdrawals: Statement[] = [];
  for (const { id } of signed.content.parties) {
    const own = said.filter(({ party }) => party === id);
    const withdrawn = own.find(({ state }) => state === 'withdrawn');
    if (withdrawn !== undefined) withdrawals.push(judgeWithdrawal(id, withdrawn, issuedAt));
    else if (!own.some(({ until }) => until > issuedAt)) silent.push(id);
  }
  for (const each of withdrawals) say(each);
  if (silent.length > 0)
    return say(open('agreement', `that it was in force then, the receipt does not have from ${silent.join(', ')}`));
  if (withdrawals.some(({ is }) => is !== 'proven')) return;
  const parties = withdrawals.length === 0 ? 'all of its parties' : 'all others of its parties';
  say(proven('agreement', `that it was in force then, ${parties} have said`));
}

function judgeWithdrawal(party: PartyId, { from }: Status, issuedAt: number): Statement {
  const withdrew = `${party} withdrew at ${new Date(from).toISOString()}`;
  if (from > issuedAt) return proven('agreement', `${withdrew}, after the query was asked`, party);
  // Whoever had not heard of it yet went by what had been said before, which is good for a day.
  if (issuedAt - from < longestStatus + clockTolerance)
    return open(
      'agreement',
      `${withdrew}, before the query was asked: the requester may not have heard of it yet`,
      party,
    );
  return wrong('agreement', `${withdrew}, long before the query was asked`, party);
}
