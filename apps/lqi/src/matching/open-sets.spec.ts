import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../../../tests/mesh/until.js';
import type { CombinedSet } from '../fixtures/combined.js';
import type { RunningHolder } from '../fixtures/running-sets.js';
import { child } from '../fixtures/set-mesh.js';
import { startTown, type Town } from '../fixtures/town.js';
import { SourceFault } from '../sources/source-fault.js';

let town: Town;
beforeAll(async () => {
  town = await startTown();
}, 60_000);
afterAll(() => town.sets.stop());

const two = ['health-trust', 'police'];
const children = (numbers: readonly number[], note: string) => numbers.map((n) => ({ ...child(n, note) }));
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function fill(numbers: Readonly<Record<string, readonly number[]>>): void {
  for (const [id, some] of Object.entries(numbers)) town.lists.set(id, children(some, `of ${id}`));
}

const surnames = ({ opened }: CombinedSet, holder: string) =>
  opened.filter((each) => each.holder === holder).map(({ record }) => record['surname']);
const named = (numbers: readonly number[]) => numbers.map((n) => child(n, '').surname).sort();
const refusalOf = (queryId: string) =>
  until('a refusal', () => town.heard(queryId, 'refusal')[0]?.body as unknown as { code: string });

describe('holders of a set query', () => {
  it('release what they have in common, and nothing else', async () => {
    fill({ 'health-trust': [1, 2, 3, 5, 8], police: [3, 5, 8, 11, 12, 13] });
    const agreement = await town.mesh.agree({ release: 'on-match' }, two);
    const combined = await town.combined(agreement, await town.ask(agreement));
    expect(combined.people).toBe(3);
    for (const holder of two) expect(surnames(combined, holder).sort()).toEqual(named([3, 5, 8]));
    expect(combined.opened.map(({ holder, record }) => record['note'] === `of ${holder}`)).not.toContain(false);
  });

  it('only count where no more was agreed, also where it is three', async () => {
    fill({ 'health-trust': range(0, 40), police: range(10, 60), schools: range(30, 90) });
    const agreement = await town.mesh.agree({ release: 'count' });
    const combined = await town.combined(agreement, await town.ask(agreement));
    expect([combined.people, combined.opened]).toEqual([10, []]);
  });

  it('release what enough of them have in common', async () => {
    fill({ 'health-trust': range(0, 6), police: range(4, 9), schools: [5, 8, 20] });
    const agreement = await town.mesh.agree({ combination: { atLeast: 2 } });
    const combined = await town.combined(agreement, await town.ask(agreement));
    expect(combined.people).toBe(3); // 4, 5 and 8
    expect(surnames(combined, 'schools').sort()).toEqual(named([5, 8]));
    expect(surnames(combined, 'health-trust').sort()).toEqual(named([4, 5]));
  });

  it('find a person by any key that both have, whatever the other keys lack, and twins that share one', async () => {
    const [one, two_, three, twin] = [child(1, ''), child(2, ''), child(3, ''), child(4, '')];
    town.lists.set('health-trust', [
      { ...one, nhsNumber: null },
      { ...two_, surname: '' },
      { ...three, nhsNumber: null },
      { ...twin, nhsNumber: null, note: 'first' },
      { ...twin, nhsNumber: null, note: 'second' },
    ]);
    town.lists.set('police', [
      { ...one, surname: one.surname?.toUpperCase() },
      { ...two_, birthDate: undefined },
      { ...three, postcode: null },
      { ...twin },
    ]);
    const agreement = await town.mesh.agree({}, two);
    const combined = await town.combined(agreement, await town.ask(agreement));
    expect(combined.counts).toEqual({ 'health-trust': 4, police: 3 });
    expect(surnames(combined, 'police').sort()).toEqual(
      [one.surname?.toUpperCase(), two_.surname, twin.surname].sort(),
    );
  });

  it('exchange lists of more than one chunk', async () => {
    fill({ 'health-trust': range(0, 2100), police: range(2000, 4100) });
    const limits = { records: { most: 2200 }, matches: { least: 0, most: 100 } };
    const agreement = await town.mesh.agree({ release: 'count', limits }, two);
    const queryId = await town.ask(agreement);
    expect((await town.combined(agreement, queryId)).people).toBe(100);
    expect((await town.row('police', queryId))?.sent).toBe(2);
  });

  it('take an empty set for a set', async () => {
    fill({ 'health-trust': [], police: range(0, 17) });
    const agreement = await town.mesh.agree({}, two);
    const queryId = await town.ask(agreement);
    expect((await town.combined(agreement, queryId)).people).toBe(0);
    const sizes = town
      .heard(queryId, 'tokens')
      .map(({ from, body }) => [from.id, (body as { records: number }).records]);
    expect(Object.fromEntries(sizes)).toEqual({ 'health-trust': 16, police: 20 });
  });

  it('tell how far they are, and at the end that they have answered', async () => {
    fill({ 'health-trust': range(0, 10), police: range(0, 10) });
    const agreement = await town.mesh.agree({ release: 'count' }, two);
    const queryId = await town.ask(agreement);
    await town.combined(agreement, queryId);
    const told = await until('both are done', () => {
      const letters = town.heard(queryId, 'progress').filter(({ from }) => from.id === 'police');
      return letters.some(({ body }) => (body as { answered: number }).answered === 1) && letters;
    });
    const stages = told.map(({ body }) => (body as unknown as { set: { stage: string } }).set.stage);
    expect(stages[0]).toBe('reading');
    expect(stages.at(-1)).toBe('combining');
  });

  it.each(['ended', 'too-many'] as const)('erase everything once the aggregator says %s', async (word) => {
    fill({ 'health-trust': range(0, 10), police: range(0, 10) });
    const agreement = await town.mesh.agree({ release: 'count' }, two);
    const queryId = await town.ask(agreement);
    await town.combined(agreement, queryId);
    const { spill, lqi } = town.nodes.get('police') as RunningHolder;
    expect(existsSync(join(spill, queryId))).toBe(true);
    const body = { agreement: agreement.hash, word, records: 0 };
    await town.sets.tell('police', { queryId, body, attachment: Buffer.alloc(16) });
    await until('its files are gone', () => !existsSync(join(spill, queryId)));
    expect(await town.row('police', queryId)).toMatchObject({ state: 'ended', seed: null, dispatched: null });
    expect(await lqi.node.courier.store.knex('chunks').where({ query_id: queryId })).toEqual([]);
  });

  it('erase what is on the disk of a query that has ended while they were down', async () => {
    fill({ 'health-trust': range(0, 10), police: range(0, 10) });
    const agreement = await town.mesh.agree({ release: 'count' }, two);
    const queryId = await town.ask(agreement);
    await town.combined(agreement, queryId);
    const { spill } = town.nodes.get('police') as RunningHolder;
    await town.nodes.get('police')?.close();
    const body = { agreement: agreement.hash, word: 'ended' as const, records: 0 };
    await town.sets.tell('police', { queryId, body, attachment: Buffer.alloc(16) });
    expect(existsSync(join(spill, queryId))).toBe(true);
    await town.start('police');
    await until('its files are gone', () => !existsSync(join(spill, queryId)));
    expect(await town.row('police', queryId)).toMatchObject({ state: 'ended' });
  });

  it.each<[string, readonly object[], string]>([
    ['is larger than was agreed', children(range(0, 31), ''), 'set-too-large'],
    ['has a number that is none', [{ ...child(1, ''), nhsNumber: '9990000012' }], 'set-unfit'],
    ['has a person without any key', [{ ...child(1, ''), nhsNumber: null, surname: null }], 'set-unfit'],
    ['has a record that does not fit', [child(1, 'x'.repeat(300))], 'set-unfit'],
  ])('refuse where a set %s, and send no point of it', async (_what, rows, code) => {
    fill({ 'health-trust': [], police: [] });
    town.lists.set('police', rows as never);
    const agreement = await town.mesh.agree(
      { limits: { records: { most: 30 }, matches: { least: 0, most: 10 } } },
      two,
    );
    const queryId = await town.ask(agreement);
    expect(await refusalOf(queryId)).toMatchObject({ code });
    expect(await town.row('police', queryId)).toMatchObject({ state: 'refused', code, sent: 0, seed: null });
    expect(town.heard(queryId, 'tokens')).toEqual([]);
  });

  it('try again while a database is away, and refuse before it is too late', async () => {
    fill({ 'health-trust': [] });
    town.lists.set('police', new SourceFault('unavailable', new Error('no route to the 999 files')));
    const agreement = await town.mesh.agree({ deadlineSeconds: 6 }, two);
    expect(await refusalOf(await town.ask(agreement))).toMatchObject({ code: 'source-failed' });
    expect(town.nodes.get('police')?.lines.join()).not.toContain('999 files');
  });

  it('refuse before it is too late where nothing can be put down', async () => {
    fill({ 'health-trust': [1], police: [1] });
    const agreement = await town.mesh.agree({ deadlineSeconds: 6 }, two);
    const { spill } = town.nodes.get('police') as RunningHolder;
    await rename(spill, `${spill}.moved`);
    await writeFile(spill, 'a file where a folder is to be');
    const queryId = await town.ask(agreement);
    expect(await refusalOf(queryId)).toMatchObject({ code: 'unavailable' });
    expect(await town.row('police', queryId)).toMatchObject({ state: 'refused', seed: null });
    await rm(spill);
    await rename(`${spill}.moved`, spill);
  });

  it('go on when a database is back', async () => {
    fill({ 'health-trust': [1, 2] });
    town.lists.set('police', new SourceFault('unavailable'));
    const agreement = await town.mesh.agree({ release: 'count' }, two);
    const queryId = await town.ask(agreement);
    const tried = () =>
      town.nodes.get('police')?.lines.some((line) => line.includes('set.not-read') && line.includes(queryId));
    await until('it has tried', tried);
    fill({ police: [2, 3] });
    expect((await town.combined(agreement, queryId)).people).toBe(1);
  });

  it('drop a query whose time is over, and erase what there was of it', async () => {
    fill({ 'health-trust': range(0, 3), police: range(0, 3) });
    const agreement = await town.mesh.agree({ deadlineSeconds: 4 }, two);
    const queryId = await town.sets.dispatch(await town.mesh.ask(agreement), 'police'); // the other never hears of it
    const row = await until('it is dropped', async () => {
      const found = await town.row('police', queryId);
      return found?.state === 'dropped' && found;
    });
    expect(row).toMatchObject({ seed: null, dispatched: null });
    const spill = town.nodes.get('police')?.spill ?? '';
    await until('its files are gone', () => !existsSync(join(spill, queryId)));
  });
});
