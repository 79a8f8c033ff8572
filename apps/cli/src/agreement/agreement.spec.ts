import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cast, draftFilledIn, foundByHand, type ByHand } from '../fixtures/founded-by-hand.js';
import { mesh, meshJson } from '../fixtures/mesh.js';

let folder: string;
let hand: ByHand;
let file: string;
const parties = Object.keys(cast);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-cli-'));
  hand = await foundByHand(folder);
  mkdirSync(hand.at('agreements'));
  file = await draftFilledIn(hand, 'agreements/right-to-remain.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Another file, with the text changed. */
function changed(name: string, change: (text: string) => string): string {
  const path = hand.at(name);
  mkdirSync(join(path, '..'), { recursive: true });
  const text = readFileSync(file, 'utf8');
  if (change(text) === text) throw new Error('nothing was changed');
  writeFileSync(path, change(text));
  return path;
}

describe('an agreement on the command line', () => {
  it('is drafted with the identities of the directory, and says where it is to be filled in', async () => {
    const draft = hand.at('draft.yaml');
    await mesh('agreement', 'new', '--id', 'x-y', '--parties', ...parties, '--out', draft, ...hand.trust);
    const { code, out } = await mesh('agreement', 'lint', draft);
    expect(code).toBe(1);
    expect(out).toMatch(/draft\.yaml:5:8: title: still to be filled in: <what it is called>/);
    expect(out).not.toMatch(/identity/);
  });

  it('of sets is drafted so that nothing but what is marked is at fault', async () => {
    const draft = hand.at('draft-sets.yaml');
    const sets = parties.filter((id) => cast[id] !== 'portal');
    const args = ['--kind', 'set', '--id', 'x-y', '--parties', ...sets, '--out', draft, ...hand.trust];
    expect((await mesh('agreement', 'new', ...args)).code).toBe(0);
    const { json } = await meshJson('agreement', 'lint', draft);
    expect(json.flaws.length).toBeGreaterThan(5);
    for (const { message } of json.flaws) expect(message).toMatch(/still to be filled in/);
  });

  it('is signed by each party with its own identity, and verified only when all have', async () => {
    for (const [index, id] of parties.entries()) {
      const before = await meshJson('agreement', 'verify', file, ...hand.trust);
      expect([before.code, before.json.ok, before.json.unsigned]).toEqual([1, false, parties.slice(index)]);
      const { code, json } = await meshJson('agreement', 'sign', file, '--key', hand.identity(id));
      expect([code, json.party, json.missing]).toEqual([0, id, parties.slice(index + 1)]);
    }
    const { code, json } = await meshJson('agreement', 'verify', file, ...hand.trust);
    expect([code, json.ok, json.state]).toEqual([0, true, 'signed by all']);
    const { out } = await mesh('agreement', 'list', hand.at('agreements'), ...hand.trust);
    expect(out).toMatch(/right-to-remain +1 +signed by all +7 of 7/);
  });

  it('is not signed with a key of nobody in it, nor with the key of every day', async () => {
    for (const key of ['operator/operator.pem', 'hmrc/signing.pem']) {
      const { code, error } = await mesh('agreement', 'sign', file, '--key', hand.at(key));
      expect(code).toBe(1);
      expect(error).toMatch(/no party to this agreement has this identity/);
    }
    expect((await mesh('agreement', 'sign', file, '--key', hand.at('hmrc/sealing.pem'))).code).toBe(2);
    expect((await mesh('agreement', 'sign', file, '--key', hand.at('hmrc/none.pem'))).code).toBe(2);
  });

  it('has no signature left as soon as one letter of it is another', async () => {
    const other = changed('moved/right-to-remain.yaml', (text) => text.replace('Immigration Act', 'Immigration act'));
    writeFileSync(
      hand.at('moved/right-to-remain.signatures.json'),
      readFileSync(file.replace('.yaml', '.signatures.json')),
    );
    const { code, json } = await meshJson('agreement', 'verify', other, ...hand.trust);
    expect([code, json.unsigned]).toEqual([1, parties]);
  });

  it('is not believed by another operator’s directory', async () => {
    const [, directory = ''] = hand.trust;
    const args = ['--directory', directory, '--operator', 'A'.repeat(43)];
    const { code, error } = await mesh('agreement', 'verify', file, ...args);
    expect([code, error]).toEqual([1, expect.stringContaining('did not sign this directory')]);
  });

  it('is compared with its next version in sentences, by section', async () => {
    const next = changed('next/right-to-remain.yaml', (text) =>
      text
        .replace('version: 1', 'version: 2')
        .replace('retentionDays: 30', 'retentionDays: 90')
        .replace('perSubject: { most: 5,', 'perSubject: { most: 1,')
        .replace('[caseworker]', '[caseworker, supervisor]')
        .replace('receives: [niNumber]', 'receives: [birthDate, niNumber]')
        .replace(
          'label: National Insurance number }',
          'label: NI number }\n  birthDate: { format: date, label: Date of birth }',
        ),
    );
    const { code, out } = await mesh('agreement', 'diff', file, next);
    expect(code).toBe(0);
    expect(out).toContain('version 1 and version 2');
    expect(out).toContain('Who may ask\n  New: The immigration may ask, through people in the role “supervisor”.');
    expect(out).toContain('Before: The hmrc receives National Insurance number (niNumber).');
    expect(out).toContain('Now:    The hmrc receives Date of birth (birthDate) and NI number (niNumber).');
    expect(out).toContain('Now:    The dwp receives NI number (niNumber), and not Date of birth (birthDate).');
    expect(out).toMatch(/Now: {4}What is kept of a question, .* is erased 90 days after its deadline\./);
    expect(out).toContain('Before: One person may be asked about 5 times within 1 day, by whomever.');
    expect(out).toContain('Now:    One person may be asked about once within 1 day, by whomever.');
    expect(out).toContain('Unchanged: What it is for; Parties; What comes of the answers; Who can prove afterwards');
    const { json } = await meshJson('agreement', 'diff', file, file);
    expect(json.changes).toEqual([]);
  });

  it.each([
    ['keeps reasons back', '{ concerns: true, reasons: false }', 'which holders had a concern, but not why'],
    ['sets an embargo', '{ concerns: true, afterSeconds: 604800 }', 'The person can learn it 7 days after the answers'],
  ])('is said to be another where it %s', async (_what, tellsSubject, expected) => {
    const next = changed('next/told.yaml', (text) => text.replace('{ concerns: true }', tellsSubject));
    for (const args of [
      ['diff', file, next],
      ['show', next],
    ])
      expect((await mesh('agreement', ...args)).out).toContain(expected);
    const { json } = await meshJson('agreement', 'diff', file, next);
    expect(json.changes).toContainEqual(
      expect.objectContaining({ section: 'What comes of the answers', now: expect.stringContaining(expected) }),
    );
  });

  it('is remarked on where people have a minute to approve, and lints all the same', async () => {
    const hasty = changed('hasty.yaml', (text) => text.replace('approval: none', 'approval: each query'));
    const { code, out } = await mesh('agreement', 'lint', hasty);
    expect(code).toBe(0);
    expect(out).toMatch(/hasty\.yaml:\d+:18: deadlineSeconds: leaves people who must approve 50 seconds.*\(remark\)/);
    expect((await mesh('agreement', 'lint', file)).out).not.toContain('who must approve');
  });

  it('is linted with the others of its folder, and not signed where two of them tell a holder’s flag', async () => {
    const fewer = changed('both/fewer.yaml', (text) =>
      text
        .replace('id: right-to-remain', 'id: right-to-work')
        .replace(/\n {2}- \{ id: council[^\n]*/, '')
        .replace(/\n {2}- id: council[^]*?approval: none/, ''),
    );
    const { code, json } = await meshJson('agreement', 'lint', file, fewer);
    expect(code).toBe(1);
    const faults = json.findings.filter(({ severity }: { severity: string }) => severity === 'fault');
    expect(faults).toEqual([
      expect.objectContaining({
        rule: 'differencing',
        flaw: expect.objectContaining({ file: fewer }),
      }),
    ]);
    expect(faults[0].flaw.message).toMatch(/about one person tell immigration the flag of council$/);
    writeFileSync(hand.at('both/right-to-remain.yaml'), readFileSync(file));
    const signed = await mesh(
      'agreement',
      'sign',
      hand.at('both/right-to-remain.yaml'),
      '--key',
      hand.identity('hmrc'),
    );
    expect([signed.code, signed.error]).toEqual([1, expect.stringMatching(/right-to-remain\.yaml:\d+:\d+: holders: /)]);
  });

  it.each([
    ['no YAML', 'title: [', /bad\.yaml:\d+:\d+: Flow sequence/],
    ['a key twice', 'title: one\ntitle: two', /bad\.yaml:6:1: Map keys must be unique/],
    ['a key that there is not', 'titel: Right to remain', /bad\.yaml:5:8: titel: no such key/],
    ['a tag that nobody knows', 'title: !!python/name:os.system x', /bad\.yaml:5:8: Unresolved tag/],
    ['a number for a text', 'title: 12', /bad\.yaml:5:8: title: .*expected string/],
    ['nothing', '', /bad\.yaml:\d+:\d+: title: missing/],
  ])('with %s is refused at its line and column', async (_what, line, expected) => {
    const bad = changed('bad.yaml', (text) => text.replace(/^title: .*$/m, line));
    for (const command of [['lint'], ['show'], ['sign', '--key', hand.identity('hmrc')], ['verify', ...hand.trust]]) {
      const [name = '', ...options] = command;
      const { code, out, error } = await mesh('agreement', name, bad, ...options);
      expect(code).toBe(1);
      expect(`${out}${error}`).toMatch(expected);
    }
  });

  it.each([
    [
      'a title',
      /^title: .*$/m,
      String.raw`title: "Right\u001b[2K\u001b[1A to remain"`,
      'bad.yaml:5:8: title: must be one',
    ],
    ['a purpose', /^purpose: .*$/m, String.raw`purpose: "To \u202eedisbus\u202c"`, 'bad.yaml:6:10: purpose: must be'],
    ['a label', /label: [^}]*/, String.raw`label: "NI\nNew: nothing" `, 'label: must be one line'],
    ['a role', 'caseworker', String.raw`"a\u2067b"`, 'roles.0: must be one line'],
    ['a key', /^title: .*$/m, String.raw`"a\u001b[2K\nb\u202e": 1`, 'no such key'],
  ])('with %s that steers a terminal is refused, and steers none', async (_what, where, hostile, expected) => {
    const bad = changed('bad.yaml', (text) => text.replace(where, hostile));
    for (const args of [
      ['lint'],
      ['show'],
      ['diff', file],
      ['verify', ...hand.trust],
      ['sign', '--key', hand.identity('hmrc')],
    ]) {
      const [name = '', ...options] = args;
      const { code, out, error } = await mesh('agreement', name, ...options, bad);
      expect([args, code]).toEqual([args, 1]);
      expect(`${out}${error}`).toContain(expected);
      expect(`${out}${error}`).not.toMatch(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/u);
    }
  });

  it('is shown with a purpose of several lines in one', async () => {
    const long = changed('long.yaml', (text) =>
      text.replace(/^purpose: .*$/m, 'purpose: |\n  To decide\n\n  No longer: all.'),
    );
    expect((await mesh('agreement', 'show', long)).out).toContain('\n  Purpose: To decide No longer: all.\n');
    expect((await mesh('agreement', 'diff', file, long)).out).toContain(
      '  Now:    Purpose: To decide No longer: all.\n',
    );
  });

  it('is shown in sentences', async () => {
    const { out } = await mesh('agreement', 'show', file);
    expect(out).toContain('What it is for\n  It is called “Right to remain”.');
    expect(out).toContain('The outcome is “concern” if any holder has a concern');
    expect(out).toContain('Every question ends within 1 minute.');
    expect(out).toContain('which holders had a concern, and why.');
  });
});
