// What a running mesh testifies to an auditor about each query: it comes by itself, tells nobody else anything, and proves
// how the query went when nothing is left of whom it was about.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { samples, type Sample } from '@anonymesh/examples';
import { placesOf } from '@anonymesh/founding';
import type { PrivateKey } from '@anonymesh/protocol';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runBlock } from '../operations/commands-of.js';
import type { Receipt } from '@anonymesh/receipts';
import { expireIn, rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { auditorKeyIn, deadlineSeconds, judge, receiptNow, signOften, wholeReceipt } from './audited-mesh.js';
import { auditorOf, type Auditor } from './read-logs.js';

const holders = ['council', 'dwp', 'hmrc'];
const parties = ['immigration', 'coordinator', 'aggregator', ...holders];
const personWith = (outcome: string): Sample => {
  const found = samples.find((sample) => sample.outcome === outcome);
  if (found === undefined) throw new Error('no such sample');
  return found;
};

let mesh: TestMesh;
let auditor: Auditor;
let key: PrivateKey;
let early: Receipt | undefined;
const queries = { clear: '', concern: '' };
const receipts: Record<'clear' | 'concern', Receipt> = {} as never;
beforeAll(async () => {
  mesh = await startTestMesh({ terms: { deadlineSeconds }, prepare: signOften });
  auditor = auditorOf(mesh);
  key = auditorKeyIn(mesh.dir);
  for (const outcome of ['clear', 'concern'] as const) queries[outcome] = (await mesh.ask(personWith(outcome))).queryId;
  await mesh.ended(queries.clear);
  early = await until('there is an own share', () => receiptNow(mesh.caseworker, queries.clear));
  for (const outcome of ['clear', 'concern'] as const)
    receipts[outcome] = await wholeReceipt(mesh.caseworker, queries[outcome]);
}, 120_000);
afterAll(() => mesh?.end());

describe('the receipt of a query in a running mesh', () => {
  it('is the requester’s own share, until the query’s time is over', () => {
    expect(early?.testimonies).toBe(undefined);
    expect(judge([early as Receipt], auditor.directory)).toMatchObject({
      wrong: [],
      open: expect.arrayContaining(['the testimonies of the holders and of the aggregator are not in the receipt']),
    });
  });

  it('shows everybody that there is a testimony of each, and nobody but the auditor what is in it', () => {
    const { wrong, open, proven } = judge([receipts.concern], auditor.directory);
    expect(wrong).toEqual([]);
    expect(proven.join('\n')).toMatch(
      /^aggregator handed over a sealed testimony of each of the 3 holders, and its own/m,
    );
    expect(proven.join('\n')).toMatch(/^aggregator signed: concern, 3 of 3 answered$/m);
    expect(proven.join('\n')).not.toMatch(/^(hmrc|dwp|council) (answered|refused)/m);
    expect(open.join('\n')).toMatch(/is sealed to the auditor, Public Audit Office$/m);
  });

  it.each(['clear', 'concern'] as const)('that ends in %s proves all of it to the auditor', (outcome) => {
    const { wrong, open, proven } = judge([receipts[outcome]], auditor.directory, key);
    expect(wrong).toEqual([]);
    // The coordinator knows nothing that the others do not show.
    expect(open).toEqual(['the log of coordinator is not in the receipt']);
    expect(proven).toContain(`the masked answers, added up again, give ${outcome}`);
    for (const id of holders) {
      expect(proven).toContain(`the word of ${id} is the one that was logged`);
      expect(proven.join('\n')).toMatch(new RegExp(`^${id} has \\d entries on this query, and no other up to 20`, 'm'));
      expect(proven.join('\n')).toMatch(
        new RegExp(`^${id} testifies under this agreement, and that it runs the template`, 'm'),
      );
    }
  });

  it('comes of testimonies that each holder has in its disclosure log, to the auditor and about nobody', () => {
    const columns = 'select kind, recipient, mark from disclosures where query_id = ? order by id';
    for (const id of holders)
      expect(rowsOf(mesh.dir, id, columns, queries.concern)).toEqual([
        { kind: 'answer', recipient: 'aggregator', mark: expect.any(String) },
        { kind: 'testimony', recipient: 'Public Audit Office', mark: null },
      ]);
  });

  it('has testimonies of one size, whatever was answered', () => {
    const sizes = ({ testimonies }: Receipt) => testimonies?.sealed.map(({ length }) => length);
    expect(sizes(receipts.clear)).toEqual(sizes(receipts.concern));
    const ciphertexts = receipts.clear.testimonies?.sealed.map((sealed) => sealed.split('.')[3]?.length);
    expect(new Set(ciphertexts).size).toBe(1);
  });

  it('does not prove anything by the testimonies to another', () => {
    const { testimonies } = receipts.clear;
    if (testimonies === undefined) throw new Error('no testimonies');
    const swapped = judge([{ ...receipts.concern, testimonies }], auditor.directory, key);
    expect(swapped.wrong).toEqual(['the testimonies are not about this query, handed over by its aggregator']);
  });
});

describe('a query of which somebody is killed before all have testified', () => {
  it.each([
    ['the aggregator', ['aggregator']],
    ['a holder', ['hmrc']],
    ['the coordinator, and the requester', ['coordinator', 'immigration']],
  ])(
    '%s: has one whole receipt',
    async (_, names) => {
      const { queryId } = await mesh.ask(personWith('concern'));
      await mesh.ended(queryId);
      for (const name of names) {
        await mesh.child(name).kill();
        await mesh.restart(name);
      }
      const whole = await wholeReceipt(mesh.caseworker, queryId);
      expect(judge([whole], auditor.directory, key).wrong).toEqual([]);
      expect(rowsOf(mesh.dir, 'immigration', 'select * from receipts where query_id = ?', queryId)).toHaveLength(1);
      // An entry gets its place a moment after its effect.
      const came = await until('its log has all that came', async () => {
        const about = await auditor.entries('aggregator', queryId);
        const found = about.filter((each) => 'what' in each && each.what === 'testimony');
        return found.length >= holders.length && found;
      });
      expect(came.map((each) => each.did === 'received' && each.party).sort()).toEqual(holders);
    },
    90_000,
  );
});

describe('the commands of docs/evidence.md', () => {
  it('verify a receipt, open it for the auditor, and add a share of a party to it', async () => {
    const { queryId } = await mesh.ask(personWith('concern'));
    await mesh.ended(queryId);
    const whole = await wholeReceipt(mesh.caseworker, queryId);
    const at = (file: string) => join(mesh.dir, file);
    await writeFile(at('receipt.json'), JSON.stringify(whole));
    const { directory, config } = placesOf(mesh.dir, 'coordinator');
    const operator = (await readFile(config, 'utf8')).match(/operator: (\S+)/)?.[1] ?? '';
    const variables = {
      RECEIPT: at('receipt.json'),
      DIRECTORY: directory,
      OPERATOR: operator,
      KEY: placesOf(mesh.dir, 'auditor').key('auditor'),
      QUERY: queryId,
      CONFIG: config,
      SHARE: at('share.json'),
    };
    const verified = await runBlock('verify', variables, [], 'docs/evidence.md');
    expect(verified).toMatch(/^open: what each holder answered, and its log, is sealed to the auditor/m);
    expect(verified).not.toMatch(/^wrong:/m);
    const audited = await runBlock('audit', variables, [], 'docs/evidence.md');
    expect(audited).toMatch(/^proven: the masked answers, added up again, give concern$/m);
    expect(audited).toMatch(/^open: the log of coordinator is not in the receipt$/m);
    expect(audited).not.toMatch(/^wrong:/m);
    const shared = await runBlock('share', variables, [], 'docs/evidence.md');
    expect(shared).not.toMatch(/^(wrong|open):/m);
  }, 90_000);
});

describe('once everything about a query has been erased', () => {
  it('its receipt proves what it proved before', async () => {
    const before = judge([receipts.concern], auditor.directory, key);
    for (const id of parties) await mesh.child(id).stop();
    const over = ['queries', 'words', 'subqueries', 'disclosures'] as const;
    for (const id of parties) expireIn(mesh.dir, id, over);
    for (const id of parties) await mesh.restart(id);
    for (const id of parties) {
      const salts = 'select n from evidence_entries where query = ? and salt is not null';
      await until(`${id} has erased it`, () => rowsOf(mesh.dir, id, salts, queries.concern).length === 0);
    }
    const gone = ['queries', 'receipts'].flatMap((table) => rowsOf(mesh.dir, 'immigration', `select * from ${table}`));
    expect(gone).toEqual([]);
    expect(judge([receipts.concern], auditor.directory, key)).toEqual(before);
  }, 90_000);
});
