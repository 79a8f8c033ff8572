import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NotYet } from '@anonymesh/courier';
import { sealNothing } from '@anonymesh/evidence';
import { relayReceipt, seal, sha256Of, signLetter, witnessesOf } from '@anonymesh/protocol';
import { receipt } from '@anonymesh/protocol-outcome';
import { newKey, publicBytes } from '@anonymesh/trust';
import { makeParties, type Parties, type Party } from '../../../../tests/mesh/make-parties.js';
import { composeQuery, letterOf, sealingKeyOf } from '../fixtures/paper-query.js';
import { paperCoordinator, serveRequester } from '../fixtures/serve-requester.js';
import { embeddedStore, type TemporaryStore } from '../fixtures/temporary-stores.js';
import { eraseExpired, insertQuery, type Query } from '../store/queries.js';

let parties: Parties;
let temporary: TemporaryStore;
let requester: Awaited<ReturnType<typeof serveRequester>>;
let query: Query;
let testimonies: string[];

beforeAll(async () => {
  const sealing = publicBytes(newKey('X25519')).toString('base64url');
  parties = await makeParties({ change: { auditor: { name: 'The auditor', contact: 'by letter', sealing } } });
});
beforeEach(async () => {
  temporary = await embeddedStore();
  requester = await serveRequester(parties, temporary.store, paperCoordinator(parties));
  const composed = await composeQuery(parties);
  query = { ...composed, state: 'decided', outcome: 'clear', admitted: true, ask_at: null };
  await insertQuery(temporary.store.knex, query);
  const { content } = parties.agreement;
  testimonies = witnessesOf(content).map((party) => sealNothing(query.id, content, party));
});
afterEach(async () => {
  await requester.close();
  await temporary.remove();
});

interface Relayed {
  /** What the aggregator signs for. */
  readonly named?: readonly string[];
  readonly signer?: Party;
  readonly nonce?: string;
  readonly agreement?: string;
  readonly from?: Party;
}

async function relay(sent: readonly string[], options: Relayed = {}): Promise<void> {
  const { named = sent, signer = parties.party('aggregator'), from = parties.party('coordinator') } = options;
  const { nonce = query.nonce, agreement = query.agreement } = options;
  const body = { agreement, testimonies: named.map(sha256Of) };
  const letter = { from: signer.id, to: 'immigration', queryId: query.id, body };
  const { text } = await signLetter(receipt, letter, signer.signing);
  const context = { message: 'receipt', nonce, agreement: query.agreement, from: 'aggregator', to: 'immigration' };
  const sealed = seal(text, sealingKeyOf(parties, 'immigration'), context);
  const outer = letterOf(relayReceipt, query.id, { sealed }, from);
  const attached = { attachment: Buffer.from(sent.join('\n'), 'ascii'), chunk: 0 };
  return requester.receive('receipt', { ...outer, ...attached } as never);
}

const kept = () => temporary.store.knex('receipts');

describe('the testimonies about a query', () => {
  it('are kept as they came, once, and erased with the query', async () => {
    await relay(testimonies);
    expect(await kept()).toMatchObject([{ query_id: query.id, sealed: testimonies.join('\n') }]);
    await expect(relay(testimonies)).rejects.toMatchObject({ code: 'replayed' });
    await eraseExpired(temporary.store.knex, query.kept_until);
    expect(await kept()).toEqual([]);
  });

  it('wait for the query’s outcome where they overtake it', async () => {
    await temporary.store.knex('queries').where({ id: query.id }).update({ state: 'waiting' });
    await expect(relay(testimonies)).rejects.toBeInstanceOf(NotYet);
    expect(await kept()).toEqual([]);
  });

  it.each<[string, (all: readonly string[]) => readonly string[]]>([
    ['fewer than there are witnesses', (all) => all.slice(1)],
    ['more than there are', (all) => [...all, all[0] ?? '']],
    ['in another order', ([first = '', second = '', ...rest]) => [second, first, ...rest]],
    ['one of them twice', ([first = '', , ...rest]) => [first, first, ...rest]],
    ['one of another size', ([first = '', ...rest]) => [shortened(first), ...rest]],
    ['one that is none', ([, ...rest]) => ['nothing', ...rest]],
  ])('are refused where they are %s', async (_, change) => {
    await expect(relay(change(testimonies))).rejects.toMatchObject({ code: 'parts-not-matching' });
    expect(await kept()).toEqual([]);
  });

  it('are refused where they are not those that the aggregator signed for', async () => {
    const { content } = parties.agreement;
    const others = testimonies.with(0, sealNothing(query.id, content, 'council'));
    await expect(relay(others, { named: testimonies })).rejects.toMatchObject({ code: 'parts-not-matching' });
  });

  it('come from the aggregator, by way of the coordinator, for this query', async () => {
    const refused = (options: Relayed) => expect(relay(testimonies, options)).rejects;
    await refused({ signer: parties.party('hmrc') }).toMatchObject({ code: 'wrong-sender' });
    await refused({ from: parties.party('aggregator') }).toMatchObject({ code: 'key-not-pinned' });
    await refused({ nonce: 'A'.repeat(22) }).toMatchObject({ code: 'malformed' });
    await refused({ agreement: 'A'.repeat(43) }).toMatchObject({ code: 'query-differs' });
    expect(await kept()).toEqual([]);
  });
});

function shortened(sealed: string): string {
  const [head, wrapped, iv, text, tag] = sealed.split('.');
  return [head, wrapped, iv, text?.slice(4), tag].join('.');
}
