import { describe, expect, it } from '@jest/globals';
import { csvOf } from './csv.js';

const record = (holderName: string, fields: Record<string, string | number | boolean | null>) => ({
  holder: 'police',
  holderName,
  fields,
});

describe('released records as a table', () => {
  it('have one column for each field that any of them has', () => {
    const table = csvOf([record('Police', { surname: 'Reid', incidents: 3 }), record('Trust', { concern: 'neglect' })]);
    expect(table.split('\r\n')).toEqual(['holder,surname,incidents,concern', 'Police,Reid,3,', 'Trust,,,neglect', '']);
  });

  it('quote what would break the table', () => {
    const table = csvOf([record('A, "B"', { note: 'two\nlines' })]);
    expect(table).toBe('holder,note\r\n"A, ""B""","two\nlines"\r\n');
  });

  it.each(['=1+1', '+44', '-1', '@cmd', '\t=1', '\r=1'])('do not let a spreadsheet run %j', (value) => {
    expect(csvOf([record('Police', { note: value })])).toContain(`'${value}`);
  });

  it('write booleans and nothing as text', () => {
    expect(csvOf([record('Police', { open: true, closed: false, seen: null })])).toBe(
      'holder,open,closed,seen\r\nPolice,true,false,\r\n',
    );
  });

  it('are a header alone where there are none', () => {
    expect(csvOf([])).toBe('holder\r\n');
  });
});
