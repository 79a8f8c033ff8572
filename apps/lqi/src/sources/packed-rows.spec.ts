import { describe, expect, it } from '@jest/globals';
import { deserialize, serialize } from 'node:v8';
import { packRows, unpackRows, type PackedRows } from './packed-rows.js';
import type { Row } from './source.js';

describe('rows on their way to another process', () => {
  const sent = (rows: readonly Row[]) => unpackRows(deserialize(serialize(packRows(rows))) as PackedRows[]);

  it('arrive as they were, in their order, whatever each of them has', () => {
    const rows = [
      { name: 'Ada', born: '1815-12-10', bytes: Uint8Array.of(0, 255) },
      { name: 'Ada', born: null, bytes: Uint8Array.of() },
      { born: '1906-12-09', name: 'Grace' },
      {},
      {},
      { name: undefined, nested: { list: [1, { deep: 2n }] }, at: new Date(0) },
      { name: 'Ada', born: '1815-12-10', bytes: Uint8Array.of(1) },
    ];
    expect(sent(rows)).toStrictEqual(rows);
    expect(sent([])).toEqual([]);
  });

  it('inherit nothing from what a document holds', () => {
    const [row] = sent([JSON.parse('{"__proto__": {"nhs_number": "9434765919"}, "name": "Ada"}') as Row]);
    expect(row).toStrictEqual({ name: 'Ada' });
    expect(row?.['nhs_number']).toBeUndefined();
  });

  it('name their columns once', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ nhs_number: `${index}` }));
    const packed = packRows(rows);
    expect(packed).toMatchObject([{ names: ['nhs_number'], count: 1000 }]);
    expect(serialize(packed).length).toBeLessThan(serialize(rows).length / 2);
    expect(sent(rows)).toStrictEqual(rows);
  });
});
