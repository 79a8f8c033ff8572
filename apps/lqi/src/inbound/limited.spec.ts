import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal, type CheckAgreement } from '@anonymesh/protocol';
import type { SignedAgreement } from '@anonymesh/trust';
import { createSecretKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningNats } from '../../../../tests/servers/nats.js';
import { marksBy } from '../disclosing/marks.js';
import { makeDispatch, makeLqiMesh, person, type DispatchOptions, type LqiMesh } from '../fixtures/made-dispatch.js';
import { openRealNode, startBroker, type RealNode } from '../fixtures/real-node.js';
import type { Lqi } from '../lqi.js';
import { openPairSecrets } from '../outbound/pair-secrets.js';
import { eraseExpired } from '../store/erase-expired.js';
import { closeSubqueries, type Subquery } from '../store/subqueries.js';
import { DispatchController } from './dispatch.controller.js';

const self = 'dwp';
const day = 86_400;
let mesh: LqiMesh;
let nats: RunningNats;
let folder: string;
let node: RealNode;
let all: SignedAgreement<CheckAgreement>;
let fewer: SignedAgreement<CheckAgreement>;
let renamed: SignedAgreement<CheckAgreement>;
let limited: SignedAgreement<CheckAgreement>;
let next: SignedAgreement<CheckAgreement>;
let controller: DispatchController;

beforeAll(async () => {
  mesh = await makeLqiMesh();
  nats = await startBroker(mesh.parties);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-limited-'));
  all = mesh.agreement;
  const { holders, parties } = all.content;
  const agree = (change: Partial<CheckAgreement>) => mesh.parties.agree(change);
  const left = {
    holders: holders.filter(({ id }) => id !== 'hmrc'),
    parties: parties.filter(({ id }) => id !== 'hmrc'),
  };
  fewer = await agree({ id: 'right-to-work', ...left });
  const withComma = left.parties.map((each) =>
    each.id === 'immigration' ? { ...each, name: each.name.replace(' ', ', ') } : each,
  );
  renamed = await agree({ id: 'right-to-rent', ...left, parties: withComma });
  const limits = {
    perSubject: { most: 2, withinSeconds: day },
    perRequester: { most: 3, withinSeconds: day },
    perAgreement: { most: 4, withinSeconds: day },
  };
  limited = await agree({ id: 'limited', holders, limits });
  next = await agree({ id: 'limited', version: 2, holders, limits });
  node = await openRealNode(mesh.parties, self, nats, join(folder, 'store.db'), [all, fewer, renamed, limited]);
  // All that takes up a check; what evaluates it is not there.
  const questions = { take: () => undefined };
  const mark = marksBy(createSecretKey(Buffer.alloc(32, 7)));
  const gate = { self: mesh.parties.self(self), pairSecrets: openPairSecrets(), mark, releaseEvery: 100 };
  const holder = mesh.holder(self, all, fewer, renamed, limited, next);
  controller = new DispatchController({ node, holder, gate, questions } as unknown as Lqi);
}, 60_000);
afterAll(async () => {
  await node.close();
  await nats.stop();
  await rm(folder, { recursive: true });
});
const knex = () => node.courier.store.knex;
beforeEach(async () => {
  for (const table of ['subqueries', 'outbox', 'disclosures', 'uses', 'asked_persons']) await knex()(table).delete();
});

const other = { ...person, niNumber: 'AB123456D' };
const third = { ...person, niNumber: 'AB123456A' };

type Letter = Awaited<ReturnType<typeof makeDispatch>>;
/** Takes them in one transaction, as the courier does with what comes together. */
async function takeAll(letters: readonly Letter[]): Promise<string[]> {
  await node.courier.transact((work) =>
    Promise.all(
      letters.map(async ({ body, queryId }) => {
        const letter = { body, queryId, from: mesh.coordinator } as Parameters<DispatchController['take']>[0];
        await controller.take(letter, work).catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
        });
      }),
    ),
  );
  return Promise.all(letters.map(({ queryId }) => became(queryId)));
}
const became = async (queryId: string) => {
  const row: Subquery | undefined = await knex()<Subquery>('subqueries').where({ query_id: queryId }).first();
  return row?.code ?? row?.state ?? 'nothing';
};
const asks = (agreement: SignedAgreement<CheckAgreement>, fields: DispatchOptions['fields'] = person, by?: string) =>
  makeDispatch(mesh, self, { agreement, fields, ...(by === undefined ? {} : { requester: by }) });
const ask = async (...args: Parameters<typeof asks>) => (await takeAll([await asks(...args)]))[0];

describe('a person about whom all holders were asked', () => {
  // The attack: any(hmrc, dwp, council) is a concern, any(dwp, council) is none, so hmrc has one.
  it('is not asked about again with one holder left out, whichever comes first', async () => {
    expect([await ask(all), await ask(fewer)]).toEqual(['open', 'would-isolate']);
    expect([await ask(fewer, other), await ask(all, other)]).toEqual(['open', 'would-isolate']);
    expect(await takeAll([await asks(all, third), await asks(fewer, third)])).toEqual(['open', 'would-isolate']);
    expect(node.lines.some((line) => line.includes('query.refused') && line.includes('would-isolate'))).toBe(true);
    expect(node.lines.join()).not.toContain(person.niNumber);
    const refusals = await knex()('disclosures').where({ kind: 'refusal', code: 'would-isolate' });
    expect(refusals).toHaveLength(3);
  });

  // The attack: the organisation drafts the second agreement, and writes its own name in it with a comma more.
  it('is not asked about again by the same organisation under another name', async () => {
    expect([await ask(all), await ask(renamed)]).toEqual(['open', 'would-isolate']);
    expect([await ask(renamed, other), await ask(all, other)]).toEqual(['open', 'would-isolate']);
    expect(await takeAll([await asks(all, third), await asks(renamed, third)])).toEqual(['open', 'would-isolate']);
  });

  it('goes by the name alone where an older version has kept nothing else', async () => {
    await ask(all);
    await knex()('asked_persons').update({ requester: null, identity: null });
    expect([await ask(fewer), await ask(renamed)]).toEqual(['would-isolate', 'open']);
  });

  it('is not asked about again under another id of the same identity', async () => {
    await ask(all);
    await knex()('asked_persons').update({ requester: 'border-office', organisation: 'Border Office' });
    expect(await ask(renamed)).toBe('would-isolate');
    const identity = mesh.parties.party('childrens-services').identity.kid;
    await knex()('asked_persons').update({ requester: 'border-office', organisation: 'Border Office', identity });
    expect(await ask(renamed)).toBe('open');
  });

  it('may be asked about again in the same way, and others in the other', async () => {
    expect([await ask(all), await ask(all), await ask(fewer, other)]).toEqual(['open', 'open', 'open']);
  });

  it('may be asked about by another organisation, which was told nothing', async () => {
    expect([await ask(all), await ask(fewer, person, 'childrens-services')]).toEqual(['open', 'open']);
  });

  it('may be asked about once the first question was refused, for then nobody was told anything', async () => {
    const first = await asks(all);
    await takeAll([first]);
    await knex().transaction((work) => closeSubqueries(work, [first.queryId], 'refused', 'not-approved'));
    expect(await ask(fewer)).toBe('open');
    expect(await takeAll([first])).toEqual(['not-approved']); // comes again, and is refused still
    expect(await ask(fewer)).toBe('open');
  });

  it('may be asked about once all that is kept of the first question is erased, and not before', async () => {
    const first = await asks(all);
    await takeAll([first]);
    const { kept_until: until } = (await knex()('asked_persons').first()) as { kept_until: number };
    expect(until).toBe(
      first.manifest.issuedAt + (all.content.deadlineSeconds + all.content.retentionDays * day) * 1000,
    );
    await eraseExpired(knex(), until - 1);
    expect(await ask(fewer)).toBe('would-isolate');
    await eraseExpired(knex(), until);
    expect(await knex()('asked_persons')).toEqual([]);
    expect(await ask(fewer)).toBe('open');
  });
});

describe('a holder', () => {
  it('takes up no more than is agreed about one person, of one requester and of all', async () => {
    const by = 'childrens-services';
    expect([await ask(limited), await ask(limited), await ask(limited)]).toEqual(['open', 'open', 'subject-limit']);
    expect([await ask(limited, other), await ask(limited, third)]).toEqual(['open', 'requester-limit']);
    expect([await ask(limited, third, by), await ask(limited, other, by)]).toEqual(['open', 'agreement-limit']);
  });

  it('counts what comes together as what comes one after the other', async () => {
    const many = await Promise.all(Array.from({ length: 6 }, () => asks(limited)));
    const results = await takeAll(many);
    expect(results.filter((each) => each === 'open')).toHaveLength(2);
    expect(results.filter((each) => each === 'subject-limit')).toHaveLength(4);
  });

  it('counts once what is delivered again, and what it refused not at all', async () => {
    const first = await asks(limited);
    for (let time = 0; time < 4; time++) expect(await takeAll([first, first])).toEqual(['open', 'open']);
    const second = await asks(limited);
    const refused = await asks(limited);
    expect(await takeAll([second, refused])).toEqual(['open', 'subject-limit']);
    await knex()('uses').where({ id: second.queryId }).delete(); // there would be room now
    expect(await takeAll([refused])).toEqual(['subject-limit']);
    expect(await knex()('uses').distinct('id').pluck('id')).toEqual([first.queryId]);
  });

  it('counts nothing of what was not committed', async () => {
    const one = await asks(limited);
    const killed = node.courier.transact(async (work) => {
      await controller.take(
        { ...one, from: mesh.coordinator } as unknown as Parameters<DispatchController['take']>[0],
        work,
      );
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    expect([await knex()('uses'), await knex()('asked_persons')]).toEqual([[], []]);
    expect(await takeAll([one])).toEqual(['open']);
  });

  it('keeps for it no identifier, nor a hash of one that can be guessed', async () => {
    await ask(limited);
    const file = await readFile(join(folder, 'store.db'), 'latin1');
    const wal = await readFile(join(folder, 'store.db-wal'), 'latin1').catch(() => '');
    const { createHash } = await import('node:crypto');
    for (const text of [person.niNumber, 'ab123456c'])
      for (const form of [
        text,
        ...['sha256', 'sha512', 'md5'].flatMap((name) =>
          (['hex', 'base64url', 'base64', 'latin1'] as const).map((coding) =>
            createHash(name)
              .update(text)
              .digest(coding as 'hex'),
          ),
        ),
      ])
        expect(file.includes(form) || wal.includes(form)).toBe(false);
    expect(await knex()('uses').where('name', 'like', 'subject %').pluck('name')).toEqual([
      expect.stringMatching(/^subject [\w-]{43} limited$/),
    ]);
  });

  it('counts all versions of an agreement together, and takes up nothing under one that a newer one has replaced', async () => {
    expect(await ask(limited)).toBe('open');
    node.trust.agreements.set(next.hash, next);
    expect([await ask(next), await ask(next)]).toEqual(['open', 'subject-limit']);
    expect(await ask(limited, other)).toBe('agreement-not-in-force');
  });
});
