import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { largestParcel } from '@anonymesh/courier';
import {
  agreement as agreementSchema,
  agreementHashOf,
  ask,
  base64url,
  canonicalBytes,
  largestAttachment,
  mostAgreementBytes,
  notice,
  publicKeyFrom,
  relayOutcome,
  relayReceipt,
  replyTo,
  seal,
  sha256Of,
  signLetter,
  signManifest,
  type CheckAgreement,
  type CheckManifest,
  type Letter,
  type Message,
} from '@anonymesh/protocol';
import { answer, explain, sealExplanation } from '@anonymesh/protocol-answering';
import { lookupIdOf, queryKeyOf, sealPart, sealSlip, Withheld } from '@anonymesh/protocol-asking';
import { outcome, receipt } from '@anonymesh/protocol-outcome';
import { longestStatus, mostInParts, newKey, publicBytes, signAgreement, signStatus } from '@anonymesh/trust';
import { ZodError } from 'zod';

/** What an agreement allows at most. */
const mostHolders = 64;
const mostFields = 16;

const longest = (name: string) => name.padEnd(31, 'x');
const holders = Array.from({ length: mostHolders }, (_, index) => longest(`holder-${index}-`));
const [requester, coordinator, aggregator, portal] = ['requester', 'coordinator', 'aggregator', 'portal'].map(
  longest,
) as [string, string, string, string];

const signing = newKey('Ed25519');
const own = newKey('X25519');
const receiver = { kid: own.kid, key: publicKeyFrom('X25519', publicBytes(own)) };
const seed = randomBytes(32);
const queryKey = queryKeyOf(seed, 0);
const queryId = randomBytes(16).toString('hex');
const agreement = sha256Of('agreement');

const hash = () => base64url(randomBytes(32));

/** As many parties as there may be, and as much text as is taken. */
function largestAgreement(): CheckAgreement {
  const requesters = Array.from({ length: 100 - 3 - mostHolders }, (_, index) => longest(`requester-${index}-`));
  const kinds = { requester: requesters, coordinator: [coordinator], aggregator: [aggregator], portal: [portal] };
  const all = Object.entries({ ...kinds, holder: holders }).flatMap(([kind, ids]) => ids.map((id) => ({ kind, id })));
  const names = Array.from({ length: mostFields }, (_, index) => `field${index}`.padEnd(32, 'x'));
  const template = { hash: hash(), author: hash(), reviewer: hash() };
  const fields: Record<string, object> = Object.fromEntries(
    names.map((name) => [name, { format: 'text', label: 'l'.repeat(200) }]),
  );
  const content = {
    id: 'a'.repeat(63),
    version: 1_000_000,
    kind: 'check',
    title: 't'.repeat(200),
    purpose: 'p'.repeat(400),
    legalBasis: '法'.repeat(4000),
    parties: all.map(({ kind, id }) => ({ id, kind, name: 'n'.repeat(200), identity: hash() })),
    askers: requesters.map((id) => ({ requester: id, roles: ['caseworker'] })),
    subjectKey: names[0],
    fields,
    holders: holders.map((id) => ({ id, receives: names, template, approval: 'each query by two people' })),
    combination: 'any',
    deadlineSeconds: 60,
    tellsSubject: { concerns: true },
    retentionDays: 30,
    validity: { from: '2026-01-01', until: '2026-12-31' },
  };
  const hint = ',"hint":""'.length;
  for (const name of names) {
    const room = Math.floor((mostAgreementBytes - canonicalBytes(content).length - hint) / 3);
    if (room > 0) fields[name] = { ...fields[name], hint: '法'.repeat(Math.min(room, 4000)) };
  }
  return agreementSchema.parse(content) as CheckAgreement;
}

/** Bytes of the letter as the courier seals it. */
async function sizeOf<Body>(message: Message<Body>, letter: Letter<Body>, on: string): Promise<number> {
  const { text } = await signLetter(message, letter, signing);
  return seal(text, receiver, { to: letter.to, on }).length;
}

/** A compact JWE of that length. */
const jweOf = (length: number) => `e30.AA.AA.${'A'.repeat(length - 13)}.AA`;

describe('what the coordinator relays', () => {
  it.each([
    [relayOutcome, 2600],
    [relayReceipt, 11_264],
  ])('fits into its own letter of one size, whoever is named in it: %o', async (message, most) => {
    const chunk = message.attaches && { attachment: randomBytes(largestAttachment), chunk: 0xffff_ffff };
    const named = { from: coordinator, to: requester, queryId };
    const letter = (length: number) => ({ ...named, body: { sealed: jweOf(length) }, ...chunk });
    expect((await signLetter(message, letter(most), signing)).text.length).toBe(message.size);
    await expect(signLetter(message, letter(most + 1), signing)).rejects.toThrow(ZodError);
  });

  it.each([
    [outcome, relayOutcome],
    [receipt, relayReceipt],
  ])('is as long as what the aggregator seals, or longer: %o', ({ name, size = 0 }, relay) => {
    const context = { message: name, nonce: base64url(randomBytes(16)), agreement, from: aggregator, to: requester };
    const sealed = seal(Buffer.alloc(size), receiver, context);
    expect(relay.body.parse({ sealed })).toEqual({ sealed });
  });
});

describe('the largest letters that agreements allow fit into a parcel:', () => {
  it('the answers of as many holders as there may be, with their explanations', async () => {
    const answers = await Promise.all(
      holders.map(async (holder) => {
        const content = { queryId, subjectKey: 's'.repeat(200), concern: true, reason: 'r'.repeat(300) };
        const explanation = await sealExplanation(
          { ...content, contact: 'c'.repeat(200) },
          signing,
          { queryKey: queryKey.public, portal: receiver },
          { queryId, agreement, holder, portal },
        );
        const [masked, check] = [base64url(randomBytes(32)), base64url(randomBytes(32))];
        const letter = { from: holder, to: aggregator, queryId, body: { agreement, masked, check } };
        return { signed: (await signLetter(answer, { ...letter, enclosure: explanation }, signing)).jws, explanation };
      }),
    );
    const counts = { answered: mostHolders, holders: mostHolders };
    const body = { agreement, outcome: 'concern', code: 'all-answered', ...counts } as const;
    const decided = await signLetter(outcome, { from: aggregator, to: requester, queryId, body }, signing);
    const reply = { accepted: { outcome: decided.jws, answers } };
    const letter = { from: aggregator, to: portal, queryId, answers: base64url(randomBytes(16)), body: reply };
    const size = await sizeOf(replyTo(explain), letter, 'mesh.aggregator.explain#reply');
    expect(size).toBeLessThanOrEqual(largestParcel);
    expect(size).toBeGreaterThan(largestParcel * 0.85);
  });

  it.each([
    ['many holders', Array.from({ length: mostHolders }, () => mostInParts / mostHolders - 1)],
    ['many fields', Array.from({ length: Math.floor(mostInParts / (1 + mostFields)) }, () => mostFields)],
  ])('the parts of a query that the lint allows, with %s', async (_what, received) => {
    const names = Array.from({ length: mostFields }, (_, index) => `field${index}`.padEnd(32, 'x'));
    const fields = Object.fromEntries(names.map((name) => [name, new Withheld('v'.repeat(200))]));
    const bound = { nonce: base64url(randomBytes(16)), agreement, requester };
    const parts = received.map((count, index) => {
      const holder = holders[index] ?? '';
      return { holder, sealed: sealPart(fields, names.slice(0, count), receiver, { manifest: bound, holder }) };
    });
    const about = { agreement, purpose: 'p'.repeat(400), subjectKey: new Withheld('s'.repeat(200)) };
    const slip = sealSlip(about, { queryKey: queryKey.public, portal: receiver }, { manifest: bound, portal });
    const manifest: CheckManifest = {
      type: 'anonymesh/check/v1',
      ...bound,
      role: '役'.repeat(64),
      issuedAt: Date.now(),
      parts: parts.map(({ holder, sealed }) => ({ holder, hash: sha256Of(sealed) })),
      slip: sha256Of(slip),
      lookupId: lookupIdOf(seed, 0),
      queryKey: queryKey.text,
    };
    const body = { manifest: await signManifest(manifest, signing), parts, slip };
    const size = await sizeOf(ask, { from: requester, to: coordinator, queryId, body }, 'mesh.coordinator.ask');
    expect(size).toBeLessThanOrEqual(largestParcel);
    expect(size).toBeGreaterThan(largestParcel * 0.85);
  });

  it('what all of its parties have signed of an agreement, with the agreement', async () => {
    const content = largestAgreement();
    expect(mostAgreementBytes - canonicalBytes(content).length).toBeLessThan(100);
    const ids = content.parties.map(({ id }) => id);
    const signatures: Record<string, string> = {};
    for (const id of ids) signatures[id] = await signAgreement(content, id, signing);
    const [from, sequence] = [Date.now(), Number.MAX_SAFE_INTEGER];
    const said = {
      agreement: agreementHashOf(content),
      sequence,
      state: 'withdrawn',
      from,
      until: from + longestStatus,
    } as const;
    const statuses = await Promise.all(ids.map((party) => signStatus({ ...said, party }, signing)));
    const letter = { from: holders[0] ?? '', to: holders[1] ?? '', queryId: undefined };
    const body = { agreement: content, signatures, statuses };
    const size = await sizeOf(notice, { ...letter, body }, `mesh.lqi.${letter.to}.notice`);
    expect(size).toBeLessThanOrEqual(largestParcel);
    expect(size).toBeGreaterThan(largestParcel * 0.85);
  });
});
