// Is everything well, how much was asked and how long it took, what waits for a person: all that the holder's staff sees
// first. It holds nothing about anybody, and works while the database or the store is down.
import type { StoreNode } from '@anonymesh/courier';
import { ownAgreements } from '../agreed/own-agreements.js';
import type { Holder } from '../inbound/examine.js';
import type { Source } from '../sources/source.js';
import { answerTimes } from '../store/answer-times.js';
import { waitingCounts } from '../store/waiting-counts.js';
import { checkAgreements } from './check-agreements.js';
import { checkClock } from './check-clock.js';
import { checkDisk } from './check-disk.js';
import { checkSource } from './check-source.js';
import { withinSeconds } from '../console/within-seconds.js';
import { lookAt, well, type Check, type Checked, type Found } from './check.js';

export interface OverviewParts {
  readonly node: StoreNode;
  readonly holder: Holder;
  readonly source: Source;
  /** The address of the identity provider. */
  readonly issuer: string | undefined;
  /** To which this node writes. */
  readonly folders: readonly string[];
}

/** Days that are counted. */
const days = 14;
/** Upper limits of the times that are counted, in milliseconds. */
export const timeLimits = [500, 1000, 2000, 5000, 30_000, 300_000] as const;

export interface Overview {
  readonly at: number;
  readonly checks: readonly Checked[];
  /** Undefined where our own store does not answer. */
  readonly counts: Counts | undefined;
}

export interface Counts {
  readonly waiting: Awaited<ReturnType<typeof waitingCounts>>;
  readonly perDay: readonly { readonly day: string; readonly queries: number }[];
  /** `upTo`: milliseconds; undefined for what took longer than all limits. */
  readonly byTime: readonly { readonly upTo: number | undefined; readonly queries: number }[];
}

/** Looks anew each time; who asks while it is being looked shares what is found. */
export function openOverview(parts: OverviewParts): () => Promise<Overview> {
  let looking: Promise<Overview> | undefined;
  return () => {
    looking ??= look(parts, Date.now()).finally(() => {
      looking = undefined;
    });
    return looking;
  };
}

async function look(parts: OverviewParts, now: number): Promise<Overview> {
  const { node, holder, source, issuer, folders } = parts;
  const { knex } = node.courier.store;
  const agreements = ownAgreements(holder, now);
  const checks: readonly (readonly [Check, Found])[] = [
    [{ name: 'broker', look: () => checkBroker(node) }, lost.broker],
    [{ name: 'database', look: () => checkSource(source, agreements) }, lost.database],
    [
      { name: 'store', look: async () => knex.raw('select 1').then(() => well('The node’s own store answers.')) },
      lost.store,
    ],
    [{ name: 'clock', look: () => checkClock(issuer) }, lost.clock],
    [{ name: 'agreements', look: async () => checkAgreements(agreements) }, lost.agreements],
    [{ name: 'disk', look: () => checkDisk(folders) }, lost.disk],
  ];
  const [checked, counts] = await Promise.all([
    Promise.all(checks.map(([check, failing]) => lookAt(check, failing))),
    withinSeconds(count(parts, now)).catch((error: unknown) => {
      node.log.fault('overview.not-counted', error);
      return undefined;
    }),
  ]);
  return { at: now, checks: checked, counts };
}

async function checkBroker({ courier }: StoreNode): Promise<Found> {
  const milliseconds = await courier.party.connection.rtt();
  return well(`The broker answers within ${Math.max(1, Math.ceil(milliseconds))} ms.`);
}

async function count({ node }: OverviewParts, now: number): Promise<Counts> {
  const { knex } = node.courier.store;
  const firstDay = Math.floor(now / day) - days + 1;
  const waiting = await waitingCounts(knex, now);
  const { perDay, byTime } = await answerTimes(knex, { firstDay, now, limits: timeLimits });
  return {
    waiting,
    perDay: perDay.map((queries, index) => ({ day: dayOf(firstDay + index), queries })),
    byTime: byTime.map((queries, index) => ({ upTo: timeLimits[index], queries })),
  };
}

const day = 86_400_000;

function dayOf(number: number): string {
  return new Date(number * day).toISOString().slice(0, 10);
}

const lost = {
  broker: {
    state: 'failing',
    reason: 'The broker cannot be reached: no query comes in and no answer leaves.',
    todo: 'Look at the network and at the address in the config file; ask the mesh’s operator whether the broker runs.',
  },
  database: {
    state: 'failing',
    reason: 'The database did not answer in time. Queries wait, and are refused at their deadline.',
    todo: 'Look whether the database runs, and at its load.',
  },
  store: {
    state: 'failing',
    reason: 'The node’s own store does not answer: no query is taken up.',
    todo: 'Look whether its database server runs, or whether its disk is full.',
  },
  clock: {
    state: 'unknown',
    reason: 'The identity provider did not tell its time.',
    todo: 'Look at this machine’s time service.',
  },
  agreements: { state: 'failing', reason: 'The agreements cannot be read.', todo: 'Look at the node’s log.' },
  disk: {
    state: 'failing',
    reason: 'A folder to which this node writes cannot be reached.',
    todo: 'Look at the folders of the store and of the spill in the config file.',
  },
} satisfies Record<string, Found>;
