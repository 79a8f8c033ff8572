// The people to ask about when trying the mesh, each with what every holder has on record and what must come out.
// Their records are fixed dates chosen so that the outcome stays the same on any day from 2025 to the end of 2035.

import type { Residence } from './council.js';
import type { Inquiry } from './dwp.js';
import type { Spell } from './hmrc.js';

export type RightToRemainHolder = 'hmrc' | 'dwp' | 'council';

export interface Sample {
  /** What is special about the person, in a few words. */
  story: string;
  givenNames: string;
  /** What a caseworker enters: the agreement's fields. */
  fields: { niNumber: string; surname: string; birthDate: string; postcode: string };
  /** The holders that must have a concern; the outcome is `concern` if there are any. */
  concerns: readonly RightToRemainHolder[];
  outcome: 'clear' | 'concern';
  /** What each holder has on record; a holder that is absent does not know the person. */
  records: { hmrc?: readonly Spell[]; dwp?: readonly Inquiry[]; council?: readonly Omit<Residence, 'postcode'>[] };
}

const working: readonly Spell[] = [{ kind: 'pay', began: '2012-09-03', ended: null }];
const workedLongAgo: readonly Spell[] = [{ kind: 'pay', began: '2013-02-11', ended: '2017-06-30' }];
const atHome = [{ address: '14 Mill Lane', movedIn: '2011-05-20', movedOut: null }];
const movedAway = [{ address: '3 Chapel Street', movedIn: '2010-01-15', movedOut: '2018-08-31' }];
const open: readonly Inquiry[] = [{ kind: 'overpayment', openedOn: '2021-05-10', closedOn: null }];
const years = Array.from({ length: 19 }, (_, number) => 2018 + number);

/** From the first of a month to the first of another: touches as many counted months on whatever day one asks. */
const everyYear = (from: string, to: string, kind: Spell['kind'] = 'pay'): Spell[] =>
  years.map((year) => ({ kind, began: `${year}-${from}-01`, ended: `${year}-${to}-01` }));

/** The applicant of the story: five years of work that HMRC never recorded. */
export const applicant = sample(
  ['Amara Grace', 'Okafor', 'CE482915B', '1984-03-27', 'M14 5RQ'],
  'works for herself, but HMRC has had nothing on record since 2017',
  { hmrc: workedLongAgo, dwp: [], council: atHome },
  ['hmrc'],
);

/** Every sample person, the applicant first. */
export const samples: readonly Sample[] = [
  applicant,
  sample(
    ['Tomasz', 'Nowak', 'HK730264A', '1990-11-02', 'M8 0TD'],
    'nobody has a concern',
    { hmrc: working, dwp: [], council: atHome },
    [],
  ),
  sample(
    ['Priya', 'Raman', 'JR518340C', '1978-07-19', 'M20 2WS'],
    'an overpayment inquiry is open at DWP',
    { hmrc: working, dwp: open, council: atHome },
    ['dwp'],
  ),
  sample(
    ['Luis Miguel', 'Ferreira', 'LW206597D', '1995-01-30', 'M33 6AE'],
    'moved out of the council’s area in 2018',
    { hmrc: working, dwp: [], council: movedAway },
    ['council'],
  ),
  sample(
    ['Svetlana', 'Petrova', 'MX894713A', '1969-12-08', 'M1 7HL'],
    'a concern at every holder',
    { hmrc: workedLongAgo, dwp: open, council: movedAway },
    ['hmrc', 'dwp', 'council'],
  ),
  sample(
    ['Ngozi', 'Eze', 'PT361082B', '2001-06-14', 'M11 3BX'],
    'unknown to every holder: no inquiry either, so DWP has no concern',
    {},
    ['hmrc', 'council'],
  ),
  sample(
    ['Aoife', "O'Sullivan", 'RA947520C', '1988-04-05', 'M21 9LP'],
    'seasonal work in exactly six months of each year',
    { hmrc: everyYear('04', '09'), dwp: [], council: atHome },
    [],
  ),
  sample(
    ['Dilan', 'Yildiz', 'SB125863D', '1992-09-23', 'M4 1FN'],
    'two jobs at a time, but together in only five months of each year',
    { hmrc: [...everyYear('01', '04'), ...everyYear('02', '05', 'self-employment')], dwp: [], council: atHome },
    ['hmrc'],
  ),
  sample(
    ['Margaret Ann', 'Holroyd', 'WY608439A', '1955-02-17', 'M30 8JU'],
    'an occupational pension is not work',
    { hmrc: [{ kind: 'pension', began: '2016-03-01', ended: null }], dwp: [], council: atHome },
    ['hmrc'],
  ),
  sample(
    ['Yusuf', 'Abdirahman', 'YE573916B', '1982-10-11', 'M16 7GS'],
    'DWP’s inquiry is closed',
    { hmrc: working, dwp: [{ kind: 'fraud', openedOn: '2022-01-18', closedOn: '2024-03-14' }], council: atHome },
    [],
  ),
];

function sample(
  [givenNames, surname, niNumber, birthDate, postcode]: [string, string, string, string, string],
  story: string,
  records: Sample['records'],
  concerns: readonly RightToRemainHolder[],
): Sample {
  const outcome = concerns.length > 0 ? 'concern' : 'clear';
  return { story, givenNames, fields: { niNumber, surname, birthDate, postcode }, concerns, outcome, records };
}
