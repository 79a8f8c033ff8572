// The police's sample records: children, and the incidents in which officers met them, and the file they are kept in.

import { join } from 'node:path';
import { diceFor, type Dice } from '../right-to-remain/dice.js';
import type { Knowledge } from './cast.js';
import { fillSqlite } from '../writing/fill-sqlite.js';
import { atRiskChildren } from './folder.js';
import { membersAt } from './lists.js';
import { scattered } from './scattered.js';
import { drawFormerDay, drawRecentDay } from './seasons.js';
import type { Sizes } from './sizes.js';
import { drawName, drawTelephone } from './staff.js';
import { typed, type Typed } from './typed.js';

export interface Incident {
  occurredOn: string;
  kind: string;
  serious: boolean;
}

export interface MetChild extends Typed {
  id: number;
  officer: string;
  incidents: readonly Incident[];
}

const kinds = ['reported missing', 'domestic abuse in the home', 'shoplifting', 'found with drugs', 'alone at night'];
const seriousKinds = ['assault on the child', 'weapon in the home', 'exploited by a gang'];

export function* metChildren(sizes: Sizes): Generator<MetChild> {
  const ids = scattered(sizes.police);
  for (const [member, knowledge] of membersAt('police', sizes)) {
    const dice = diceFor(23, member.family, member.sibling === 'twin' ? 1 : 0);
    const child = typed(member, knowledge, dice);
    const officer = `PC ${dice.between(1_000, 9_999)} ${drawName(dice)}, Child Protection Unit, ${drawTelephone(dice)}`;
    yield { ...child, id: ids.next().value, officer, incidents: drawIncidents(knowledge, dice) };
  }
}

function drawIncidents({ concern }: Knowledge, dice: Dice): Incident[] {
  const incident = (occurredOn: string, serious: boolean): Incident => ({
    occurredOn,
    kind: dice.pick(serious ? seriousKinds : kinds),
    serious,
  });
  const recent = (serious: boolean) => incident(drawRecentDay(dice), serious);
  const former = Array.from({ length: dice.between(0, 2) }, () => incident(drawFormerDay(dice), dice.chance(40)));
  if (concern) return dice.chance(40) ? [...former, recent(true)] : [...former, recent(false), recent(false)];
  // Below: one slight incident of late, or nothing but old ones.
  return dice.chance(60) ? [...former, recent(false)] : former;
}

/** Writes the police's database, a SQLite file, anew. */
export function writeMetChildren(file: string, children: Iterable<MetChild>): void {
  fillSqlite(file, join(atRiskChildren, 'police.sql'), (database) => {
    const addChild = database.prepare('INSERT INTO child VALUES (?, ?, ?, ?, ?, ?, ?)');
    const addIncident = database.prepare('INSERT INTO incident VALUES (?, ?, ?, ?)');
    for (const { id, nhsNumber, givenName, surname, birthDate, postcode, officer, incidents } of children) {
      addChild.run(id, nhsNumber, givenName, surname, birthDate, postcode, officer);
      for (const { occurredOn, kind, serious } of incidents) addIncident.run(id, occurredOn, kind, serious ? 1 : 0);
    }
  });
}
