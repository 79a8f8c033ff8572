// How often one account may ask: a stolen session or a script could else use up in minutes what the whole organisation may
// ask under an agreement, and fill its node. Whose account it is stands in no counter.
import { sha256Of } from '@anonymesh/protocol';
import { countUses, freeAgainAt } from '@anonymesh/store';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Query } from '../store/queries.js';

const times = z.int().min(1).max(1_000_000).describe('How often.');
const allowance = z.strictObject({
  most: times,
  withinSeconds: z.int().min(1).max(86_400).default(3600).describe('In so many seconds, which slide.'),
});

export const askingConfig = z.strictObject({
  perAccount: allowance
    // A person who types what they ask needs a minute for it.
    .default({ most: 60, withinSeconds: 3600 })
    .describe('How often one account may ask.'),
  roles: z
    .record(z.string().min(1), allowance)
    .default({})
    .describe('Roles in which one account asks more often, or less, such as that of a case system.'),
});
export type AskingLimits = z.infer<typeof askingConfig>;

/** The account asks too often. Whoever throws it keeps nothing of what was asked. */
export class AskedTooOften extends Error {
  override readonly name = 'AskedTooOften';
  /** Seconds. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('asked too often');
    this.retryAfter = retryAfter;
  }
}

/** Throws an AskedTooOften. Until its transaction is over the same account waits: call it last. */
export type CountAsking = (
  transaction: Knex,
  query: Pick<Query, 'id' | 'asker' | 'role'>,
  now: number,
) => Promise<void>;

export function limitAsking({ perAccount, roles }: AskingLimits): CountAsking {
  const longest = Math.max(...[perAccount, ...Object.values(roles)].map(({ withinSeconds }) => withinSeconds * 1000));
  return async (transaction, { id, asker, role }, now) => {
    const { most, withinSeconds } = (Object.hasOwn(roles, role) ? roles[role] : undefined) ?? perAccount;
    // In a hash, for an identity provider may write longer ids than a name of a counter is.
    const counter = { name: `asker ${sha256Of(asker)}`, most, within: withinSeconds * 1000 };
    const [counted] = await countUses(transaction, [{ id, at: now, keptUntil: now + longest, counters: [counter] }]);
    if (typeof counted !== 'object') return;
    throw new AskedTooOften(Math.ceil(((await freeAgainAt(transaction, counter)) - now) / 1000));
  };
}
