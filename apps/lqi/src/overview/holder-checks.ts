// What a holder's node is looked at for beside what every node is: its database, what it may do there, its agreements.
import type { Knowing } from '@anonymesh/courier';
import { amiss, type Check } from '@anonymesh/runtime';
import { standingAgreements } from '../agreed/standing-agreements.js';
import { ownAgreements } from '../agreed/own-agreements.js';
import type { Holder } from '../inbound/examine.js';
import type { Source } from '../sources/source.js';
import { checkAgreements } from './check-agreements.js';
import { checkRights, rightsUnknown } from './check-rights.js';
import { checkSource } from './check-source.js';

export interface HolderParts {
  readonly holder: Holder;
  readonly source: Source;
  /** Of one that has run. */
  readonly node: Knowing | undefined;
}

export function holderChecks({ holder, source, node }: HolderParts): Check[] {
  const agreements = () => ownAgreements(holder, Date.now());
  const standing = async () =>
    node === undefined ? agreements() : standingAgreements({ node, holder }, Date.now()).catch(() => agreements());
  const { mayWrite } = source;
  return [
    { name: 'database', look: () => checkSource(source, agreements()), lost: lost.database },
    ...(mayWrite === undefined ? [] : [{ name: 'rights', look: () => checkRights(mayWrite), lost: rightsUnknown }]),
    { name: 'agreements', look: async () => checkAgreements(await standing()), lost: lost.agreements },
  ];
}

const lost = {
  database: amiss(
    'database-timeout',
    'The database did not answer in time. Queries wait, and are refused at their deadline.',
    'Look whether the database runs, and at its load.',
  ),
  agreements: amiss('agreements-unreadable', 'The agreements cannot be read.', 'Look at the node’s log.'),
};
