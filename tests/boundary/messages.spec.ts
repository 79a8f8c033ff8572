// The table of hops against the declarations: the broker's accounts follow from the one, the apps from the other.
import { describe, expect, it } from '@jest/globals';
import { hops, parties } from '../../boundaries.mjs';
import { declaredMessages, type Declared } from './declared-messages.js';
import { differences, hopsOf } from './hops.js';

describe('declared messages', () => {
  it('make the hops of boundaries.mjs, all of them and no others', () => {
    expect(differences(hopsOf(declaredMessages), hops)).toEqual([]);
    expect(hopsOf(declaredMessages).length).toBe(hops.length);
  });

  it('stand in the library of their own vocabulary', () => {
    for (const { name, vocabulary, declaredIn } of declaredMessages)
      expect([name, vocabulary]).toEqual([name, declaredIn]);
    expect(new Set(declaredMessages.map(({ declaredIn }) => declaredIn)).size).toBe(4);
  });

  it('are read at each hop by a party that speaks their vocabulary, also where they travel inside others', () => {
    for (const { vocabulary, hops: ways } of declaredMessages)
      for (const { to } of ways) expect(parties[to].speaks).toContain(vocabulary);
  });

  it('that share a subject have one size', () => {
    const bySubject = Map.groupBy(declaredMessages, ({ travelsAs, name }) => travelsAs ?? name);
    for (const together of bySubject.values()) {
      const carried = together.filter((message) => message.carried !== 'inside');
      expect(new Set(carried.map(({ size }) => size)).size).toBeLessThanOrEqual(1);
    }
  });
});

describe('the comparison', () => {
  const changed = (name: string, change: Partial<Declared>) =>
    differences(hopsOf(declaredMessages.map((each) => (each.name === name ? { ...each, ...change } : each))), hops);

  it('finds a message that goes to somebody else as well', () => {
    const both = [{ from: 'requester', to: 'coordinator' } as const, { from: 'requester', to: 'aggregator' } as const];
    expect(changed('ask', { hops: both })).toEqual([
      'not in the table: ask (core) requester -> aggregator on mesh.aggregator.ask as reply',
    ]);
  });

  it('finds a message that speaks, travels or is carried in another way', () => {
    expect(changed('explain', { vocabulary: 'core' })).toHaveLength(2);
    expect(changed('refusal', { travelsAs: 'refusal' })).toHaveLength(2);
    expect(changed('expect', { carried: 'reply' })).toHaveLength(2);
  });

  it('finds a message that is declared nowhere, and one that is declared twice', () => {
    const without = declaredMessages.filter(({ name }) => name !== 'slip');
    expect(differences(hopsOf(without), hops)).toEqual([
      'not declared: slip (core) portal -> coordinator on mesh.coordinator.slip as reply',
    ]);
    const twice = [...declaredMessages, ...declaredMessages.filter(({ name }) => name === 'slip')];
    expect(differences(hopsOf(twice), hops)).toEqual([
      'twice: slip (core) portal -> coordinator on mesh.coordinator.slip as reply',
    ]);
  });
});
