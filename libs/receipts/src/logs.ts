// The logs' parts of a receipt: what each party's log says about the query, and that it says nothing else.
import type { PartyId } from '@anonymesh/protocol';
import { checkPart, originOf, readCheckpoint, type CheckedPart } from '@anonymesh/evidence';
import type { Directory } from '@anonymesh/trust';
import { logKeysOf } from './log-keys.js';
import type { Papers } from './papers.js';
import type { Receipt } from './receipt.js';
import { open, proven, wrong, type Statement } from './statement.js';

/** What a log says, by its party. */
export type Logs = ReadonlyMap<PartyId, CheckedPart>;

/** Checks the parts that there are: of each party to the agreement but the portal, which only explains. */
export function readLogs(
  { parts, query }: Receipt,
  { signed, asked }: Papers,
  directory: Directory,
  say: (statement: Statement) => void,
): Logs {
  const logs = new Map<PartyId, CheckedPart>();
  const byOrigin = Map.groupBy(parts, ({ checkpoint }) => readCheckpoint(checkpoint)?.origin);
  for (const { id, kind } of signed.content.parties) {
    const entry = signed.pinned(id);
    if (entry === undefined || kind === 'portal') continue;
    const origin = originOf(id, entry.fingerprint);
    const [part, ...others] = byOrigin.get(origin) ?? [];
    byOrigin.delete(origin);
    if (kind === 'requester' && id !== asked.manifest.requester && part === undefined) continue;
    if (part === undefined) say(open('log', `the log of ${id} is not in the receipt`, id));
    else if (others.length > 0) say(wrong('log', `there are two parts of the log of ${id}`, id));
    else {
      const by = logKeysOf(directory, id);
      const checked = checkPart(part, { query, askedAt: asked.manifest.issuedAt, origin, ...by });
      if ('kind' in checked) say(wrong('log', `the log of ${id} does not prove what it shows: ${checked.kind}`, id));
      else logs.set(id, checked);
    }
  }
  if (byOrigin.size > 0) say(wrong('log', 'there is a log of no party to the agreement'));
  for (const [id, { entries, until }] of logs) {
    const has = `${id} has ${entries.length} entries on this query`;
    if (until === undefined) say(open('log', `${has}; whether it has others, the receipt does not show`, id));
    else say(proven('log', `${has}, and no other up to ${new Date(until).toISOString()}`, id));
  }
  return logs;
}
