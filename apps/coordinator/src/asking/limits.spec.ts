import { describe, expect, it } from '@jest/globals';
import { agreement } from '@anonymesh/protocol';
import { makeParties } from '../../../../tests/mesh/make-parties.js';
import { limitsOf, overCode } from './limits.js';

const limit = (most: number) => ({ most, withinSeconds: 60 });
const query = { id: 'ab'.repeat(16), requester: 'immigration', kept_until: 9_000_000 };

describe('what a coordinator counts', () => {
  it('is of the requester and of the agreement, and never of a person', async () => {
    const { content } = (await makeParties()).agreement;
    const limits = { perSubject: limit(1), perRequester: limit(2), perAgreement: limit(3) };
    const { counters, at, keptUntil } = limitsOf(query, agreement.parse({ ...content, limits }), 1_000_000);
    expect(counters).toEqual([
      { name: `requester ${content.id} immigration`, most: 2, within: 60_000 },
      { name: `agreement ${content.id}`, most: 3, within: 60_000 },
    ]);
    expect([at, keptUntil]).toEqual([1_000_000, 9_000_000]);
    expect(counters.map((over) => overCode({ over }))).toEqual(['requester-limit', 'agreement-limit']);
    expect(limitsOf(query, content, 0).counters).toEqual([]);
  });
});
