import { describe, expect, it } from '@jest/globals';
import { limitsOf } from './asking-limits.js';
import { makeAgreement } from './fixtures/made-agreement.js';

const limit = (most: number) => ({ most, withinSeconds: 60 });

describe('what is counted of a query', () => {
  it('is of the requester and of the agreement, and never of a person', () => {
    const limits = { perSubject: limit(1), perRequester: limit(2), perAgreement: limit(3) };
    const content = makeAgreement({ limits });
    expect(limitsOf(content, 'immigration')).toEqual([
      { name: `requester ${content.id} immigration`, most: 2, within: 60_000, code: 'requester-limit' },
      { name: `agreement ${content.id}`, most: 3, within: 60_000, code: 'agreement-limit' },
    ]);
  });

  it('is the same under all versions of an agreement, and of another agreement something else', () => {
    const named = (change: Parameters<typeof makeAgreement>[0]) =>
      limitsOf(
        makeAgreement({ limits: { perRequester: limit(1), perAgreement: limit(1) }, ...change }),
        'immigration',
      ).map(({ name }) => name);
    expect(named({ version: 2 })).toEqual(named({ version: 1 }));
    expect(named({ id: 'another' })).not.toEqual(named({}));
  });

  it('is nothing where nothing was agreed', () => {
    expect(limitsOf(makeAgreement({ limits: { perSubject: limit(1) } }), 'immigration')).toEqual([]);
    expect(limitsOf(makeAgreement(), 'immigration')).toEqual([]);
  });
});
