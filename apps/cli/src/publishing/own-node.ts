// What a party's node knows of agreements: what lies in its folder, and, where it has run, what it has learned from others.
import { dirname, resolve } from 'node:path';
import { isNativeError } from 'node:util/types';
import { partyId, type PartyId } from '@anonymesh/protocol';
import { readLedger } from '@anonymesh/standing';
import {
  namesIn,
  readAgreement,
  readYaml,
  type Directory,
  type FiledAgreement,
  type SignedAgreement,
  type Standing,
} from '@anonymesh/trust';
import { z } from 'zod';
import { readVerified, trustIn } from '../directory/read-verified.js';
import { withinStore } from '../evidence/own-log.js';
import { named, No } from '../telling/no.js';

export interface OwnNode {
  readonly party: PartyId;
  readonly directory: Directory;
  /** Where the node reads agreements. */
  readonly folder: string;
  /** The file of the node's signing key. */
  readonly signing: string;
}

const ownConfig = z.object({ party: partyId, keys: z.object({ signing: z.string().min(1) }) });

export function ownNode(config: string): OwnNode {
  const { party, keys } = named(() => readYaml(config, ownConfig));
  const { directory } = readVerified({ config });
  return { party, directory, folder: trustIn(config).agreements, signing: resolve(dirname(config), keys.signing) };
}

export interface Filed extends FiledAgreement {
  /** Of its files in the folder. */
  readonly name: string;
}

/** What lies in the folder. `failed` is told of each file that cannot be read: it must not stand in the way of others. */
export function filedAt({ folder, directory }: OwnNode, failed: (why: string) => void = () => undefined): Filed[] {
  return named(() => namesIn(folder)).flatMap((name) => {
    try {
      return [{ name, ...readAgreement(folder, name, directory) }];
    } catch (error) {
      failed(isNativeError(error) ? error.message : `${name} cannot be read`);
      return [];
    }
  });
}

export interface Known {
  readonly signed: SignedAgreement;
  readonly standing: Standing;
}

/** All documents that the node knows; of one that has not run, or whose store cannot be read, what lies in its folder. */
export async function documentsAt(config: string, node: OwnNode): Promise<SignedAgreement[]> {
  const filed = filedAt(node).map(({ signed }) => signed);
  // Whoever wants to stop an agreement must be able to, whatever has become of the store.
  return knownTo(config, node, Date.now()).then(
    (all) => all.map(({ signed }) => signed),
    () => filed,
  );
}

/**
 * All that the node knows, and how each stands. Nothing is written. `failed` as in `filedAt`.
 */
export async function knownTo(
  config: string,
  node: OwnNode,
  now: number,
  failed?: (why: string) => void,
): Promise<Known[]> {
  const filed = filedAt(node, failed);
  return withinStore(config, async ({ knex }) => {
    const found = filed.map(({ signed }) => signed);
    const read = await readLedger(knex, node.party, node.directory, found);
    if (read === undefined)
      throw new No('usage', `${config}: this node has not run yet, and knows nothing but what lies in its folder`);
    const { ledger, agreements } = read;
    const standings = await ledger.standings(knex, [...agreements.keys()], now);
    return [...agreements.values()].map((signed) => {
      return { signed, standing: standings.get(signed.hash) ?? { standing: 'unknown' } };
    });
  });
}
