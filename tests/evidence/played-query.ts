// For tests: a check on paper, with real masks, signatures and logs in real stores, played by all of its parties.
import { agreeWith, combine, maskFlag } from '@anonymesh/blind';
import {
  base64url,
  queryIdOf,
  rawPublicKey,
  signLetter,
  signManifest,
  sha256Of,
  witnessesOf,
  type CheckManifest,
  type Combination,
  type PrivateKey,
  type QueryId,
} from '@anonymesh/protocol';
import { answer, refusal } from '@anonymesh/protocol-answering';
import { outcome, receipt } from '@anonymesh/protocol-outcome';
import {
  checkpoint,
  enter,
  evidenceTables,
  runTables,
  makePart,
  originOf,
  place,
  sealTestimony,
  type Draft,
  type Part,
  type Testimony,
} from '@anonymesh/evidence';
import { migrate, openStore, type Store } from '@anonymesh/store';
import { publicBytes } from '@anonymesh/trust';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeParties, type Parties } from '../mesh/make-parties.js';
import { aliveNotice } from '../mesh/statuses.js';
import type { Receipt } from '@anonymesh/receipts';

export type Said = boolean | 'refuses';

export interface Played {
  readonly parties: Parties;
  readonly query: QueryId;
  readonly manifest: string;
  readonly outcome: string;
  /** By holder. */
  readonly words: ReadonlyMap<string, string>;
  readonly stores: ReadonlyMap<string, Store>;
  part(party: string, opens?: boolean): Promise<Part>;
  /** What the party gives: requester and aggregator their papers, everybody the log's part. */
  share(party: string): Promise<Receipt>;
  shares(): Promise<Receipt[]>;
  /** What the party testifies to the auditor; of other words than its own where they are given. */
  testimony(party: string, change?: Partial<Testimony>): Promise<string>;
  /** What the requester keeps: its share, and the testimonies, all or with others in the place of some. */
  kept(others?: Readonly<Record<string, string>>): Promise<Receipt>;
  close(): Promise<void>;
}

export interface PlayedOptions {
  readonly combination?: Combination;
  /** Whom the agreement names. */
  readonly auditor?: PrivateKey;
  /** What the aggregator signs, whatever the masked answers give. */
  readonly lie?: 'clear' | 'concern';
}

/** `others`: entries that a party's log has beside those of the query. */
export async function playQuery(
  says: Readonly<Record<string, Said>>,
  others: Readonly<Record<string, (query: QueryId) => Draft[]>> = {},
  { combination = 'any', auditor, lie }: PlayedOptions = {},
): Promise<Played> {
  const sealing = auditor && base64url(publicBytes(auditor));
  const named = sealing === undefined ? {} : { auditor: { name: 'The auditor', contact: 'by letter', sealing } };
  const parties = await makeParties({ holders: Object.keys(says), combination, change: named });
  const { agreement: signed } = parties;
  const manifest: CheckManifest = {
    type: 'anonymesh/check/v1',
    nonce: base64url(randomBytes(16)),
    requester: 'immigration',
    agreement: signed.hash,
    role: 'caseworker',
    issuedAt: Date.now(),
    parts: Object.keys(says).map((holder) => ({ holder, hash: base64url(randomBytes(32)) })),
    slip: base64url(randomBytes(32)),
    lookupId: base64url(randomBytes(16)),
    queryKey: base64url(rawPublicKey(generateKeyPairSync('x25519').publicKey)),
  };
  const query = queryIdOf(manifest);
  const asked = await signManifest(manifest, parties.party('immigration').signing);
  const sayings = Object.entries(says).map(([holder, said]) => ({ holder, said, sealed: randomBytes(100) }));
  const { statuses } = await aliveNotice(parties, signed);
  const masks = sayings.flatMap(({ holder, said }) =>
    said === 'refuses' ? [] : [maskOf(parties, query, holder, said)],
  );
  const words = new Map(
    await Promise.all(
      sayings.map(async ({ holder, said }) => [holder, await wordOf(parties, query, holder, said)] as const),
    ),
  );
  const decided = await signOutcome(parties, query, masks, lie);

  const drafts: Record<string, Draft[]> = {
    immigration: [
      { did: 'decided', what: 'ask', query, words: asked },
      { did: 'decided', what: 'outcome', query, words: decided },
    ],
    coordinator: [{ did: 'received', what: 'ask', party: 'immigration', query, words: 'ask', sealed: randomBytes(9) }],
    aggregator: sayings.map(({ holder, said, sealed }) => ({
      did: 'received',
      what: said === 'refuses' ? 'refusal' : 'answer',
      party: holder,
      query,
      words: words.get(holder) ?? '',
      sealed,
    })),
  };
  drafts['aggregator']?.push({ did: 'decided', what: 'outcome', query, words: decided });
  for (const { holder, said, sealed } of sayings) {
    const what = said === 'refuses' ? 'refusal' : 'answer';
    drafts[holder] = [{ did: 'sent', what, party: 'aggregator', query, words: words.get(holder) ?? '', sealed }];
  }
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-receipts-'));
  const stores = new Map<string, Store>();
  for (const [id, own] of Object.entries(drafts)) {
    const store = await openStore({ kind: 'embedded', file: join(folder, `${id}.db`) });
    stores.set(id, store);
    await log(store, parties, id, [...own, ...(others[id]?.(query) ?? [])]);
  }
  const part = async (id: string, opens = true) => {
    const made = await makePart(storeOf(stores, id).knex, { query, askedAt: manifest.issuedAt, opens });
    if (made === undefined) throw new Error(`${id} has no part`);
    return made;
  };
  const share = async (id: string): Promise<Receipt> => {
    const base = { type: 'anonymesh/receipt/v1', query, words: [], parts: [await part(id)] } as const;
    if (id === 'aggregator')
      return { ...base, statuses: [], parts: [...base.parts], outcome: decided, words: [...words.values()] };
    const papers = { content: signed.content, signatures: parties.signatures };
    const rest = { ...base, words: [], statuses: [], parts: [...base.parts] };
    if (id === 'immigration') return { ...rest, statuses, agreement: papers, manifest: asked, outcome: decided };
    return rest;
  };
  const testimony = async (id: string, change: Partial<Testimony> = {}) => {
    const own = words.get(id);
    const said = id === 'aggregator' ? [...words.values()] : own === undefined ? [] : [own];
    const missing = id === 'aggregator' ? { missing: [] } : {};
    const about = { self: id, signing: parties.party(id).signing, query, agreement: signed.content };
    return sealTestimony(about, { words: said, part: await part(id), ...missing, ...change });
  };
  const kept = async (instead: Readonly<Record<string, string>> = {}): Promise<Receipt> => {
    const witnesses = witnessesOf(signed.content);
    const sealed = await Promise.all(witnesses.map(async (id) => instead[id] ?? (await testimony(id))));
    const body = { agreement: signed.hash, testimonies: sealed.map(sha256Of) };
    const letter = { from: 'aggregator', to: 'immigration', queryId: query, body };
    const { jws } = await signLetter(receipt, letter, parties.party('aggregator').signing);
    return { ...(await share('immigration')), testimonies: { signed: jws, sealed } };
  };
  return {
    parties,
    query,
    testimony,
    kept,
    manifest: asked,
    outcome: decided,
    words,
    stores,
    part,
    share,
    shares: () => Promise.all([...stores.keys()].map(share)),
    close: async () => {
      for (const store of stores.values()) await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

function storeOf(stores: ReadonlyMap<string, Store>, id: string): Store {
  const store = stores.get(id);
  if (store === undefined) throw new Error(`${id} has no store`);
  return store;
}

async function log(store: Store, parties: Parties, id: string, drafts: readonly Draft[]): Promise<void> {
  const { identity, signing } = parties.party(id);
  await migrate(store, [evidenceTables, runTables]);
  const { knex } = store;
  await knex.transaction((transaction) => enter(transaction, drafts));
  await knex.transaction((transaction) => place(transaction));
  await knex.transaction((transaction) =>
    checkpoint(transaction, { origin: originOf(id, identity.kid), key: signing }),
  );
}

function maskOf(parties: Parties, queryId: QueryId, self: string, flag: boolean) {
  const { content, hash: agreementHash } = parties.agreement;
  const keyIds: Record<string, string> = {};
  const pairSecrets = new Map<string, Uint8Array>();
  const own = parties.party(self).mask;
  if (own === undefined) throw new Error(`${self} has no mask key`);
  for (const { id } of content.holders) {
    const key = parties.directory.maskKey(id, Date.now());
    if (key === undefined) throw new Error(`${id} has no mask key`);
    keyIds[id] = key.kid;
    if (id !== self) pairSecrets.set(id, agreeWith(own.key, key.key));
  }
  return maskFlag({
    self,
    flag,
    combination: content.combination,
    context: { queryId, agreementHash, commonFields: Buffer.from('the same for all'), keyIds },
    pairSecrets,
    ownMaskSecret: Buffer.from(own.key.export({ format: 'jwk' }).d ?? '', 'base64url'),
  });
}

/** An answer whose explanation is no longer there, or a refusal. */
export async function wordOf(parties: Parties, queryId: QueryId, holder: string, said: Said): Promise<string> {
  const { hash: agreement } = parties.agreement;
  const { signing } = parties.party(holder);
  const letter = { from: holder, to: 'aggregator', queryId };
  if (said === 'refuses')
    return (await signLetter(refusal, { ...letter, body: { agreement, code: 'too-old' } }, signing)).jws;
  const { masked, check } = maskOf(parties, queryId, holder, said);
  const body = { agreement, masked: base64url(masked), check: base64url(check) };
  return (await signLetter(answer, { ...letter, body, enclosure: 'a.b.c.d.e' }, signing)).jws;
}

export async function signOutcome(
  parties: Parties,
  queryId: QueryId,
  masks: readonly { readonly masked: Uint8Array; readonly check: Uint8Array }[],
  lie?: 'clear' | 'concern',
): Promise<string> {
  const { content, hash: agreement } = parties.agreement;
  const holders = content.holders.length;
  const combined = combine(masks, holders, content.combination);
  const given =
    'outcome' in combined
      ? ({ outcome: lie ?? combined.outcome, code: 'all-answered' } as const)
      : ({ outcome: 'refer', code: masks.length < holders ? 'holder-refused' : 'answers-disagree' } as const);
  const body = { agreement, holders, answered: masks.length, ...given };
  const letter = { from: 'aggregator', to: 'immigration', queryId, body };
  return (await signLetter(outcome, letter, parties.party('aggregator').signing)).jws;
}
