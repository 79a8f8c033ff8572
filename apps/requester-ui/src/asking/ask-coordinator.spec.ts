import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Courier } from '@anonymesh/courier';
import { ask } from '@anonymesh/protocol';
import { openLog } from '@anonymesh/runtime';
import { makeParties, type Parties } from '../../../../tests/mesh/make-parties.js';
import { composeQuery } from '../fixtures/paper-query.js';
import type { Query } from '../store/queries.js';
import { askCoordinator } from './ask-coordinator.js';

let parties: Parties;
let query: Query;
beforeAll(async () => {
  parties = await makeParties();
  query = await composeQuery(parties);
});

const lines: string[] = [];
const log = openLog({ app: 'requester-ui', to: { write: (line) => void lines.push(line) } });

/** What the coordinator's side makes of one asking: it is given the letter, and its result is the reply. */
const asking = (reply: (to: string, body: unknown) => unknown, trust = parties.trust) =>
  askCoordinator({ request: (async (_message, { to, body }) => reply(to, body)) as Courier['request'] }, trust, log);

describe('the letter to the coordinator', () => {
  it('goes to the agreement’s coordinator, with all parts and the slip, and nothing else', async () => {
    const heard: unknown[] = [];
    const result = await asking((to, body) => {
      heard.push(to, ask.body.parse(body));
      return { accepted: { admitted: true } };
    })(query);
    expect(result).toBe('admitted');
    const { manifest, parts, slip } = query;
    expect(heard).toEqual(['coordinator', { manifest, parts: JSON.parse(parts ?? ''), slip }]);
  });

  it('may be refused', async () => {
    expect(await asking(() => ({ refused: 'lookup-taken' }))(query)).toBe('lookup-taken');
    expect(await asking(() => ({ refused: 'unavailable' }))(query)).toBe('unavailable');
  });

  it('is to be sent again after a fault, whose message is not logged', async () => {
    const broken = asking(() => {
      throw new Error('AB123456C');
    });
    expect(await broken(query)).toBe('unavailable');
    expect(lines.join('')).toContain('ask.failed');
    expect(lines.join('')).not.toContain('AB123456C');
  });

  it('is not sent under an agreement that is gone, nor to a coordinator that is not the pinned one', async () => {
    const never = () => {
      throw new Error('asked');
    };
    const { directory, agreement } = parties;
    expect(await asking(never, { directory, agreements: new Map() })(query)).toBe('unknown-agreement');
    const agreements = new Map([[agreement.hash, { ...agreement, pinned: () => undefined }]]);
    expect(await asking(never, { directory, agreements })(query)).toBe('key-not-pinned');
  });
});
