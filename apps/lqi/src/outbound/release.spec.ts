import { beforeAll, describe, expect, it } from '@jest/globals';
import { combine } from '@anonymesh/blind';
import { signLetter, type Letter, type Message } from '@anonymesh/protocol';
import type { Work } from '@anonymesh/courier';
import { createSecretKey } from 'node:crypto';
import { marksBy } from '../disclosing/marks.js';
import { checkOf, makeDispatch, makeLqiMesh, type LqiMesh } from '../fixtures/made-dispatch.js';
import { examine } from '../inbound/examine.js';
import type { CheckQuestion } from '../inbound/question.js';
import type { Finding } from '../questions/finding.js';
import { contentOf } from './explain.js';
import { openPairSecrets } from './pair-secrets.js';
import { releaseAnswer, releaseRefusal, type Gate } from './release.js';

const holders = ['hmrc', 'dwp', 'council'];
const clear: Finding = { concern: false, reason: '' };
const concern: Finding = { concern: true, reason: 'Nothing has been paid since 2017. '.repeat(8).trim() };

const mark = marksBy(createSecretKey(Buffer.alloc(32, 7)));
let mesh: LqiMesh;
let gates: Map<string, Gate>;
beforeAll(async () => {
  mesh = await makeLqiMesh();
  gates = new Map(
    holders.map((id) => [id, { self: mesh.parties.self(id), pairSecrets: openPairSecrets(), mark, releaseEvery: 100 }]),
  );
});

/** One query as each of its holders takes it up. */
async function questions(): Promise<Map<string, CheckQuestion>> {
  let sealed: ReadonlyMap<string, string> = new Map();
  const { body, queryId } = await makeDispatch(mesh, 'hmrc', { body: (_body, parts) => ((sealed = parts), {}) });
  return new Map(
    holders.map((id) => {
      const own = { queryId, body: { ...body, part: sealed.get(id) ?? '' } };
      return [id, checkOf(examine(own, mesh.coordinator, mesh.holder(id), Date.now()))];
    }),
  );
}

type Posted = { message: Message; letter: Omit<Letter<unknown>, 'from'>; notBefore: number | undefined };

/** What leaves through the gate. */
async function letOut(id: string, release: (gate: Gate, work: Work) => Promise<void> | void): Promise<Posted> {
  const posted: Posted[] = [];
  const post = (message: Message, letter: Posted['letter'], notBefore?: number) => {
    posted.push({ message, letter, notBefore });
    return { words: Promise.resolve('') };
  };
  await release(gates.get(id) as Gate, { post, transaction: {}, atEnd: () => undefined } as unknown as Work);
  expect(posted).toHaveLength(1);
  return posted[0] as Posted;
}

const bytesOf = async (id: string, { message, letter }: Posted) =>
  (await signLetter(message, { ...letter, from: id }, mesh.parties.party(id).signing)).text.length;

describe('what a holder tells the person', () => {
  it('has the reason of a concern, unless the agreement keeps reasons back', async () => {
    const question = (await questions()).get('hmrc') as CheckQuestion;
    expect(contentOf(question, concern)).toMatchObject({ concern: true, reason: concern.reason });
    const agreement = { ...question.agreement, tellsSubject: { concerns: true, reasons: false } as const };
    expect(contentOf({ ...question, agreement }, concern)).toMatchObject({ concern: true, reason: '' });
  });
});

describe('the gate of a holder', () => {
  it('lets out words that look alike, whatever they say, and on the grid of time', async () => {
    const question = (await questions()).get('hmrc') as CheckQuestion;
    const no = await letOut('hmrc', (gate, work) => releaseAnswer(gate, work, question, clear));
    const yes = await letOut('hmrc', (gate, work) => releaseAnswer(gate, work, question, concern));
    const { agreement } = mesh;
    const refused = await letOut('hmrc', (gate, work) =>
      releaseRefusal(gate, work, question.queryId, agreement, 'source-failed'),
    );
    expect(new Set(await Promise.all([no, yes, refused].map((posted) => bytesOf('hmrc', posted)))).size).toBe(1);
    expect(no.letter.enclosure).toHaveLength(yes.letter.enclosure?.length ?? 0);
    for (const { letter, notBefore } of [no, yes, refused]) {
      expect(letter.to).toBe('aggregator');
      expect((notBefore ?? 1) % 100).toBe(0);
      expect(letter.issuedAt).toBe(notBefore); // who opens it learns no more of the time than who carries it
    }
  });

  it.each([
    [[], 'clear'],
    [['dwp'], 'concern'],
    [holders, 'concern'],
  ])('masks flags so that together, and only together, they tell: %j give %s', async (concerned, outcome) => {
    const released = [...(await questions())].map(async ([id, question]) => {
      const finding = concerned.includes(id) ? concern : clear;
      const { letter } = await letOut(id, (gate, work) => releaseAnswer(gate, work, question, finding));
      const { masked, check } = letter.body as { masked: string; check: string };
      return { masked: Buffer.from(masked, 'base64url'), check: Buffer.from(check, 'base64url') };
    });
    const answers = await Promise.all(released);
    expect(combine(answers, 3, 'any')).toEqual({ outcome });
    for (const { masked } of answers) expect(masked.equals(Buffer.alloc(32))).toBe(false);
  });
});
