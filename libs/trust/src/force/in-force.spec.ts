// Nodes that learn from each other over a network that delays, doubles and reorders, against what really happened.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { counting, inForce, type Known, type Status, type Terms } from './in-force.js';

const hour = 3_600_000;
const start = Date.UTC(2026, 5, 15, 12);

type Fact =
  | { readonly kind: 'terms'; readonly hash: string; readonly terms: Terms }
  | { readonly kind: 'signed'; readonly hash: string; readonly party: string }
  | { readonly kind: 'status'; readonly hash: string; readonly party: string; readonly status: Status };

class Node {
  readonly known = {
    terms: new Map<string, Terms>(),
    signed: new Map<string, Set<string>>(),
    statuses: new Map<string, Map<string, Status>>(),
  } satisfies Known;

  learn(fact: Fact): void {
    const { terms, signed, statuses } = this.known;
    if (fact.kind === 'terms') terms.set(fact.hash, fact.terms);
    else if (fact.kind === 'signed') signed.set(fact.hash, new Set([...(signed.get(fact.hash) ?? []), fact.party]));
    else {
      const of = statuses.get(fact.hash) ?? new Map<string, Status>();
      statuses.set(fact.hash, of.set(fact.party, counting(of.get(fact.party), fact.status)));
    }
  }
}

/** What one of the steps below may be; numbers are taken modulo what there is. */
type Step = readonly [
  kind: 'new' | 'sign' | 'publish' | 'renew' | 'withdraw' | 'wait' | 'deliver' | 'double' | 'lose-order',
  one: number,
  two: number,
];

class Mesh {
  now = start;
  readonly parties: string[];
  readonly nodes: Map<string, Node>;
  readonly made = new Map<string, Terms>();
  readonly signed = new Map<string, Set<string>>();
  /** When each party last said `in force`, and when it withdrew. */
  readonly said = new Map<string, number>();
  readonly withdrew = new Map<string, number>();
  readonly inFlight: { to: string; fact: Fact }[] = [];
  sequence = 0;

  constructor(count: number) {
    this.parties = Array.from({ length: count }, (_, index) => `party-${index}`);
    this.nodes = new Map(this.parties.map((party) => [party, new Node()]));
  }

  tell(from: string, fact: Fact): void {
    this.nodes.get(from)?.learn(fact);
    for (const to of this.parties) if (to !== from) this.inFlight.push({ to, fact });
  }

  deliver(index: number): void {
    const [carried] = this.inFlight.splice(index, 1);
    if (carried !== undefined) this.nodes.get(carried.to)?.learn(carried.fact);
  }

  do([kind, one, two]: Step): void {
    const party = this.parties[one % this.parties.length] ?? '';
    const hash = [...this.made.keys()][two % Math.max(this.made.size, 1)] ?? '';
    const terms = this.made.get(hash);
    if (kind === 'new') {
      const id = `agreement-${one % 2}`;
      const version = (two % 3) + 1;
      const from = two % 4 === 0 ? '2026-06-17' : '2026-06-01';
      const until = two % 5 === 0 ? '2026-06-16' : '2026-12-31';
      this.made.set(`hash-${this.made.size}`, { id, version, parties: this.parties, validity: { from, until } });
    } else if (kind === 'wait') this.now += ((one % 30) + 1) * hour;
    else if (kind === 'deliver') this.deliver(one % Math.max(this.inFlight.length, 1));
    else if (kind === 'double') {
      const again = this.inFlight[one % Math.max(this.inFlight.length, 1)];
      if (again !== undefined) this.inFlight.push(again);
    } else if (kind === 'lose-order') this.inFlight.reverse();
    else if (terms === undefined) return;
    else if (kind === 'publish') this.tell(party, { kind: 'terms', hash, terms });
    else if (kind === 'sign') {
      this.signed.set(hash, new Set([...(this.signed.get(hash) ?? []), party]));
      this.tell(party, { kind: 'signed', hash, party });
    } else if (kind === 'renew') {
      if (this.withdrew.has(`${hash} ${party}`)) return;
      this.said.set(`${hash} ${party}`, this.now);
      this.status(hash, party, 'in-force');
    } else {
      if (!this.withdrew.has(`${hash} ${party}`)) this.withdrew.set(`${hash} ${party}`, this.now);
      this.status(hash, party, 'withdrawn');
    }
  }

  status(hash: string, party: string, state: Status['state']): void {
    const status = { state, sequence: ++this.sequence, from: this.now, until: this.now + 24 * hour };
    this.tell(party, { kind: 'status', hash, party, status });
  }

  /** Why a node must not run what it runs, by what really happened; at a node's own place the latest counts at once. */
  wrong(): string[] {
    const today = new Date(this.now).toISOString().slice(0, 10);
    return [...this.nodes].flatMap(([at, { known }]) =>
      [...this.made].flatMap(([hash, { validity }]) => {
        if (inForce(hash, known, this.now).standing !== 'in-force') return [];
        const faults: string[] = [];
        if (today < validity.from || today > validity.until) faults.push('out of its validity');
        for (const party of this.parties) {
          const said = this.said.get(`${hash} ${party}`);
          const withdrew = this.withdrew.get(`${hash} ${party}`);
          if (this.signed.get(hash)?.has(party) !== true) faults.push(`${party} has not signed`);
          if (said === undefined || this.now >= said + 24 * hour) faults.push(`${party} is silent`);
          if (withdrew !== undefined && (party === at || this.now >= withdrew + 24 * hour))
            faults.push(`${party} withdrew`);
        }
        return faults.map((fault) => `${at} runs ${hash}: ${fault}`);
      }),
    );
  }

  standings(): string[][] {
    return [...this.nodes.values()].map(({ known }) =>
      [...this.made.keys()].map((hash) => JSON.stringify(inForce(hash, known, this.now))),
    );
  }
}

const kinds = ['new', 'sign', 'publish', 'renew', 'withdraw', 'wait', 'deliver', 'double', 'lose-order'] as const;
const weights = [3, 12, 6, 14, 1, 1, 20, 4, 2];
const step = fc.tuple(
  fc.oneof(...kinds.map((kind, index) => ({ weight: weights[index] ?? 1, arbitrary: fc.constant(kind) }))),
  fc.nat(1000),
  fc.nat(1000),
);

describe('nodes that learn of agreements from each other', () => {
  it('never run what is unsigned, expired, withdrawn or silent, and agree as soon as they know the same', () => {
    let ran = 0;
    let withdrawn = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.array(step, { minLength: 80, maxLength: 250, size: 'max' }),
        (count, steps) => {
          const mesh = new Mesh(count);
          for (const each of steps) {
            mesh.do(each);
            expect(mesh.wrong()).toEqual([]);
            if (each[0] === 'deliver')
              ran += mesh
                .standings()
                .flat()
                .filter((said) => said.includes('in-force')).length;
          }
          while (mesh.inFlight.length > 0) mesh.deliver(mesh.inFlight.length % 7 === 0 ? 0 : mesh.inFlight.length - 1);
          expect(mesh.wrong()).toEqual([]);
          const [first, ...others] = mesh.standings();
          for (const other of others) expect(other).toEqual(first);
          for (const key of mesh.withdrew.keys()) {
            const [hash = ''] = key.split(' ');
            expect(first?.[[...mesh.made.keys()].indexOf(hash)]).toMatch(/withdrawn|unknown/);
            withdrawn++;
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(withdrawn).toBeGreaterThan(50);
    expect(ran).toBeGreaterThan(100);
  });

  it('run what all have signed and say is in force, all of them, until one withdraws, and never again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.array(fc.nat(), { maxLength: 60 }), (count, order) => {
        const mesh = new Mesh(count);
        mesh.do(['new', 1, 1]);
        for (const [index] of mesh.parties.entries())
          for (const kind of ['publish', 'sign', 'renew'] as const) mesh.do([kind, index, 0]);
        const deliverAll = () => {
          for (const at of order) mesh.do(['deliver', at, 0]);
          while (mesh.inFlight.length > 0) mesh.deliver(0);
        };
        deliverAll();
        expect(new Set(mesh.standings().flat())).toEqual(new Set(['{"standing":"in-force"}']));
        const who = order[0] ?? 0;
        mesh.do(['withdraw', who, 0]);
        const withdrawn = new Set([JSON.stringify({ standing: 'withdrawn', by: [mesh.parties[who % count]] })]);
        for (const [index] of mesh.parties.entries()) mesh.do(['renew', index, 0]);
        deliverAll();
        expect(new Set(mesh.standings().flat())).toEqual(withdrawn);
        for (const [index] of mesh.parties.entries())
          for (const kind of ['publish', 'sign', 'renew'] as const) mesh.do([kind, index, 0]);
        deliverAll();
        expect(new Set(mesh.standings().flat())).toEqual(withdrawn);
      }),
    );
  });
});

describe('an agreement', () => {
  const parties = ['hmrc', 'dwp'];
  const validity = { from: '2026-06-01', until: '2026-06-30' };
  const alive: Status = { state: 'in-force', sequence: 1, from: start - hour, until: start + hour };

  /** Known and alive, with another of the same id beside it. */
  function knownWith(other: Partial<Terms> & { readonly isSigned?: boolean; readonly withdrawn?: boolean }): Known {
    const node = new Node();
    const { isSigned = true, withdrawn = false, ...terms } = other;
    node.learn({ kind: 'terms', hash: 'one', terms: { id: 'a', version: 2, parties, validity } });
    node.learn({ kind: 'terms', hash: 'other', terms: { id: 'a', version: 3, parties, validity, ...terms } });
    for (const party of parties) {
      node.learn({ kind: 'signed', hash: 'one', party });
      node.learn({ kind: 'status', hash: 'one', party, status: alive });
      if (isSigned) node.learn({ kind: 'signed', hash: 'other', party });
      if (withdrawn) node.learn({ kind: 'status', hash: 'other', party, status: { ...alive, state: 'withdrawn' } });
    }
    return node.known;
  }
  const standing = (known: Known, now = start) => inForce('one', known, now).standing;

  it.each([
    ['a newer version that all have signed', {}, 'superseded'],
    ['a newer version that somebody has not signed', { isSigned: false }, 'in-force'],
    ['a newer version that begins tomorrow', { validity: { from: '2026-06-16', until: '2026-12-31' } }, 'in-force'],
    ['a newer version that was withdrawn', { withdrawn: true }, 'superseded'],
    ['a newer version that is past', { validity: { from: '2026-06-01', until: '2026-06-02' } }, 'superseded'],
    ['an older version', { version: 1 }, 'in-force'],
    ['another one of the same version', { version: 2 }, 'in-conflict'],
    ['another agreement', { id: 'b' }, 'in-force'],
  ])('beside %s', (_what, other, expected) => {
    expect(standing(knownWith(other))).toBe(expected);
  });

  it('waits for whoever is silent, by name, and is for nobody beyond its last day', () => {
    const known = knownWith({ id: 'b' });
    expect(inForce('one', known, start + hour - 1)).toEqual({ standing: 'in-force' });
    expect(inForce('one', known, start + hour)).toEqual({ standing: 'waiting', for: parties });
    expect(standing(known, Date.UTC(2026, 6, 1))).toBe('not-valid-today');
    expect(inForce('nowhere', known, start)).toEqual({ standing: 'unknown' });
  });

  it('does not count a status from the future, but for clocks that differ', () => {
    const known = knownWith({ id: 'b' });
    expect(standing(known, start - hour - 4 * 60_000)).toBe('in-force');
    expect(standing(known, start - hour - 6 * 60_000)).toBe('waiting');
  });
});
