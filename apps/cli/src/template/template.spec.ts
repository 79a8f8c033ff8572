import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
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
import { parse, stringify } from 'yaml';
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
    /** An example's, with `hash` for each template that it pins. */
    const writeDraft = (name: string, hash: string) => {
      const text = readFileSync(new URL(`../../../../examples/${name}/agreement.yaml`, import.meta.url), 'utf8');
      let made = 0;
      const fingerprint = () =>
        createHash('sha256')
          .update(String((made += 1)))
          .digest('base64url');
      const { auditor: _, ...draft } = parse(text.replaceAll('<filled at signing>', fingerprint)) as Draft;
      const template = { hash, author: fingerprint(), reviewer: fingerprint() };
      const holders = draft.holders.map((each) => ({ ...each, template }));
      writeFileSync(at(`${name}.yaml`), stringify({ ...draft, holders }));
      return ['--agreement', at(`${name}.yaml`)];
    };
    interface Draft {
      readonly auditor: unknown;
      readonly holders: readonly object[];
    }
    const hashOf = async (file: string) => (await meshJson('template', 'hash', at(file))).json.hash as string;
    const tried = (file: string, config: string, values: object, ...more: string[]) => {
      writeFileSync(at('values.json'), JSON.stringify(values));
      return meshJson('template', 'try', at(file), '--config', at(config), '--values', at('values.json'), ...more);
    };

    it('takes what this holder receives, in any form that a requester’s node would take', async () => {
      const draft = writeDraft('right-to-remain', await hashOf('hmrc.yaml'));
      const given = { niNumber: 'ab 12 34 56 d', birthDate: '1985-03-27' };
      expect((await tried('hmrc.yaml', 'config.yaml', given, ...draft)).json).toMatchObject({
        kind: 'check',
        concern: true,
        pinned: true,
      });
      const wrong = await tried('hmrc.yaml', 'config.yaml', { niNumber: 'CD-1', postcode: 'NM1 4QT' }, ...draft);
      expect([wrong.code, wrong.json.error.message]).toEqual([2, expect.stringContaining('niNumber: is not in the')]);
      expect(wrong.json.error.message).toContain('birthDate: must be given');
      expect(wrong.json.error.message).not.toMatch(/CD-1|NM1/);
    });

    it('says that it pins another template, and refuses what is no holder’s or asks for something else', async () => {
      const given = { niNumber: 'AB123456D', birthDate: '1985-03-27' };
      const draft = writeDraft('right-to-remain', 'A'.repeat(43));
      const args = ['--config', at('config.yaml'), '--values', at('values.json'), ...draft];
      expect((await tried('hmrc.yaml', 'config.yaml', given, ...draft)).json).toMatchObject({ pinned: false });
      expect((await mesh('template', 'try', at('hmrc.yaml'), ...args)).out).toContain('pins another template');
      const children = writeDraft('at-risk-children', 'A'.repeat(43));
      const stranger = await tried('hmrc.yaml', 'config.yaml', given, ...children);
      expect([stranger.code, stranger.json.error.message]).toEqual([2, expect.stringContaining('hmrc is no holder')]);
      writeFileSync(at('police.yaml'), readFileSync(at('config.yaml'), 'utf8').replace('party: hmrc', 'party: police'));
      const other = await tried('hmrc.yaml', 'police.yaml', given, ...children);
      expect([other.code, other.json.error.message]).toEqual([2, expect.stringContaining('does not answer what')]);
    });

    it('holds each record of a set to its keys and to the bytes that it may have', async () => {
      const records = new DatabaseSync(at('records.sqlite'));
      const names = [
        'nhsNumber',
        'givenName',
        'surname',
        'birthDate',
        'postcode',
        'incidents',
        'lastIncident',
        'contact',
      ];
      records.exec(`CREATE TABLE child (${names.map((name) => `${name} TEXT`).join(', ')})`);
      const insert = records.prepare(`INSERT INTO child VALUES (${names.map(() => '?').join(', ')})`);
      const child = (contact: string) =>
        insert.run('9434765919', 'Ann', 'Lee', '2015-02-03', 'NM1 4QT', '2', '2026-01-01', contact);
      child('PC Hill');
      const shape = { version: 1, kind: 'sql', dialect: 'sqlite', parameters: [], answer: 'set', rows: 100 };
      const statement = `SELECT ${names.join(', ')} FROM child`;
      writeFileSync(
        at('children.yaml'),
        stringify({ id: 'children', title: 'Children', ...shape, milliseconds: 5000, statement }),
      );
      writeFileSync(at('police.yaml'), readFileSync(at('config.yaml'), 'utf8').replace('party: hmrc', 'party: police'));
      const draft = writeDraft('at-risk-children', await hashOf('children.yaml'));
      const asked = () => tried('children.yaml', 'police.yaml', { since: '2026-01-01' }, ...draft);
      expect((await asked()).json).toMatchObject({ kind: 'set', records: 1, columns: names, pinned: true });
      child('PC Hill '.repeat(100)); // more than 512 bytes
      const unfit = await asked();
      expect([unfit.code, unfit.json.error.message]).toEqual([1, expect.stringContaining('not of the shape')]);
      expect((await tried('children.yaml', 'police.yaml', {})).json).toMatchObject({ kind: 'set', records: 2 });
      records.close();
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
