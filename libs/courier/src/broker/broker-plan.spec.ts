import { describe, expect, it } from '@jest/globals';
import { createAccount, createUser } from '@nats-io/nkeys';
import { hops } from '../../../../boundaries.mjs';
import { newBrokerKey } from '../../../../tests/mesh/broker-key.js';
import { brokerConfig } from './broker-config.js';
import { planBroker } from './broker-plan.js';
import { members, place, provisioningKey } from './fixtures/small-mesh.js';
import type { Member } from './members.js';
import type { Hop } from './routes.js';

const plan = planBroker({ hops, members, provisioningKey });

interface AccountText {
  exports?: { service: string; accounts: string[] }[];
  imports?: { service: { account: string; subject: string }; to: string }[];
  users?: { nkey: string; permissions: { publish: { allow: string[] }; subscribe: { allow: string[] } } }[];
  jetstream?: string;
}

function accountsIn(text: string): Record<string, AccountText> {
  return (JSON.parse(text) as { accounts: Record<string, AccountText> }).accounts;
}

/** What the boundaries table grants, worked out without the plan. */
function promised(): string[] {
  const granted = hops.flatMap((hop) => {
    const receivers = members.filter((member) => member.kind === hop.to);
    const senders = members.filter((member) => member.kind === hop.from);
    return receivers.flatMap(({ id }) => {
      const subject = hop.subject.split('<id>').join(hop.carried === 'stream' ? '*' : id);
      const others = senders.filter((sender) => sender.id !== id);
      return others.map((sender) => `${sender.id} -> ${hop.carried === 'stream' ? 'MESH' : id}: ${subject}`);
    });
  });
  const own = Object.entries({
    holder: 'LQI',
    requester: 'REQUESTER',
    coordinator: 'COORDINATOR',
    aggregator: 'AGGREGATOR',
    portal: 'PORTAL',
  });
  const consumers = own.flatMap(([kind, prefix]) =>
    members
      .filter((member) => member.kind === kind)
      .flatMap(({ id }) => [
        `${id} -> MESH: $JS.API.CONSUMER.INFO.${prefix}_${id}.${prefix}_${id}`,
        `${id} -> MESH: $JS.API.CONSUMER.MSG.NEXT.${prefix}_${id}.${prefix}_${id}`,
        `${id} -> MESH: $JS.ACK.${prefix}_${id}.${prefix}_${id}.>`,
      ]),
  );
  return [...new Set([...granted, ...consumers])].sort();
}

function imported(text: string): string[] {
  return Object.entries(accountsIn(text))
    .flatMap(([name, { imports = [] }]) =>
      imports.map(({ service }) => `${name} -> ${service.account}: ${service.subject}`),
    )
    .sort();
}

function exported(text: string): string[] {
  return Object.entries(accountsIn(text))
    .flatMap(([name, { exports = [] }]) =>
      exports.flatMap(({ service, accounts }) => accounts.map((importer) => `${importer} -> ${name}: ${service}`)),
    )
    .sort();
}

describe('the plan of the broker', () => {
  const text = brokerConfig(plan, place);

  it('imports into every account exactly what the boundaries table lets its party send, and its own consumer', () => {
    expect(imported(text)).toEqual(promised());
  });

  it('exports exactly the same, each service to named accounts only', () => {
    expect(exported(text)).toEqual(promised());
    for (const { exports = [] } of Object.values(accountsIn(text))) {
      for (const { accounts } of exports) expect(accounts.length).toBeGreaterThan(0);
    }
  });

  it('would be caught with one import or one export too many', () => {
    const grown = accountsIn(text);
    grown['hmrc']?.imports?.push({
      service: { account: 'MESH', subject: 'mesh.lqi.*.dispatch' },
      to: 'mesh.lqi.*.dispatch',
    });
    grown['MESH']?.exports?.at(0)?.accounts.push('hmrc');
    const tampered = JSON.stringify({ accounts: grown });
    expect(imported(tampered)).not.toEqual(promised());
    expect(exported(tampered)).not.toEqual(promised());
  });

  it('lets a user publish what its account imports and subscribe to its inbox and what its account answers', () => {
    for (const member of members) {
      const { users = [], imports = [], exports = [] } = accountsIn(text)[member.id] ?? {};
      expect(users).toHaveLength(1);
      expect(users[0]?.nkey).toBe(member.brokerKey);
      expect(users[0]?.permissions.publish.allow).toEqual(imports.map((service) => service.to));
      expect(users[0]?.permissions.subscribe.allow).toEqual([
        `_INBOX_${member.id}.>`,
        ...exports.map((service) => service.service),
      ]);
    }
  });

  it('gives streams to the mesh alone and a user to the system account never', () => {
    const accounts = accountsIn(text);
    expect(Object.keys(accounts).filter((name) => accounts[name]?.jetstream !== undefined)).toEqual(['MESH']);
    expect(JSON.parse(text)).toMatchObject({ system_account: 'SYS', accounts: { SYS: {} } });
    expect(accounts['SYS']).toEqual({});
  });

  it('exports a subject that nobody may send on to nobody: to the server an empty list means everybody', () => {
    const alone = members.filter((member) => member.kind === 'aggregator' || member.kind === 'holder');
    const { accounts } = planBroker({ hops, members: alone, provisioningKey });
    const subjects = accounts.flatMap((account) => account.exports.map((service) => service.subject));
    expect(subjects).toContain('mesh.aggregator.answer');
    expect(subjects).not.toContain('mesh.aggregator.expect');
    expect(subjects).not.toContain('mesh.aggregator.explain');
  });

  it('lets who answers listen where nobody asks yet, as it will not try again when somebody does', () => {
    const alone = members.filter((member) => member.kind === 'aggregator' || member.kind === 'holder');
    const { accounts } = planBroker({ hops, members: alone, provisioningKey });
    const aggregator = accounts.find(({ name }) => name === 'aggregator');
    expect(aggregator?.user).toMatchObject({
      subscribe: ['_INBOX_aggregator.>', 'mesh.aggregator.explain'],
      responds: true,
    });
    expect(aggregator?.exports).toEqual([]);
    const all = plan.accounts.find(({ name }) => name === 'aggregator');
    expect(all?.user?.subscribe).toEqual(aggregator?.user?.subscribe);
  });

  it('never lets a party send to itself, where its kind sends to its kind', () => {
    const exchange: Hop = {
      message: 'exchange',
      from: 'holder',
      to: 'holder',
      subject: 'mesh.lqi.<id>.exchange',
      carried: 'stream',
    };
    const { accounts } = planBroker({ hops: [exchange], members, provisioningKey });
    const hmrc = accounts.find((account) => account.name === 'hmrc');
    expect(hmrc?.imports.map((service) => service.subject)).toContain('mesh.lqi.*.exchange');
    expect(hmrc?.user?.never).toEqual(['mesh.lqi.hmrc.exchange']);
    const alone = members.filter(({ kind, id }) => kind !== 'holder' || id === 'hmrc');
    const [, mesh] = planBroker({ hops: [exchange], members: alone, provisioningKey }).accounts;
    expect(mesh?.exports.filter(({ subject }) => subject.endsWith('exchange'))).toEqual([]);
  });

  it('grows with the number of parties, and not with its square', () => {
    const sizeOf = (requesters: number) => {
      const more = Array.from({ length: requesters }, (_, index): Member => {
        const id = `requester-${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`;
        return { id, kind: 'requester', brokerKey: newBrokerKey().publicKey };
      });
      return brokerConfig(planBroker({ hops, members: [...members, ...more], provisioningKey }), place).length;
    };
    const [none = 0, some = 0, many = 0] = [0, 100, 200].map(sizeOf);
    expect((many - some) / (some - none)).toBeLessThan(1.1);
  });
});

describe('a plan is refused', () => {
  const key = newBrokerKey().publicKey;
  const withMember = (change: Partial<Member>) => (): unknown =>
    planBroker({
      hops,
      members: [...members, { id: 'police', kind: 'holder', brokerKey: key, ...change }],
      provisioningKey,
    });

  it.each([
    '',
    'p',
    'Police',
    'po.lice',
    'po*',
    '>',
    'po lice',
    'police\n',
    '-police',
    '__proto__',
    'p'.repeat(32),
    'pölice',
  ])('for the id %j', (id) => {
    expect(withMember({ id })).toThrow(/the id is not/);
  });

  it.each([
    '',
    'U',
    key.toLowerCase(),
    `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
    `${key}"}`,
    createAccount().getPublicKey(),
    new TextDecoder().decode(createUser().getSeed()),
  ])('for the broker key %j', (brokerKey) => {
    expect(withMember({ brokerKey })).toThrow(/police: the broker key is not/);
  });

  it('for a key or an id that is there twice, and for the provisioning key as a party’s', () => {
    expect(withMember({ brokerKey: provisioningKey })).toThrow(/the broker key is there twice/);
    expect(withMember({ brokerKey: members[0]?.brokerKey ?? '' })).toThrow(/the broker key is there twice/);
    expect(withMember({ id: 'hmrc' })).toThrow(/hmrc: the id is there twice/);
  });

  it('for two receivers of one subject, a subject carried in two ways, and a subject with a wildcard', () => {
    expect(withMember({ kind: 'coordinator' })).toThrow(/mesh\.coordinator\.ask has more than one receiver/);
    const both = (hop: Partial<Hop>) => (): unknown =>
      planBroker({ hops: [...hops, { ...(hops[0] as Hop), ...hop }], members, provisioningKey });
    expect(both({ carried: 'stream' })).toThrow(/carried in two ways/);
    expect(both({ subject: 'mesh.>' })).toThrow(/no subject of a hop/);
    expect(both({ subject: '$JS.API.STREAM.NAMES' })).toThrow(/no subject of a hop/);
  });

  it('with all faults at once', () => {
    const faulty = { id: 'X', kind: 'spy' as 'holder', brokerKey: 'Y' };
    expect(() => planBroker({ hops, members: [faulty], provisioningKey: 'Z' })).toThrow(
      /provisioning key.*member 1: the id.*member 1: no such kind.*member 1: the broker key/,
    );
  });
});
