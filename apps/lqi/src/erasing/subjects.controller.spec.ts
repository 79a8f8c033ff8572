import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { commit, entriesAbout, place, readEntries } from '@anonymesh/evidence';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startIssuer, type TestIssuer } from '../../../../tests/servers/issuer.js';
import { startTown, type Town } from '../fixtures/town.js';
import { subjectPrefix } from '../limiting/use-of.js';

let issuer: TestIssuer;
let town: Town;
let folder: string;
const person = 'AB123456C';
const other = 'AB123456D';
const [query, set, others] = ['ab', 'cd', 'ef'].map((each) => each.repeat(16)) as [string, string, string];

beforeAll(async () => {
  issuer = await startIssuer();
  town = await startTown({ police: { issuer } });
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-subjects-'));
}, 60_000);
afterAll(async () => {
  await town.sets.stop();
  await issuer.stop();
  await rm(folder, { recursive: true });
});

function police() {
  const node = town.nodes.get('police');
  if (node === undefined) throw new Error('no police');
  return node;
}
const knex = () => police().lqi.node.courier.store.knex;
const markOf = (value: string) => police().lqi.gate.mark('ni-number', value);

/** A check about the person, a set query in which a record of theirs was released, and a check about somebody else. */
beforeEach(async () => {
  for (const table of ['disclosures', 'asked_persons', 'uses', 'subqueries', 'query_decisions'])
    await knex()(table).delete();
  const later = Date.now() + 86_400_000;
  const left = {
    kind: 'answer',
    at: 1,
    asked_at: 1,
    agreement: 'a'.repeat(43),
    agreement_id: 'x',
    agreement_version: 1,
    template: 't'.repeat(43),
    template_id: 't',
    template_version: 1,
    requester: 'childrens-services',
    recipient: 'aggregator',
    kept_until: later,
  };
  await knex()('disclosures').insert([
    { ...left, query_id: query, mark: markOf(person) },
    { ...left, query_id: set, kind: 'record', mark: markOf(person) },
    { ...left, query_id: others, mark: markOf(other) },
  ]);
  for (const [id, value] of [[query, person] as const, [others, other] as const]) {
    const mark = markOf(value);
    const asked = JSON.stringify({ holders: ['a', 'b'], combination: 'any', own: [] });
    await knex()('asked_persons').insert({ query_id: id, mark, organisation: 'x', asked, kept_until: later });
    await knex()('uses').insert({ id, name: `${subjectPrefix(mark)}x`, at: 1, kept_until: later });
    await knex()('subqueries').insert({
      query_id: id,
      agreement: 'a'.repeat(43),
      coordinator: 'coordinator',
      state: 'answered',
      due: later,
      next_try: later,
      tries: 0,
      kept_until: later,
    });
    const no = { decision: 'refuse', reason: 'It is about Ada.', decided_by: 'one', decided_at: 1 };
    await knex()('query_decisions').insert({ query_id: id, ...no });
  }
});

/** The command line as an administrator runs it, with the person on its input. */
async function mesh(doing: string, value: string, roles: readonly string[] = ['administrator'], node = police().url) {
  const token = join(folder, 'token');
  await writeFile(token, await issuer.token({ roles, sub: 'an administrator' }));
  const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
  const program = ['--conditions=development', `--import=${at('scripts/typescript.mjs')}`, at('apps/cli/src/main.ts')];
  const args = ['subject', doing, '--url', node, '--token-file', token, '--as', 'ni-number', '--json'];
  const child = spawn(process.execPath, [...program, ...args], { env: { ...process.env, NODE_OPTIONS: '' } });
  child.stdin.end(`${value}\n`);
  const ended = new Promise<number | null>((settle) => child.once('close', settle));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, error };
}
const ofPerson = { disclosures: 2, remembered: 1, counted: 1, reasons: 1, openable: 0, open: 0 };
const nothing = { disclosures: 0, remembered: 0, counted: 0, reasons: 0, openable: 0, open: 0 };

describe('what a holder keeps about a person', () => {
  it('is found and erased from the command line, and nobody else’s with it', async () => {
    await police().lqi.node.courier.transact(async (work) => {
      work.enter({ did: 'decided', what: 'answer', query, words: `about ${person}` });
      work.enter({ did: 'decided', what: 'answer', query: others, words: `about ${other}` });
    });
    await knex().transaction((work) => place(work));
    const before = await readEntries(knex(), { limit: 1000 });
    const found = await mesh('find', 'ab 12 34 56 c');
    expect([found.code, JSON.parse(found.out)]).toEqual([0, { found: { ...ofPerson, openable: 1 } }]);
    // This one has no place yet, and a salt all the same.
    await police().lqi.node.courier.transact(async (work) =>
      work.enter({ did: 'decided', what: 'dropped', query, words: 'dropped' }),
    );
    const erased = await mesh('erase', person);
    expect([erased.code, JSON.parse(erased.out)]).toEqual([0, { erased: { ...ofPerson, openable: 2 } }]);
    expect(JSON.parse((await mesh('find', person)).out)).toEqual({ found: nothing });
    expect(JSON.parse((await mesh('find', other)).out)).toEqual({
      found: { ...ofPerson, disclosures: 1, openable: 1 },
    });
    // What left stays written down, and so do the records by which nothing is answered twice.
    expect(await knex()('disclosures')).toHaveLength(3);
    expect(await knex()('subqueries')).toHaveLength(2);
    // The log is what it was, and says that something was erased; of whom it does not.
    await knex().transaction((work) => place(work));
    const after = await readEntries(knex(), { limit: 1000 });
    expect(after.slice(0, before.length).map(({ leaf }) => leaf)).toEqual(before.map(({ leaf }) => leaf));
    const entry = after.find(({ text: said }) => said.includes('subject-erased'));
    const { words } = JSON.parse(entry?.text ?? '{}') as { words: string };
    expect(entry?.text).not.toContain('query');
    const said = JSON.stringify({ by: 'an administrator', erased: { ...ofPerson, openable: 2 } });
    expect(words).toBe(Buffer.from(commit(entry?.salt ?? Buffer.alloc(16), said)).toString('base64url'));
    expect((await entriesAbout(knex(), query)).map(({ salt }) => salt)).toEqual([undefined, undefined]);
    expect(JSON.stringify(after.map((each) => each.text))).not.toContain(person);
    expect(police().lines.join()).not.toContain(person);
    expect(found.error + erased.error + found.out + erased.out).not.toContain(person);
  }, 60_000);

  it('is not erased while a query about the person is open', async () => {
    await knex()('subqueries').where({ query_id: query }).update({ state: 'open' });
    const { code, out } = await mesh('erase', person);
    expect([code, out.includes('has not ended')]).toEqual([3, true]);
    expect(await knex()('disclosures').where({ mark: markOf(person) })).toHaveLength(2);
  }, 30_000);

  it('is nobody’s business but an administrator’s', async () => {
    for (const roles of [['viewer'], ['approver'], []]) expect((await mesh('erase', person, roles)).code).toBe(3);
    expect(await knex()('disclosures').where({ mark: markOf(person) })).toHaveLength(2);
  }, 60_000);

  it('is not asked for in the clear over a network, nor of nobody, nor of what is no number', async () => {
    expect(await mesh('find', person, undefined, 'http://holder.example')).toMatchObject({ code: 2 });
    expect(await mesh('find', ' ')).toMatchObject({ code: 2 });
    const wrong = await mesh('find', 'AB12');
    expect([wrong.code, (wrong.out + wrong.error).includes('AB12')]).toEqual([3, false]);
  }, 60_000);
});
