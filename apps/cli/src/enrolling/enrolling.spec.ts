// What a party of each kind makes to join a mesh, and what it is told that it cannot make; the config is read by the app
// that it is for.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partyKind, type PartyKind } from '@anonymesh/protocol';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { apps } from '../examining/which-app.js';
import { mesh, meshJson } from '../fixtures/mesh.js';
import { recordKinds } from './records-of.js';

let folder: string;
let operator: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-cli-'));
  operator = (await meshJson('keys', 'new', at('operator'), '--operator')).json.publicKey;
});
afterAll(() => rmSync(folder, { recursive: true }));

const at = (path: string) => join(folder, path);
let made = 0;

/** In a new folder, with these options in place of good ones. */
function init(kind: string, options: Record<string, string> = {}, home = at(`home-${made++}`)) {
  const all = { kind, id: 'newcomer', name: 'Newcomer', broker: 'nats://broker.example:4222', operator, ...options };
  const args = Object.entries(all).flatMap(([option, value]) => [`--${option}`, value]);
  return { home, ran: mesh('party', 'init', home, ...args) };
}

async function done(kind: PartyKind, options: Record<string, string> = {}): Promise<string> {
  const { home, ran } = init(kind, options);
  const { code, error } = await ran;
  expect([code, error]).toEqual([0, '']);
  return home;
}

/** What its app finds at fault in a config, beside files that come from the operator or are the organisation's own. */
async function faultsOf(kind: PartyKind, config: string): Promise<string[]> {
  const { json } = await meshJson('doctor', '--config', config, '--app', apps[kind]);
  const found = (json.checks as { reason: string }[]).map(({ reason }) => reason.replace(/^.*?:\d+:\d+: /, ''));
  expect(found).toEqual(expect.arrayContaining(['trust.directory: no such file.', 'broker.tls.ca: no such file.']));
  return found.filter((fault) => !/: no such file\.$/.test(fault));
}

describe('mesh party init', () => {
  it.each<[what: string, kind: string, options: Record<string, string>, said: RegExp]>([
    ['a kind that there is not', 'spy', {}, /'--kind <kind>' argument 'spy' is invalid/],
    ['no kind', '', {}, /'--kind <kind>' argument '' is invalid/],
    ['the kind of two parties', 'holder,requester', {}, /is invalid/],
    ['an id that is a path', 'requester', { id: '../operator' }, /--id is 2 to 31/],
    ['an id in capitals', 'requester', { id: 'Newcomer' }, /--id is 2 to 31/],
    ['an id of one letter', 'requester', { id: 'a' }, /--id is 2 to 31/],
    ['an id that begins with a digit', 'requester', { id: '1st-office' }, /begins with a letter/],
    ['a subject of the broker as its id', 'aggregator', { id: 'mesh.>' }, /--id is 2 to 31/],
    ['no name', 'portal', { name: '' }, /^--name: /],
    ['a name of two lines', 'portal', { name: 'Office\nstore: { kind: embedded }' }, /^--name: must be one line/],
    ['a name that steers a terminal', 'portal', { name: '\u001b[2KOffice' }, /^--name: must be one line/],
    ['a name that turns the line round', 'portal', { name: 'Off\u202eeci' }, /^--name: must be one line/],
    ['a name without end', 'portal', { name: 'o'.repeat(201) }, /^--name: /],
    ['an operator’s key that is too short', 'coordinator', { operator: 'AAAA' }, /--operator is 32 bytes/],
    ['a broker on the web', 'coordinator', { broker: 'https://broker.example' }, /--broker is written nats/],
    ['a broker and a command', 'coordinator', { broker: 'nats://broker]\n  seed: x' }, /--broker is written nats/],
    ['a broker’s port that is none', 'coordinator', { broker: 'nats://broker.example:99999' }, /--broker is written/],
    ['port 0', 'aggregator', { port: '0' }, /--port is a port/],
    ['a port that is no number', 'aggregator', { port: '1e3' }, /--port is a port/],
    ['a port that is too large', 'aggregator', { port: '65536' }, /--port is a port/],
    ['keys for no day', 'aggregator', { days: '0' }, /--days is a whole number/],
    ['records at a requester', 'requester', { records: 'postgres' }, /--records is for a holder/],
    ['records of no kind', 'holder', { records: 'paper' }, /'--records <kind>' argument 'paper' is invalid/],
    ['people at an aggregator', 'aggregator', { issuer: 'https://id.example' }, /--issuer is for a requester/],
    ['an issuer that is none', 'requester', { issuer: 'id.example' }, /--issuer is written https/],
    ['an issuer and a key of the config', 'portal', { issuer: 'https://id.example/\n  x: y' }, /--issuer is written/],
    ['an issuer with a password', 'portal', { issuer: 'https://me:mine@id.example' }, /--issuer is written https/],
  ])('with %s makes nothing, and says why', async (_what, kind, options, said) => {
    const { home, ran } = init(kind, options);
    const { code, out, error } = await ran;
    expect([code, out, error]).toEqual([2, '', expect.stringMatching(said)]);
    expect(existsSync(home)).toBe(false);
  });

  it('leaves alone a folder with something in it, and its own when it is run twice', async () => {
    mkdirSync(at('old/keys'), { recursive: true });
    const { code, error } = await init('requester', {}, at('old')).ran;
    expect([code, error]).toEqual([2, `${at('old')}: something is in it already: name a new folder`]);
    expect(readdirSync(at('old'), { recursive: true })).toEqual(['keys']);

    writeFileSync(at('file'), '');
    expect((await init('requester', {}, at('file')).ran).code).toBe(2);

    const home = await done('requester');
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const bytes = () => files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
    const before = bytes();
    expect((await init('aggregator', {}, home).ran).code).toBe(2);
    expect(bytes()).toEqual(before);
  });

  it('takes an empty folder that is there, such as one of another user’s making', async () => {
    mkdirSync(at('empty'));
    expect((await init('aggregator', {}, at('empty')).ran).code).toBe(0);
  });

  it.each(partyKind.options)('makes the keys of a %s, which only their owner can read', async (kind) => {
    const home = await done(kind);
    const names = ['identity.pem', 'signing.pem', 'sealing.pem', 'broker.seed', 'tls-key.pem'];
    const keys = readdirSync(join(home, 'keys')).sort();
    expect(keys).toEqual((kind === 'holder' ? [...names, 'mask.pem'] : names).sort());
    for (const key of keys) expect([key, statSync(join(home, 'keys', key)).mode & 0o777]).toEqual([key, 0o600]);
    expect(statSync(home).mode & 0o077).toBe(0);
    expect(existsSync(join(home, 'templates'))).toBe(kind === 'holder');
  });

  it.each(partyKind.options)('asks to be let in as %s', async (kind) => {
    const home = await done(kind);
    const request = join(home, 'join-request.jws');
    const { json } = await meshJson('directory', 'review', request, '--operator', operator);
    expect(json).toMatchObject({ id: 'newcomer', kind, name: 'Newcomer' });
    const admitting = [at('none.json'), request, '--operator-key', at('operator/operator.pem')];
    const more = ['--fingerprint', json.fingerprint, '--broker', at('none.yaml'), '--out', at('none')];
    for (const other of partyKind.options.filter((each) => each !== kind)) {
      const { code, error } = await mesh('directory', 'admit', ...admitting, '--kind', other, ...more);
      expect([code, error]).toEqual([1, `${request}: asks to be let in as ${kind}, not as ${other}`]);
    }
    expect([existsSync(at('none.json')), existsSync(at('none'))]).toEqual([false, false]);
  });

  it.each(partyKind.options)('writes a config that the app of a %s takes, but for files to come', async (kind) => {
    const people = kind === 'requester' || kind === 'portal';
    const home = await done(kind, people ? { issuer: 'https://id.example/realms/one' } : {});
    expect(await faultsOf(kind, join(home, 'config.yaml'))).toEqual([]);
  });

  it.each(recordKinds)('writes a config for records in %s', async (records) => {
    const home = await done('holder', { records });
    expect(await faultsOf('holder', join(home, 'config.yaml'))).toEqual([]);
  });

  it.each<PartyKind>(['requester', 'portal'])('says in what %s it lacks to know where people sign in', async (kind) => {
    const { home, ran } = init(kind);
    expect((await ran).out).toContain('config.yaml: fill in where people sign in (oidc.issuer).');
    expect(await faultsOf(kind, join(home, 'config.yaml'))).toEqual([expect.stringMatching(/^oidc\.issuer: .*URL/)]);
  });

  it.each<PartyKind>(['requester', 'portal'])('has pages for a %s in a comment that it would take', async (kind) => {
    const issuer = 'https://id.example';
    const home = await done(kind, { issuer });
    const config = join(home, 'config.yaml');
    const text = readFileSync(config, 'utf8')
      .replace(/^# (pages:| {2}\w)/gm, '$1')
      .replace('the same as under oidc', issuer);
    writeFileSync(config, text);
    for (const name of ['pages-client', 'pages-session'])
      writeFileSync(join(home, `keys/${name}.secret`), 's'.repeat(64), { mode: 0o600 });
    expect(parse(text)).toMatchObject({ pages: { issuer } });
    expect(await faultsOf(kind, config)).toEqual([]);
  });

  it.each(['null', 'true', 'on', 'y-1'])('has the id %s as the text that it is', async (id) => {
    const home = await done('coordinator', { id, name: `O’Neill: "Land" # & sons \\ {é}` });
    expect(parse(readFileSync(join(home, 'config.yaml'), 'utf8'))).toMatchObject({ party: id });
    expect(await faultsOf('coordinator', join(home, 'config.yaml'))).toEqual([]);
  });
});

describe('the operator’s key', () => {
  it('is made with its public half, and only its owner can read it', async () => {
    expect(statSync(at('operator/operator.pem')).mode & 0o777).toBe(0o600);
    const { json } = await meshJson('keys', 'show', at('operator/operator.pem'));
    expect(json.keys[0].publicKey).toBe(operator);
  });

  it('is no party’s, and is not written over', async () => {
    expect((await mesh('keys', 'new', at('both'), '--operator', '--kind', 'holder')).code).toBe(2);
    expect((await mesh('keys', 'new', at('both'), '--operator', '--auditor')).code).toBe(2);
    expect(existsSync(at('both'))).toBe(false);
    const before = readFileSync(at('operator/operator.pem'));
    expect((await mesh('keys', 'new', at('operator'), '--operator')).code).toBe(2);
    expect(readFileSync(at('operator/operator.pem'))).toEqual(before);
  });
});
