// docs/holder-guide.md is tried: all its commands, as they stand there and in its order, from nothing to a first answered
// query. The other parties' people do what is theirs meanwhile.
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rightToRemain as example, samples } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import { base64url, type CheckAgreement } from '@anonymesh/protocol';
import { fingerprintOf, publicBytes, readKeyFile } from '@anonymesh/trust';
import knex from 'knex';
import { stringify } from 'yaml';
import { openCertificates, type CertificateFolder } from '../mesh/certificates.js';
import { until } from '../mesh/until.js';
import { startPostgres, type PrivatePostgres } from '../servers/postgres.js';
import { doAgreement } from '../standing/agree-in-mesh.js';
import { blocksOf, runBlock, startBlock } from './commands-of.js';
import { fingerprintIn, newcomer as id, openNewcomer, type Newcomer } from './newcomer.js';
import { runMesh } from './run-mesh.js';

const guide = 'docs/holder-guide.md';
const [person] = samples as readonly [(typeof samples)[number]];
let joining: Newcomer;
let made: CertificateFolder;
let postgres: PrivatePostgres;
let node: ChildProcess | undefined;
let variables: Record<string, string>;

const files = { author: 'ada', reviewer: 'grace' };

beforeAll(async () => {
  made = await openCertificates();
  const server = await made.make('records', { role: 'server', hosts: ['127.0.0.1'] });
  const pems = {
    ca: await readFile(server.ca, 'utf8'),
    certificate: await readFile(server.certificate, 'utf8'),
    key: await readFile(server.key, 'utf8'),
  };
  postgres = await startPostgres({ tls: pems, uncertified: true });
  const url = await makeRecords(pems.ca);
  joining = await openNewcomer();
  const { at } = joining;
  await mkdir(at('safe'));
  await writeFile(at('records.url'), url);
  await writeFile(at('values.yaml'), stringify({ niNumber: person.fields.niNumber, asOf: '2026-01-01' }));
  variables = {
    ...joining.variables,
    SAFE: at('safe'),
    RECORDS_URL: at('records.url'),
    DATABASE_CA: server.ca,
    PEOPLE: at('people'),
    VALUES: at('values.yaml'),
    AGREEMENT: at('right-to-remain.yaml'),
  };
}, 120_000);
afterAll(async () => {
  node?.kill('SIGKILL');
  await joining?.end();
  await postgres?.stop();
  made?.remove();
}, 30_000);

/** Tables without anybody in them, and an account that may only read: the address with that account. */
async function makeRecords(ca: string): Promise<string> {
  const url = new URL(postgres.url);
  const client = knex({ client: 'pg', connection: { connectionString: url.href, ssl: { ca } } });
  await client.raw(await readFile(join(example, 'council.sql'), 'utf8'));
  await client.raw('revoke create on schema public from public; create role lqi login');
  await client.raw('grant select on all tables in schema public to lqi');
  await client.destroy();
  url.username = 'lqi';
  return url.href;
}

const run = (name: string) => runBlock(name, variables, [], guide);

/** Whoever drafts it puts the newcomer beside the holders that were asked before. */
async function draft(): Promise<CheckAgreement> {
  const { out } = await runMesh('template', 'hash', joining.at(`${id}/templates/checks.yaml`), '--json');
  const { hash } = JSON.parse(out) as { hash: string };
  const [author, reviewer] = await Promise.all([files.author, files.reviewer].map(fingerprintOfPerson));
  const before = joining.mesh.agreements.get('right-to-remain') as CheckAgreement;
  const council = before.holders.find((holder) => holder.id === 'council') as CheckAgreement['holders'][number];
  const identity = String(variables['FINGERPRINT']);
  return {
    ...before,
    version: 2,
    parties: [...before.parties, { id, kind: 'holder', name: 'Land Registry', identity }],
    holders: [...before.holders, { ...council, id, template: { hash, author, reviewer } }],
  } as CheckAgreement;
}

async function fingerprintOfPerson(name: string): Promise<string> {
  const key = readKeyFile(joining.at(`people/${name}.pem`), 'Ed25519');
  return fingerprintOf(base64url(publicBytes(key)));
}

/** All others get the new directory, sign the agreement, and one of them publishes it. */
async function othersAgree(agreement: CheckAgreement): Promise<void> {
  const { mesh, at } = joining;
  const directory = String(variables['DIRECTORY']);
  for (const party of mesh.parties) {
    const { directory: own } = placesOf(mesh.dir, party.id);
    if (own === directory) continue;
    await copyFile(directory, `${own}.new`);
    await rename(`${own}.new`, own);
  }
  await mkdir(at('others'));
  const theirs = at('others/right-to-remain.yaml');
  await writeFile(theirs, stringify(agreement));
  for (const party of mesh.parties) {
    const { code, error } = await runMesh(
      'agreement',
      'sign',
      theirs,
      '--key',
      placesOf(mesh.dir, party.id).key('identity'),
    );
    expect([code, error]).toEqual([0, '']);
  }
  await doAgreement(mesh, 'coordinator', 'publish', theirs);
}

describe('docs/holder-guide.md', () => {
  it('makes keys, a config and a request, which the operator lets in', async () => {
    const FINGERPRINT = fingerprintIn(await run('init'));
    variables = { ...variables, FINGERPRINT };
    expect(await runBlock('admit', variables)).toContain(`${id} is admitted`);
  }, 60_000);

  it('finds nothing failing once what came back is in its place', async () => {
    const said = await run('accept');
    expect(said).toMatch(/^well +broker .*lets this party in/m);
    expect(said).toMatch(/^LOOK +agreements +No agreement names this holder/m);
    expect(said).toMatch(/ 0 failing/);
  }, 30_000);

  it('tries the template on its own records, and has two people sign it', async () => {
    await copyFile(join(example, 'templates/council.postgresql.yaml'), joining.at(`${id}/templates/checks.yaml`));
    const said = await run('template');
    expect(said).toMatch(/^A concern: No record was found .*\(\d+ ms\)$/m);
    expect(said.match(/ signed$/gm)).toHaveLength(2);
  }, 30_000);

  it('signs the agreement, starts the node, and comes to be in force', async () => {
    const agreed = await draft();
    await writeFile(String(variables['AGREEMENT']), stringify(agreed));
    expect(await run('sign')).toContain('Land Registry');
    const started = await startBlock('start', variables, [], guide);
    node = started.child;
    await until('it is connected', async () => (await joining.pages.connected()).has(id));
    expect(await run('publish')).toMatch(/published\./);
    expect(await run('list')).toMatch(/right-to-remain +2 +not signed yet by/);
    await othersAgree(agreed);
    await until('it is in force', async () => /right-to-remain +2 +in force until/.test(await run('list')), 60);
  }, 150_000);

  it('answers its first query, and sees that it did', async () => {
    const { mesh } = joining;
    // The nodes of the others may still wait for each other's word.
    const { queryId, reference } = await until('it can be asked', () =>
      mesh.ask(person).catch((error: Error) => {
        if (!error.message.includes('agreement-not-in-force')) throw error;
        return undefined;
      }),
    );
    const ended = await mesh.ended(queryId);
    expect([ended.state, ended.outcome, ended.holders, ended.answered]).toEqual(['decided', 'concern', 4, 4]);
    const { concerns } = await mesh.explain(person, reference);
    expect(concerns.map(({ holder }) => holder)).toContain('Land Registry');
    const said = await run('well');
    expect(said).toMatch(/^well +agreements +One agreement is in force\.$/m);
    expect(said).toMatch(/^well +last-query +The last query was dealt with less than a minute ago\.$/m);
    expect(said).toMatch(/ 0 failing/);
  }, 90_000);

  it('has no commands that are not run here', async () => {
    const run = ['init', 'accept', 'template', 'sign', 'start', 'publish', 'list', 'well'];
    expect([...(await blocksOf(guide)).keys()]).toEqual(run);
    expect((await readFile(new URL(`../../${guide}`, import.meta.url), 'utf8')).match(/^```sh/gm)).toHaveLength(
      run.length,
    );
  });
});
