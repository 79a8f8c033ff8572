import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bucketOf, controlInput, digestsByNode, keyInputs, uniformOf } from '@anonymesh/psi';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIn } from '../../fixtures/open-files.js';
import { child, concernList, makeSetMesh, type SetMesh, type SignedSet } from '../../fixtures/set-mesh.js';
import { examine } from '../../inbound/examine.js';
import type { SetQuestion } from '../../inbound/question.js';
import { SourceFault } from '../../sources/source-fault.js';
import type { Row, Source } from '../../sources/source.js';
import { controlSlot, recordKeyBytes, referenceRow, setFiles } from '../spill/set-files.js';
import { openSpill } from '../spill/spill.js';
import { readSet, type Read } from './read-set.js';

let mesh: SetMesh;
let folder: string;
beforeEach(async () => {
  mesh = await makeSetMesh(['health-trust', 'police']);
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-read-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function questionUnder(agreement: SignedSet): Promise<SetQuestion> {
  const { queryId, bodies } = await mesh.ask(agreement);
  const body = bodies.get('police');
  const { id, kind, identity } = mesh.parties.party('coordinator');
  const trust = { directory: mesh.parties.directory, agreements: mesh.agreements };
  const holder = { id: 'police', keyring: mesh.parties.party('police').keyring, trust, templates: mesh.templates };
  if (body === undefined) throw new Error('no dispatch');
  const examined = examine({ body, queryId }, { id, kind, identity: identity.kid }, holder, Date.now());
  if ('code' in examined || examined.kind !== 'set') throw new Error('not taken');
  return examined;
}

interface Outcome {
  readonly read: Read;
  readonly uniforms: readonly string[];
  /** Record and slot by their place in the list. */
  readonly references: readonly { readonly index: number; readonly record: string; readonly slot: number }[];
  readonly left: readonly string[];
  readonly question: SetQuestion;
}

/** `prepare`: is given the folder of its files, which is empty. */
async function reading(
  rows: readonly Row[] | Error,
  change: Parameters<SetMesh['agree']>[0] = {},
  prepare: (place: string) => Promise<unknown> = async () => undefined,
): Promise<Outcome> {
  const question = await questionUnder(await mesh.agree(change));
  const source: Source = {
    run: () => Promise.reject(new Error('no check')),
    async *stream(statement, parameters, limits) {
      expect([statement, parameters]).toEqual([{ kind: 'sql', dialect: 'sqlite', text: concernList.statement }, {}]);
      if (rows instanceof Error) throw rows;
      if (rows.length > limits.rows) throw new SourceFault('too-many-rows');
      for (let first = 0; first < rows.length; first += 100) yield rows.slice(first, first + 100);
    },
    close: async () => undefined,
  };
  const { queryId, agreement } = question;
  const seed = randomBytes(32);
  const files = setFiles(await openSpill({ folder, queryId, reading: '01', seed }), agreement);
  const { signal } = new AbortController();
  await prepare(join(folder, queryId, '01'));
  const read = await readSet({
    question,
    source,
    files,
    seed,
    digests: digestsByNode,
    signal,
    progress: () => undefined,
  });
  const left = await readdir(join(folder, queryId, '01'));
  if (!('bucket' in read)) return { read, uniforms: [], references: [], left, question };
  const list = await files.list(true);
  const uniforms: string[] = [];
  for (let block = 0; block < (await list.count()); block++) {
    const bytes = await list.read(block);
    for (let at = 0; at < bytes.length; at += 64) uniforms.push(bytes.toString('hex', at, at + 64));
  }
  await list.close();
  const file = await files.references(true);
  const all = Buffer.alloc(file.rows * referenceRow.width);
  await file.readInto(all);
  await file.close();
  const references = Array.from({ length: all.length / referenceRow.width }, (_, row) => {
    const at = row * referenceRow.width;
    const record = all.toString('hex', at + referenceRow.record, at + referenceRow.record + recordKeyBytes);
    return { index: all.readUInt32BE(at), record, slot: all.readUInt8(at + referenceRow.slot) };
  });
  return { read, uniforms, references, left, question };
}

const children = (count: number) => Array.from({ length: count }, (_, n) => ({ ...child(n, 'listed') }));

describe('a set that was read', () => {
  it.each([0, 1, 16, 17, 99])(
    'of %i records becomes a list of the padded length, with each key once',
    async (count) => {
      const { read, uniforms, references, question } = await reading(children(count));
      const bucket = bucketOf(count);
      expect(read).toEqual({ bucket });
      expect(new Set(uniforms).size).toBe(bucket * 2 + 1);
      const expected = children(count).flatMap((row) => {
        const inputs = keyInputs(question.agreement.keys, row);
        return inputs === 'unfit' ? [] : inputs.flatMap((input) => input ?? []);
      });
      for (const input of [...expected, controlInput()])
        expect(uniforms).toContain(Buffer.from(uniformOf(question.queryId, input)).toString('hex'));
      const records = Map.groupBy(
        references.filter(({ slot }) => slot !== controlSlot),
        ({ record }) => record,
      );
      expect(records.size).toBe(bucket);
      for (const slots of records.values()) expect(slots.map(({ slot }) => slot).sort()).toEqual([0, 1]);
      expect(references.filter(({ slot }) => slot === controlSlot)).toHaveLength(1);
    },
  );

  it('in which people share a key has it once in its list, made up by dummies', async () => {
    const rows = children(20).map((row) => ({ ...row, nhsNumber: child(7, '').nhsNumber, surname: null }));
    const { uniforms, references } = await reading(rows);
    expect(new Set(uniforms).size).toBe(41);
    const shared = Map.groupBy(references, ({ index }) => index);
    expect(
      [...shared.values()]
        .map(({ length }) => length)
        .sort((a, b) => b - a)
        .slice(0, 2),
    ).toEqual([20, 1]);
  });

  it('has its list in an order that says nothing of the order of its rows, another each time', async () => {
    const [one, other] = [await reading(children(200)), await reading(children(200))];
    for (const { uniforms, question } of [one, other]) {
      const places = children(200).map((row) => {
        const inputs = keyInputs(question.agreement.keys, row);
        const input = inputs === 'unfit' ? undefined : inputs[0];
        return uniforms.indexOf(Buffer.from(uniformOf(question.queryId, input ?? Buffer.alloc(0))).toString('hex'));
      });
      const ascents = places.slice(1).filter((place, index) => place > (places[index] ?? 0)).length;
      expect(Math.abs(ascents - 99.5)).toBeLessThan(40); // by chance once in a hundred million
      expect(Math.max(...places)).toBeGreaterThan(300);
    }
    const orderOf = ({ references }: Outcome) => references.map(({ record }) => record.slice(-8)).join();
    expect(orderOf(one)).not.toBe(orderOf(other));
  });

  it('leaves no file of keys, and none of records where only a count was agreed', async () => {
    expect((await reading(children(5))).left.toSorted()).toEqual(['list', 'records-0', 'references']);
    expect((await reading(children(5), { release: 'count' })).left.toSorted()).toEqual(['list', 'references']);
  });

  it('of more than a chunk is read block by block', async () => {
    const limits = { records: { most: 5000 }, matches: { least: 0, most: 10 } };
    const { read, uniforms } = await reading(children(2500), { limits, release: 'count' });
    expect(read).toEqual({ bucket: 2560 });
    expect(new Set(uniforms).size).toBe(5121);
  });
});

describe('a set that cannot be used', () => {
  it.each<[string, readonly Row[] | Error, Read]>([
    ['a date that is none', [{ ...child(1, ''), birthDate: '2015-02-30' }], { refused: 'set-unfit' }],
    ['a key that is no text', [{ ...child(1, ''), postcode: { town: 1 } }], { refused: 'set-unfit' }],
    ['a row without any key', [{ note: 'nobody' }], { refused: 'set-unfit' }],
    ['a record that is no value', [{ ...child(1, ''), note: ['x'] }], { refused: 'set-unfit' }],
    ['more than was agreed', children(1001), { refused: 'set-too-large' }],
    ['a statement that does not run', new SourceFault('statement'), { refused: 'source-unfit' }],
  ])('is refused for %s', async (_what, rows, read) => {
    expect((await reading(rows)).read).toEqual(read);
  });

  it.each(['unavailable', 'timeout'] as const)('is tried again where the database is %s', async (code) => {
    const fault = new SourceFault(code);
    expect((await reading(fault)).read).toEqual({ again: fault });
  });

  it.each(['list', 'references', 'records-0'])('leaves no file open where its %s cannot be made', async (name) => {
    const inTheWay = (place: string) => mkdir(join(place, name));
    await expect(reading(children(5), {}, inTheWay)).rejects.toThrow();
    expect(await openIn(folder)).toEqual([]);
  });

  it('for a fault of ours is a fault', async () => {
    await expect(reading(new TypeError('ours'))).rejects.toThrow('ours');
  });
});
