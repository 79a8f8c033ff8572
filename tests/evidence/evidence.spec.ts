// The evidence that a running mesh leaves: whole logs of all parties, and a receipt that an auditor can check with public
// keys alone.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readNote, say, type Entry } from '@anonymesh/evidence';
import { samples } from '@anonymesh/examples';
import { checkReceipt, receipt, type Receipt } from '@anonymesh/receipts';
import { placesOf } from '@anonymesh/founding';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNode } from '../boundary/run-node.js';
import { rowsOf } from '../mesh/read-mesh.js';
import { startTestMesh, type TestMesh } from '../mesh/start-test-mesh.js';
import { until } from '../mesh/until.js';
import { auditorOf, type Auditor } from './read-logs.js';

const holders = ['hmrc', 'dwp', 'council'];
const logging = ['immigration', 'coordinator', 'aggregator', ...holders];
const [clear, concern] = ['clear', 'concern'].map((outcome) => samples.find((sample) => sample.outcome === outcome));

let mesh: TestMesh;
let auditor: Auditor;
let queries: Record<'clear' | 'concern', string>;
beforeAll(async () => {
  mesh = await startTestMesh();
  auditor = auditorOf(mesh);
  if (clear === undefined || concern === undefined) throw new Error('no such samples');
  const asked = [await mesh.ask(clear), await mesh.ask(concern)];
  for (const { queryId } of asked) await mesh.ended(queryId);
  queries = { clear: asked[0]?.queryId ?? '', concern: asked[1]?.queryId ?? '' };
}, 90_000);
afterAll(() => mesh?.end());

/** Once a checkpoint has been signed since the query ended. */
const ownShare = (query: string): Promise<Receipt> =>
  until('the requester has a receipt', () =>
    mesh.caseworker.call('GET', `/api/v1/queries/${query}/receipt`).then(
      (json) => receipt.parse(json),
      () => undefined,
    ),
  );

async function shares(query: string): Promise<Receipt[]> {
  const own = await ownShare(query);
  const askedAt = JSON.parse(Buffer.from(own.manifest?.split('.')[1] ?? '', 'base64url').toString()).issuedAt as number;
  const others = logging.slice(1).map((id) =>
    until(`${id} has its part`, async () => {
      const share = await auditor.share(id, query, askedAt);
      const last = await auditor.entries(id, query);
      return share.parts.some(({ entries }) => entries.length === last.length) && share;
    }),
  );
  return [own, ...(await Promise.all(others))];
}

const said = (of: readonly Receipt[], is: string) =>
  checkReceipt(of, auditor.directory).flatMap((each) => (each.is === is ? [each.text] : []));

describe('a query in a running mesh', () => {
  it.each(['clear', 'concern'] as const)('that ends in %s has a receipt that proves all of it', async (outcome) => {
    const all = await shares(queries[outcome]);
    expect(said(all, 'wrong')).toEqual([]);
    expect(said(all, 'open')).toEqual([]);
    expect(said(all, 'proven')).toContain(`the masked answers, added up again, give ${outcome}`);
    for (const holder of holders)
      expect(said(all, 'proven')).toContain(`the word of ${holder} is the one that was logged`);
  });

  it('is not proven by the answers to another', async () => {
    const [one, other] = [await shares(queries.clear), await shares(queries.concern)];
    const swapped = one.map((each, index) => ({ ...each, words: other[index]?.words ?? [] }));
    expect(said(swapped, 'wrong')).not.toEqual([]);
  });

  it('leaves as many entries of the same kind at every holder, whatever was answered', async () => {
    const kinds = (entries: readonly Entry[]) =>
      entries.map((each) => ('what' in each ? `${each.did} ${each.what}` : ''));
    for (const id of holders) {
      const [one, other] = [await auditor.entries(id, queries.clear), await auditor.entries(id, queries.concern)];
      expect(kinds(one).sort()).toEqual(kinds(other).sort());
      expect(kinds(one)).toEqual(expect.arrayContaining(['received dispatch', 'sent answer']));
      expect(one.map((each) => JSON.stringify(each).length)).toEqual(other.map((each) => JSON.stringify(each).length));
    }
  });

  it('has the same sealed bytes in the log of who sent and of who received', async () => {
    const all = await Promise.all(logging.map((id) => auditor.entries(id, queries.concern)));
    const sealed = (did: 'sent' | 'received') => all.flat().flatMap((each) => (each.did === did ? [each.sealed] : []));
    const received = new Set(sealed('received'));
    expect(sealed('sent').length).toBeGreaterThan(8);
    expect(sealed('sent').filter((each) => !received.has(each))).toEqual([]);
  });
});

describe('the log of each party', () => {
  it('is countersigned by every other party, and disputed by none', async () => {
    const isByAll = (note: unknown) => readNote(String(note))?.signatures.length === logging.length;
    for (const id of logging) {
      const signed = 'select note from evidence_checkpoints order by size desc';
      await until(`all have countersigned the log of ${id}`, () =>
        rowsOf(mesh.dir, id, signed).some(({ note }) => isByAll(note)),
      );
      expect(rowsOf(mesh.dir, id, 'select party from evidence_witnessed where dispute is not null')).toEqual([]);
    }
  }, 60_000);

  it('is whole, and bound by a checkpoint to its last entry once its node has ended', async () => {
    for (const id of logging) await mesh.child(id).stop();
    for (const id of logging) {
      const { findings, entries, bound } = await auditor.check(id);
      expect([id, findings.map(say)]).toEqual([id, []]);
      expect([id, bound]).toEqual([id, entries]);
      expect(entries).toBeGreaterThan(3);
    }
  }, 60_000);
});

describe('an auditor at the command line', () => {
  const evidence = async (...args: string[]) => {
    const { code, stdout, stderr } = await runNode({ args: ['apps/cli/bin/mesh.mjs', 'evidence', ...args] });
    return { code, out: stdout + stderr };
  };
  const at = (file: string) => join(mesh.dir, file);
  const config = (id: string) => placesOf(mesh.dir, id).config;

  it('verifies the logs and the shares that administrators hand over, and nothing that was changed', async () => {
    const files: string[] = [];
    for (const id of logging) {
      const [log, share] = [at(`${id}.log.jsonl`), at(`${id}.share.json`)];
      const beside = id === 'immigration' ? [] : ['--beside', at('immigration.share.json')];
      expect(await evidence('export', '--config', config(id), '--out', log)).toMatchObject({ code: 0 });
      const wanted = ['receipt', queries.concern, '--config', config(id), '--out', share, ...beside];
      expect(await evidence(...wanted)).toMatchObject({ code: 0 });
      files.push(log, share);
    }
    const trust = ['--config', config('coordinator')];
    const { code, out } = await evidence('verify', ...files, ...trust);
    expect(out).not.toMatch(/^(wrong|open):/m);
    expect(out).toMatch(/^proven: the masked answers, added up again, give concern$/m);
    expect(out.match(/nothing is wrong with it/g)).toHaveLength(logging.length);
    expect(code).toBe(0);
    expect(await evidence('verify', ...files, ...trust, '--strict')).toMatchObject({ code: 0 });
    const text = await readFile(at('hmrc.log.jsonl'), 'utf8');
    await writeFile(at('changed.jsonl'), text.replace('\\"at\\":1', '\\"at\\":2'));
    const changed = await evidence('verify', at('changed.jsonl'), ...trust);
    expect(changed).toMatchObject({ code: 1, out: expect.stringMatching(/entry 0 was changed/) });
    await writeFile(at('short.jsonl'), text.split('\n').slice(0, 4).join('\n'));
    const [last = ''] = text.trimEnd().split('\n').slice(-1);
    await writeFile(at('seen.txt'), (JSON.parse(last) as { checkpoint: string }).checkpoint);
    expect(await evidence('verify', at('short.jsonl'), ...trust)).toMatchObject({ code: 0 });
    const loose = await evidence('verify', at('short.jsonl'), ...trust, '--strict');
    expect(loose).toMatchObject({ code: 1, out: expect.stringMatching(/^not all is proven: .*no checkpoint binds/m) });
    const own = ['verify', at('immigration.share.json'), ...trust];
    expect(await evidence(...own)).toMatchObject({ code: 0, out: expect.stringMatching(/^open: /m) });
    const strictly = await evidence(...own, '--strict');
    expect(strictly).toMatchObject({ code: 1, out: expect.stringMatching(/^not all is proven: [1-9]\d* open$/m) });
    const asJson = await evidence(...own, '--strict', '--json');
    expect([asJson.code, JSON.parse(asJson.out)]).toEqual([1, expect.objectContaining({ ok: false })]);
    const seen = await evidence('verify', at('short.jsonl'), ...trust, '--seen', at('seen.txt'));
    expect(seen).toMatchObject({ code: 1, out: expect.stringMatching(/the log was rolled back/) });
  }, 180_000);

  it('sees what a log says about a query, and learns what is used wrongly', async () => {
    const shown = await evidence('show', '--config', config('hmrc'), '--query', queries.concern);
    expect(shown.out).toMatch(/received +dispatch +coordinator/);
    expect(shown.out).toMatch(/sent +answer +aggregator/);
    expect(await evidence('receipt', 'x', '--config', config('hmrc'), '--out', at('x'))).toMatchObject({ code: 2 });
    expect(await evidence('export', '--config', at('nowhere'), '--out', at('x'))).toMatchObject({ code: 2 });
    expect((await evidence('show', '--config', config('hmrc'), '--last', '2')).out.trim().split('\n')).toHaveLength(3);
    for (const wrong of [['--last', 'x'], ['--last', '0'], ['--last', '1.5'], ['--last=-1'], ['--query', 'x']])
      expect([wrong, await evidence('show', '--config', config('hmrc'), ...wrong)]).toEqual([
        wrong,
        expect.objectContaining({ code: 2 }),
      ]);
    const unknown = ['receipt', 'ab'.repeat(16), '--config', config('hmrc'), '--out', at('y')];
    expect(await evidence(...unknown)).toMatchObject({ code: 1 });
  });
});
