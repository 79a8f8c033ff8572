import { describe, expect, it } from '@jest/globals';
import { fill } from './pipeline.js';
import { SourceFault } from './source-fault.js';

const about = (stages: Record<string, unknown>[]) => ({ kind: 'pipeline' as const, collection: 'claims', stages });

describe('filling a pipeline', () => {
  it('places values wherever the pipeline names them, and leaves the agreed pipeline as it is', () => {
    const stages = [{ $match: { ni: { $param: 'ni' }, $or: [{ a: { $gt: { $param: 'day' } } }, { b: null }] } }];
    const before = JSON.stringify(stages);
    expect(fill(about(stages), { ni: 'QQ', day: '2026-01-01' }).stages).toEqual([
      { $match: { ni: 'QQ', $or: [{ a: { $gt: '2026-01-01' } }, { b: null }] } },
    ]);
    expect(JSON.stringify(stages)).toBe(before);
  });

  it.each([
    ['a value that would be read as a field', [{ $match: { ni: { $param: 'ni' } } }], { ni: '$name' }],
    ['a parameter that is missing', [{ $match: { ni: { $param: 'other' } } }], { ni: 'QQ' }],
    ['a parameter that every object has', [{ $match: { ni: { $param: 'toString' } } }], {}],
    ['a parameter too many', [{ $match: {} }], { ni: 'QQ' }],
    ['something beside a parameter', [{ $match: { ni: { $param: 'ni', $ne: 1 } } }], { ni: 'QQ' }],
    ['a stage with two names', [{ $match: {}, $out: 'claims' }], {}],
    ['writing inside a facet', [{ $facet: { a: [{ $match: {} }, { $out: 'claims' }] } }], {}],
    ['writing inside a lookup', [{ $lookup: { from: 'a', as: 'b', pipeline: [{ $merge: 'claims' }] } }], {}],
    [
      'a lookup within a facet in another database',
      [{ $facet: { a: [{ $lookup: { from: { db: 'x', coll: 'y' } } }] } }],
      {},
    ],
    ['a lookup of nothing', [{ $lookup: null }], {}],
    ['a facet of nothing', [{ $facet: null }], {}],
    ['a system collection', [{ $unionWith: 'system.users' }], {}],
    ['code deep inside', [{ $match: { $and: [{ $or: [{ $where: 'true' }] }] } }], {}],
  ])('refuses %s', (_, stages, parameters) => {
    expect(() => fill(about(stages), parameters as unknown as Record<string, string>)).toThrow(SourceFault);
  });
});
