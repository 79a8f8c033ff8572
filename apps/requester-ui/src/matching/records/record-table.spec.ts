import { describe, expect, it } from '@jest/globals';
import { readSorting, tableOf } from './record-table.js';

type Records = Parameters<typeof tableOf>[1];

const record = (name: string, age?: number): Records[number] => ({
  holder: 'police',
  holderName: 'Police',
  fields: { name, ...(age === undefined ? {} : { age }) },
});
const sortedBy = (column: number, records: Records, down?: 'yes') =>
  tableOf('/here', records, readSorting({ column, down })).rows.map((row) => row[column]);

describe('a table of records', () => {
  it('is sorted as people read it: numbers as numbers, names without blanks before them or regard to case', () => {
    expect(sortedBy(1, [record('brown'), record(' Zhou'), record('Abbot'), record('  Adeyemi')])).toEqual([
      'Abbot',
      '  Adeyemi',
      'brown',
      ' Zhou',
    ]);
    expect(sortedBy(2, [record('a', 10), record('b', 9), record('c')])).toEqual(['', '9', '10']);
    expect(sortedBy(2, [record('a', 10), record('b', 9), record('c')], 'yes')).toEqual(['10', '9', '']);
  });

  it('of ten thousand records shows a hundred at a time', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => record(`n${index}`));
    const table = tableOf('/here', many, readSorting({ column: 1, page: 100 }));
    expect([table.pages, table.rows.length, table.rows.at(-1)?.[1]]).toEqual([100, 100, 'n9999']);
  });
});
