// What a holder's node is looked at for beside what every node is: its database, what it may do there, its agreements.
import { amiss, type Check } from '@anonymesh/runtime';
import { ownAgreements } from '../agreed/own-agreements.js';
import type { Holder } from '../inbound/examine.js';
import type { Source } from '../sources/source.js';
import { checkAgreements } from './check-agreements.js';
import { checkRights, rightsUnknown } from './check-rights.js';
import { checkSource } from './check-source.js';

export function holderChecks({ holder, source }: { readonly holder: Holder; readonly source: Source }): Check[] {
  const agreements = () => ownAgreements(holder, Date.now());
  const { mayWrite } = source;
  return [
    { name: 'database', look: () => checkSource(source, agreements()), lost: lost.database },
    ...(mayWrite === undefined ? [] : [{ name: 'rights', look: () => checkRights(mayWrite), lost: rightsUnknown }]),
    { name: 'agreements', look: async () => checkAgreements(agreements()), lost: lost.agreements },
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
