// Removes key files whose keys nobody needs any more: nothing is signed with them, and nothing that was sealed to them can
// still be open. What the directory does not name is left alone: it may not have been admitted yet.
import { renameSync, unlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { longestKept, type PublishedKey } from '@anonymesh/protocol';
import { z } from 'zod';
import { knownTo, ownNode } from '../../publishing/own-node.js';
import { runProgram } from '../../starting/run-program.js';
import { No } from '../../telling/no.js';
import type { KindOfKey } from './next-entry.js';
import { readOwnKeys, type KeyFile, type OwnKeys } from './own-keys.js';

export interface Retired {
  readonly removed: readonly { readonly kind: KindOfKey; readonly id: string }[];
  readonly kept: readonly {
    readonly kind: KindOfKey;
    readonly id: string;
    readonly file: string;
    readonly why: string;
  }[];
}

export async function retire(config: string, now: number): Promise<Retired> {
  const own = readOwnKeys(config);
  const needed = await neededByStore(own, config);
  const sealedFor = longestKept + (await retentionOf(own, config, now));
  const removed: Retired['removed'][number][] = [];
  const kept: Retired['kept'][number][] = [];
  for (const kind of ['signing', 'sealing', 'mask'] as const) {
    const judged = own.files[kind].map((each) => {
      const key = own.entry[kind].find(({ kid }) => kid === each.kid);
      const after = kind === 'signing' ? 0 : kind === 'mask' ? longestKept : sealedFor;
      return { ...each, why: needed.has(each.kid) ? notResealed : whyKept(key, after, now) };
    });
    for (const configured of new Set(judged.map((each) => each.configured))) {
      const beside = judged.filter((each) => each.configured === configured);
      const staying = beside.filter(({ why }) => why !== undefined);
      const going = beside.filter(({ why }) => why === undefined);
      if (staying.length === 0) {
        kept.push(
          ...going.map(({ kid, file }) => ({ kind, id: kid, file, why: 'the config names it: take it out there' })),
        );
        continue;
      }
      const left = removeAll(going, staying);
      removed.push(...going.map(({ kid }) => ({ kind, id: kid })));
      kept.push(...left.map(({ kid, file, why = '' }) => ({ kind, id: kid, file, why })));
    }
  }
  return { removed, kept };
}

const notResealed = 'the node’s store holds something sealed to it: start the node once';

/** Why its file stays; undefined where it may go. */
function whyKept(key: PublishedKey | undefined, after: number, now: number): string | undefined {
  if (key === undefined) return 'the directory does not name it, or not yet';
  const ended = Math.min(key.until, key.revokedAt ?? Infinity);
  if (ended > now) return 'in force';
  // Others went on sealing to a stolen key until they heard that it is, which may be long after `revokedAt`.
  const last = after === 0 ? ended : key.until + after;
  return last > now ? `may be needed until ${new Date(last).toISOString()}` : undefined;
}

/** The file that the config names is never missing: what stays moves over it, in one step. Returns where that is then. */
function removeAll<Kept extends KeyFile>(going: readonly KeyFile[], staying: readonly Kept[]): readonly Kept[] {
  const [next, ...others] = staying;
  const isMoving = next !== undefined && going.some(({ file, configured }) => file === configured);
  if (isMoving) renameSync(next.file, next.configured);
  for (const { file, configured } of going) if (file !== configured) unlinkSync(file);
  return isMoving ? [{ ...next, file: next.configured }, ...others] : staying;
}

/**
 * To requester and portal are sealed records and explanations that others keep for as long as an agreement says: also one
 * whose file has been taken away, which ends nothing. Throws where not all that the node knows can be read.
 */
async function retentionOf({ directory, party }: OwnKeys, config: string, now: number): Promise<number> {
  const kind = directory.parties.get(party)?.kind;
  if (kind !== 'requester' && kind !== 'portal') return 0;
  const unread: string[] = [];
  const known = await knownTo(config, ownNode(config), now, (why) => unread.push(why));
  if (unread.length > 0) throw new No('refused', [...unread, 'until it can be read, no key is removed']);
  return Math.max(0, ...known.map(({ signed }) => signed.content.retentionDays)) * 86_400_000;
}

const needing = z.strictObject({ keys: z.array(z.string()) });

/** Keys to which a holder's node itself has sealed what it still needs. */
async function neededByStore({ directory, party }: OwnKeys, config: string): Promise<ReadonlySet<string>> {
  if (directory.parties.get(party)?.kind !== 'holder') return new Set();
  const out = await runProgram({ app: 'lqi', entry: 'needed-keys' }, ['--config', resolve(config)]);
  return new Set(needing.parse(JSON.parse(out)).keys);
}
