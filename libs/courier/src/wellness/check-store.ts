// Whether the node’s own store answers, and when the last query was dealt with.
import { lastAboutQuery } from '@anonymesh/evidence';
import { amiss, type Check, type Found, unknown, well } from '@anonymesh/runtime';
import type { Knex } from 'knex';

export const storeSilent = amiss(
  'store-silent',
  'The node’s own store does not answer: no query is taken up.',
  'Look whether its database server runs, or whether its disk is full.',
);

export function storeCheck(knex: Knex): Check {
  return {
    name: 'store',
    look: async () => knex.raw('select 1').then(() => well('The node’s own store answers.')),
    lost: storeSilent,
  };
}

export function lastQueryCheck(knex: Knex): Check {
  return {
    name: 'last-query',
    look: async () => tellLastQuery(await lastAboutQuery(knex), Date.now()),
    lost: unknown('When the last query came cannot be read.', 'Look at the node’s own store.'),
  };
}

/** `last`: milliseconds since 1970. */
export function tellLastQuery(last: number | undefined, now: number): Found {
  if (last === undefined) return well('No query has come yet.');
  const minutes = Math.max(0, Math.floor((now - last) / 60_000));
  if (minutes < 1) return well('The last query was dealt with less than a minute ago.');
  const [count, unit] =
    minutes < 120
      ? [minutes, 'minute']
      : minutes < 2880
        ? [Math.floor(minutes / 60), 'hour']
        : [Math.floor(minutes / 1440), 'day'];
  return well(`The last query was dealt with ${count} ${unit}${count === 1 ? '' : 's'} ago.`);
}
