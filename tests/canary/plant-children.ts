// Three distinctive children in the holders' records: one on both lists, and one on each list only.
import { appendFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { childrenFiles } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';

export interface Child {
  readonly nhsNumber: string;
  readonly givenName: string;
  readonly surname: string;
  readonly birthDate: string;
  readonly postcode: string;
}

/** By who has them. */
export const planted = {
  both: {
    nhsNumber: '9998173523',
    givenName: 'Quillabeth',
    surname: 'Wexfordshaw-Onyango',
    birthDate: '2014-02-27',
    postcode: 'ZE29 4QX',
  },
  'health-trust': {
    nhsNumber: '9994602837',
    givenName: 'Thorvaldine',
    surname: 'Brackenthwaite-Ito',
    birthDate: '2013-08-19',
    postcode: 'KW17 8YJ',
  },
  police: {
    nhsNumber: '9997359186',
    givenName: 'Maximilienne',
    surname: 'Ozturk-Featherstone',
    birthDate: '2015-11-30',
    postcode: 'TR25 3UB',
  },
} as const satisfies Record<string, Child>;

/** Puts each child onto the list of those who have it, as one with a serious concern. */
export async function plantChildren(dir: string): Promise<void> {
  const file = join(placesOf(dir, 'health-trust').data, childrenFiles['health-trust']);
  for (const child of [planted.both, planted['health-trust']])
    await appendFile(file, `${JSON.stringify(patient(child))}\n`);
  [planted.both, planted.police].forEach((child, index) => meetChild(dir, -1 - index, child));
}

/** Puts a child into the police's records, in a serious incident. */
export function meetChild(dir: string, id: number, child: Child): void {
  const { nhsNumber, givenName, surname, birthDate, postcode } = child;
  const database = new DatabaseSync(join(placesOf(dir, 'police').data, childrenFiles.police));
  database
    .prepare('insert into child values (?, ?, ?, ?, ?, ?, ?)')
    .run(id, nhsNumber, givenName, surname, birthDate, postcode, 'PC 1234, Child Protection Unit');
  database.prepare("insert into incident values (?, '2026-06-06', 'weapon in the home', 1)").run(id);
  database.close();
}

function patient(child: Child): object {
  return {
    ...child,
    concern: { category: 'Neglect', level: 4 },
    lastContact: '2026-06-06',
    namedNurse: { name: 'Nurse', telephone: '0161 496 0000' },
  };
}
