import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicant } from '@anonymesh/examples';
import { audienceOf, signedInWith, signIn, visitor, type SignedIn } from '@anonymesh/founding';
import { SignJWT } from 'jose';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';

let mesh: TestMesh;

beforeAll(async () => {
  mesh = await startTestMesh();
}, 90_000);
afterAll(() => mesh?.end());

const { fields } = applicant;
const asking = (subject: object, agreement = 'right-to-remain') => ({ agreement, subject });
const { postcode: _gone, ...withoutPostcode } = fields;
const secret = 'CE48291ZZ';

async function problemOf(response: Response) {
  const text = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  // Whatever was sent, nothing of it comes back.
  for (const value of [secret, ...Object.values(fields)]) expect(text).not.toContain(value);
  return { status: response.status, ...(JSON.parse(text) as { code: string; errors?: { field: string }[] }) };
}

describe('the requester’s API', () => {
  it.each([
    ['a field that is missing', asking(withoutPostcode), 422, 'invalid-subject', ['subject.postcode']],
    ['a number in no format', asking({ ...fields, niNumber: secret }), 422, 'invalid-subject', ['subject.niNumber']],
    ['a field that is no text', asking({ ...fields, surname: 7 }), 422, 'invalid-subject', ['subject.surname']],
    ['a field of no agreement', asking({ ...fields, income: '1' }), 422, 'invalid-subject', ['subject.income']],
    ['a value for a name', asking({ ...fields, [secret]: '1' }), 422, 'invalid-subject', ['subject.[withheld]']],
    ['an unknown agreement', asking(fields, 'at-risk-children'), 404, 'unknown-agreement', undefined],
    [
      'no subject',
      { agreement: 'right-to-remain' },
      422,
      'invalid-subject',
      ['subject.niNumber', 'subject.surname', 'subject.birthDate', 'subject.postcode'],
    ],
    ['more than is known', { ...asking(fields), [secret]: true }, 400, 'invalid-input', ['']],
    ['something else than an object', [secret], 400, 'invalid-input', ['']],
  ])('names the fields, never the values, of %s', async (_, body, status, code, named) => {
    const problem = await problemOf(await mesh.caseworker.send('POST', '/api/v1/queries', body));
    expect(problem).toMatchObject({ status, code });
    expect(problem.errors?.map(({ field }) => field)).toEqual(named);
  });

  it('refuses what is no JSON, too large, or of another type', async () => {
    const send = (body: string, type = 'application/json') =>
      fetch(`${mesh.url('immigration')}/api/v1/queries`, {
        method: 'POST',
        headers: { authorization: `Bearer ${mesh.caseworker.token}`, 'content-type': type },
        body,
      });
    expect(await problemOf(await send(`{"subject": ${secret}`))).toMatchObject({ status: 400, code: 'bad-request' });
    expect(await problemOf(await send(`"${'x'.repeat(300_000)}"`))).toMatchObject({ status: 413 });
    expect(await problemOf(await send(secret, 'application/xml'))).toMatchObject({ status: 415 });
  });

  it('lets nobody ask who has not the agreement’s role', async () => {
    const without = await signIn(mesh, 'immigration', visitor);
    expect(await problemOf(await without.send('POST', '/api/v1/queries', asking(fields)))).toMatchObject({
      status: 403,
      code: 'role-not-allowed',
    });
    expect(await without.call('GET', '/api/v1/agreements')).toEqual({ agreements: [] });
  });

  it('shows a query to the caseworker who asked and to nobody else', async () => {
    const { queryId } = await mesh.ask(applicant);
    const other = await signIn(mesh, 'immigration', visitor);
    for (const path of [`/api/v1/queries/${queryId}`, `/api/v1/queries/${'0'.repeat(32)}`, '/api/v1/queries/x'])
      expect(await problemOf(await other.send('GET', path))).toMatchObject({ status: 404, code: 'not-found' });
    await mesh.ended(queryId);
  });
});

describe('a token', () => {
  const apps = ['immigration', 'appeal-portal'] as const;
  const send = (app: (typeof apps)[number], token: string) => {
    const bearer = signedInWith(token, mesh.url(app));
    return app === 'immigration'
      ? bearer.send('GET', '/api/v1/queries')
      : bearer.send('POST', '/api/v1/explanations', { reference: 'x' });
  };

  it.each(apps)('is needed at %s', async (app) => {
    const path = app === 'immigration' ? '/api/v1/queries' : '/api/v1/rechecks';
    expect(await problemOf(await fetch(`${mesh.url(app)}${path}`, { method: 'POST' }))).toMatchObject({ status: 401 });
  });

  it.each(apps)('that somebody else signed is refused by %s', async (app) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const claims = { roles: ['caseworker'], ni_number: fields.niNumber };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: headerOf(mesh.caseworker).kid })
      .setIssuer(mesh.login.issuer)
      .setAudience(audienceOf(app))
      .setSubject('casey.worker')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
    expect(await problemOf(await send(app, forged))).toMatchObject({ status: 401, code: 'invalid-token' });
  });

  it('for one app is refused by the other', async () => {
    expect(await problemOf(await send('appeal-portal', mesh.caseworker.token))).toMatchObject({ status: 401 });
  });

  it('whose claims were changed is refused', async () => {
    const [head = '', payload = '', signature = ''] = mesh.caseworker.token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const changed = Buffer.from(JSON.stringify({ ...claims, exp: 4e9 })).toString('base64url');
    expect(await problemOf(await send('immigration', `${head}.${changed}.${signature}`))).toMatchObject({
      status: 401,
    });
  });

  it('of somebody without a verified identity opens nothing at the portal', async () => {
    const without = await signIn(mesh, 'appeal-portal', visitor);
    expect(await problemOf(await without.send('POST', '/api/v1/explanations', { reference: 'x' }))).toMatchObject({
      status: 403,
      code: 'identity-not-verified',
    });
  });
});

describe('the description of an API', () => {
  it.each([
    [
      'immigration',
      [
        '/api/v1/agreements',
        '/api/v1/queries',
        '/api/v1/queries/{id}',
        '/api/v1/queries/{id}/events',
        '/api/v1/queries/{id}/receipt',
        '/api/v1/queries/{id}/records',
        '/api/v1/queries/{id}/records.csv',
        '/openapi.json',
      ],
    ],
    [
      'hmrc',
      [
        '/api/v1/agreements',
        '/api/v1/approvals',
        '/api/v1/approvals/{id}',
        '/api/v1/disclosures',
        '/api/v1/disclosures.csv',
        '/api/v1/disclosures/search',
        '/api/v1/overview',
        '/api/v1/subjects/erase',
        '/api/v1/subjects/find',
        '/api/v1/trials',
        '/openapi.json',
      ],
    ],
    ['appeal-portal', ['/api/v1/explanations', '/api/v1/rechecks', '/openapi.json']],
  ])('of %s is served to everybody', async (app, paths) => {
    const described = await fetch(`${mesh.url(app)}/openapi.json`);
    expect(described.status).toBe(200);
    const document = (await described.json()) as { openapi: string; paths: object };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths).sort()).toEqual(paths);
  });

  it('is not all: every app says whether it is ready, and why not, and what it counted, to its operator alone', async () => {
    for (const { id } of mesh.parties) {
      const seen = async (url: string) => {
        const response = await fetch(url);
        return [response.status, Object.keys((await response.json()) as object)];
      };
      expect(await seen(`${mesh.url(id)}/health/live`)).toEqual([200, ['live']]);
      expect(await seen(`${mesh.url(id)}/health/ready`)).toEqual([200, ['ready']]);
      expect(await seen(`${mesh.monitoring(id)}/health/ready`)).toEqual([200, ['ready', 'state', 'checks']]);
      expect([id, (await fetch(`${mesh.monitoring(id)}/metrics`)).status]).toEqual([id, 200]);
      const onThePagesPort = await fetch(`${mesh.url(id)}/metrics`);
      expect([id, onThePagesPort.status]).toEqual([id, 404]);
      expect(await onThePagesPort.text()).not.toContain('anonymesh_');
    }
  });
});

function headerOf({ token }: SignedIn): { kid: string } {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
}
