// Tells the aggregator of all records, once our list is back: letter after letter of tokens in a secret order. Which letters
// have left is written down with them; a process that died goes on with the next.
import { mostTokenBytes, tokens } from '@anonymesh/protocol-answering';
import { soleParty } from '@anonymesh/protocol';
import { controlOf, tokenShape, wipe, type TokenBatch } from '@anonymesh/psi';
import { postTokens, type TokensHead } from '../../outbound/set-letters.js';
import { advanceSetQuery } from '../../store/set-queries.js';
import { isOver, stillOpen, transact, type ReadCourse } from '../course.js';
import { ringShare } from '../exchanging/until-ended.js';
import { whileOpen } from '../spill/while-open.js';
import { batches, type Batch } from './batches.js';
import { gather, type Gathered } from './gather.js';
import { sealingOf, type Sealing } from './sealing.js';
import { openTold } from './told.js';

export async function tell(course: ReadCourse): Promise<void> {
  const { files, question } = course;
  const unfit = await whileOpen(async (open) => {
    const gathered = await gather(course, open);
    if (gathered === 'altered' || gathered === 'repeated') return gathered;
    const records = question.agreement.release === 'count' ? undefined : await open(files.records(true));
    await tellAll(course, gathered, records);
    return undefined;
  });
  if (unfit !== undefined) return course.refuse(unfit === 'altered' ? 'list-altered' : 'bad-point');
  const row = await stillOpen(course);
  // Ended: its whole folder is removed. Or this process is to end, and the next one goes on with what is there.
  if (row === undefined) return;
  if (row.stage === 'exchanging') throw new Error('not all records were told');
  await files.dropAll('list', 'references', 'records', 'returned', 'checks', 'slots');
}

type Records = Parameters<typeof batches>[1];

async function tellAll(course: ReadCourse, { slots, control }: Gathered, records: Records): Promise<void> {
  const { question, pairSecrets, holder } = course;
  const { agreement, queryId } = question;
  const shape = tokenShape(agreement);
  const inLetter = lettersHold(shape.bytes);
  const sealing = shape.release === 'on-match' ? await sealingOf(course) : undefined;
  const words = { query: queryId, shape, holder: holder.id, pairSecrets };
  const head: TokensHead = {
    records: course.records,
    control: controlOf({ ...words, points: control }),
    ...(sealing === undefined ? {} : { sealing: sealing.named }),
  };
  const told = shape.release === 'on-approval' ? await openTold(course, inLetter) : undefined;
  try {
    const widths = { keys: shape.keys, recordBytes: shape.recordBytes, inLetter };
    for await (const batch of batches(slots, records, widths)) {
      const row = await stillOpen(course);
      if (row === undefined) return;
      if (batch.first < row.told) continue;
      await told?.write(batch);
      await tellSome(course, head, tokenBatch(course, words, batch, sealing), batch, inLetter);
    }
  } finally {
    if (sealing !== undefined) wipe(sealing.exportSecret);
    await told?.close();
  }
}

/** How many tokens of that size go beside one letter. */
export function lettersHold(tokenBytes: number): number {
  return Math.floor(mostTokenBytes / tokenBytes);
}

type Words = Pick<TokenBatch, 'query' | 'shape' | 'holder' | 'pairSecrets'>;

function tokenBatch(
  { seed }: ReadCourse,
  words: Words,
  { first, points, records, dummies }: Batch,
  sealing: Sealing | undefined,
): TokenBatch {
  const batch = { ...words, first, points };
  return sealing === undefined
    ? batch
    : { ...batch, releases: { seed, exportSecret: sealing.exportSecret, records, dummies } };
}

async function tellSome(
  course: ReadCourse,
  head: TokensHead,
  batch: TokenBatch,
  { first, count }: Batch,
  inLetter: number,
): Promise<void> {
  const { question, progress, pool, node, signal } = course;
  const { tokens: bytes } = await pool.run<{ readonly tokens: Uint8Array }>('tokens', batch);
  await node.courier.hasRoom(tokens, soleParty(question.agreement, 'aggregator'), signal);
  const told = first + count;
  const isAll = told === head.records;
  await transact(course, async (work) => {
    if (await isOver(course, work)) return;
    const change = { told, ...(isAll ? { stage: 'combining' as const } : {}) };
    if (!(await advanceSetQuery(work.transaction, question.queryId, { told: first }, change))) return;
    postTokens(work, question, head, { first, letter: first / inLetter, bytes });
    if (isAll) progress.tell(work, 'combining', 0);
    else progress.tell(work, 'exchanging', ringShare + ((100 - ringShare) * told) / head.records);
  });
}
