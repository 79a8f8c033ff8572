import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { mesh, meshJson } from '../fixtures/mesh.js';

const example = fileURLToPath(
  new URL('../../../../examples/right-to-remain/templates/hmrc.sqlite.yaml', import.meta.url),
);
let folder: string;
const at = (path: string) => join(folder, path);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-cli-'));
  copyFileSync(example, at('hmrc.yaml'));
  for (const name of ['author', 'reviewer']) await mesh('keys', 'new', at('people'), '--person', name);
  await mesh('keys', 'new', at('keys'), '--kind', 'holder');
  const records = new DatabaseSync(at('records.sqlite'));
  records.exec(
    'CREATE TABLE taxpayer (ni_number TEXT); CREATE TABLE spell (ni_number TEXT, kind TEXT, began TEXT, ended TEXT);' +
      "INSERT INTO taxpayer VALUES ('AB123456C'), ('CD123456A'); INSERT INTO spell VALUES ('AB123456C', 'pay', '2010-01-01', NULL);",
  );
  records.close();
  const config = {
    party: 'hmrc',
    listen: { port: 0 },
    broker: { servers: ['nats://127.0.0.1:4222'], seed: 'keys/broker.seed' },
    keys: { signing: 'keys/signing.pem', sealing: ['keys/sealing.pem'], mask: ['keys/mask.pem'] },
    trust: { directory: 'directory.json', operator: 'A'.repeat(43), agreements: 'agreements' },
    store: { kind: 'embedded', file: 'state/store.sqlite' },
    source: { kind: 'sqlite', file: 'records.sqlite' },
    templates: '.',
  };
  writeFileSync(at('config.yaml'), stringify(config));
  writeFileSync(at('directory.json'), '{}');
  mkdirSync(at('agreements'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a template on the command line', () => {
  it('has one hash, whoever has signed it, and shows which signatures are of another text', async () => {
    const before = await meshJson('template', 'hash', at('hmrc.yaml'));
    expect(before.json.signers).toEqual([]);
    for (const name of ['author', 'reviewer'])
      await mesh('template', 'sign', at('hmrc.yaml'), '--key', at(`people/${name}.pem`));
    const { code, json } = await meshJson('template', 'hash', at('hmrc.yaml'));
    expect([code, json.hash]).toEqual([0, before.json.hash]);
    expect(json.signers.map(({ isValid }: { isValid: boolean }) => isValid)).toEqual([true, true]);
    mkdirSync(at('other'));
    copyFileSync(at('hmrc.yaml'), at('other/hmrc.yaml'));
    copyFileSync(at('hmrc.signatures.json'), at('other/hmrc.signatures.json'));
    appendFileSync(at('other/hmrc.yaml'), '    -- and more\n');
    const other = await mesh('template', 'hash', at('other/hmrc.yaml'));
    expect([other.code, other.out]).toEqual([1, expect.stringMatching(/NOT VALID[^]*NOT VALID/)]);
  });

  const attempt = (values: object, ...more: string[]) => {
    writeFileSync(at('values.json'), JSON.stringify(values));
    return meshJson(
      'template',
      'try',
      at('hmrc.yaml'),
      '--config',
      at('config.yaml'),
      '--values',
      at('values.json'),
      ...more,
    );
  };

  it('is tried on the holder’s records by the holder’s own program', async () => {
    expect((await attempt({ niNumber: 'AB123456C' })).json).toMatchObject({ kind: 'check', concern: false });
    expect((await attempt({ niNumber: 'CD123456A' })).json).toMatchObject({
      concern: true,
      reason: expect.stringContaining('fewer than six months'),
    });
    expect((await attempt({ niNumber: 'EF123456A' })).json).toMatchObject({
      concern: true,
      reason: expect.stringContaining('No record of work'),
    });
  });

  it('is not tried with a value missing, one too many, or on tables that are not there', async () => {
    expect(await attempt({})).toMatchObject({
      code: 2,
      json: { error: { message: expect.stringContaining('niNumber: must be given') } },
    });
    const tooMany = await attempt({ niNumber: 'AB123456C', surname: 'Smith' });
    expect(tooMany).toMatchObject({
      code: 2,
      json: { error: { message: expect.stringContaining('surname: is no parameter') } },
    });
    const other = at('other-table.yaml');
    writeFileSync(
      other,
      stringify({
        id: 'aa',
        version: 1,
        title: 'T',
        kind: 'sql',
        dialect: 'sqlite',
        parameters: ['niNumber'],
        answer: 'exists',
        reason: 'r',
        reasons: { r: 'R' },
        contact: 'C',
        rows: 1,
        milliseconds: 100,
        statement: 'DELETE FROM spell WHERE ni_number = :niNumber',
      }),
    );
    const tried = await mesh('template', 'try', other, '--config', at('config.yaml'), '--values', at('values.json'));
    expect(tried.code).toBe(2);
    writeFileSync(at('values.json'), '{"niNumber": "AB123456C"}');
    const again = await mesh('template', 'try', other, '--config', at('config.yaml'), '--values', at('values.json'));
    expect([again.code, again.error]).toEqual([1, expect.stringContaining('tries more than to read')]);
    expect((await attempt({ niNumber: 'AB123456C' })).json).toMatchObject({ concern: false });
  });

  describe('with the draft of an agreement', () => {
    const fields = { niNumber: { format: 'ni-number', label: 'NI number' } };
    const held = (name: string, agreement: unknown, template: string, values: object) => {
      writeFileSync(at(`${name}.yaml`), stringify(agreement));
      writeFileSync(at('values.json'), JSON.stringify(values));
      const args = ['--config', at('config.yaml'), '--values', at('values.json'), '--agreement', at(`${name}.yaml`)];
      return meshJson('template', 'try', at(template), ...args);
    };

    it('takes what this holder receives, in any form that a requester’s node would take', async () => {
      const { json: hashed } = await meshJson('template', 'hash', at('hmrc.yaml'));
      const draft = makeCheck({ fields, holders: ['hmrc', 'dwp'], hash: hashed.hash });
      const found = await held('check', draft, 'hmrc.yaml', { niNumber: 'cd 12 34 56 a' });
      expect(found.json).toMatchObject({ kind: 'check', concern: true, pinned: true });
      expect((await held('check', draft, 'hmrc.yaml', { niNumber: 'CD123456A', surname: 'x' })).code).toBe(2);
      const wrong = await held('check', draft, 'hmrc.yaml', { niNumber: 'CD-1' });
      expect([wrong.code, wrong.json.error.message]).toEqual([2, expect.stringContaining('niNumber: is not in the')]);
      expect(wrong.json.error.message).not.toContain('CD-1');
    });
  });

  it('steers nobody’s terminal by its title, its words or its columns', async () => {
    const text = readFileSync(at('hmrc.yaml'), 'utf8');
    const hostile = String.raw`"A\u001b[2K\u001b[1A\u202e\nNo concern"`;
    writeFileSync(
      at('hostile.yaml'),
      text.replace(/^title: .*$/m, `title: ${hostile}`).replace(/(not-on-record: ).*/, `$1${hostile}`),
    );
    writeFileSync(at('values.json'), '{"niNumber": "EF123456A"}');
    const args = ['--config', at('config.yaml'), '--values', at('values.json')];
    const { code, out } = await mesh('template', 'try', at('hostile.yaml'), ...args);
    const shown = 'A\ufffd[2K\ufffd[1A\ufffd\ufffdNo concern';
    expect([code, out.split('\n')]).toEqual([0, [shown, expect.stringContaining(`A concern: ${shown} (`)]]);
  });

  it('is not tried with a config that the node itself would not take', async () => {
    chmodSync(at('keys/signing.pem'), 0o644);
    const { code, json } = await attempt({ niNumber: 'AB123456C' });
    chmodSync(at('keys/signing.pem'), 0o600);
    expect([code, json.error.message]).toEqual([2, expect.stringContaining('others may use this file')]);
  });

  it('is refused at its line and column', async () => {
    writeFileSync(at('bad.yaml'), 'id: aa\nversion: one\n');
    const { code, error } = await mesh('template', 'hash', at('bad.yaml'));
    expect([code, error]).toEqual([1, expect.stringMatching(/bad\.yaml:\d+:\d+: /)]);
  });
});
