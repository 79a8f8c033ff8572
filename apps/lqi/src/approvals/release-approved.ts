// Releases what people approved, sealed for the requester, once all is decided or time is up: always one letter of one
// size, so that nobody on its way can tell how much was refused.
import { canonicalField, sealRecord, wipe } from '@anonymesh/psi';
import { randomBytes } from 'node:crypto';
import { isOver, lookEvery, stillOpen, transact, type ReadCourse } from '../matching/course.js';
import { openOwn } from '../matching/own-seal.js';
import { sealingOf, type Sealing } from '../matching/telling/sealing.js';
import { postRelease } from '../outbound/set-letters.js';
import { approvalsOf, type Approval } from '../store/approvals.js';
import { closeSetQuery } from '../store/close-set-query.js';
import { askPeople } from './ask-people.js';
import { decideBy } from './people-needed.js';

/** Waits for the aggregator's word on what matched, then for people; ends the query. */
export async function approveAndRelease(course: ReadCourse): Promise<void> {
  const { changes, question } = course;
  const releaseBy = decideBy(question);
  for (;;) {
    const seen = changes.seen();
    const row = await stillOpen(course);
    if (row === undefined) return;
    if (row.stage === 'approving' && row.matched !== null) await askPeople(course, row.matched);
    else if (row.stage === 'approving') {
      const asked = await approvalsOf(course.node.courier.store.knex, row.query_id);
      const open = asked.filter(({ decision }) => decision === null).length;
      if (open === 0 || Date.now() >= releaseBy) return release(course, asked);
      await announce(course, asked.length - open, asked.length);
      await changes.after(seen, lookEvery);
    } else await changes.after(seen, lookEvery);
  }
}

async function announce(course: ReadCourse, decided: number, asked: number): Promise<void> {
  const percent = Math.floor((100 * decided) / asked);
  if (!course.progress.isNews('approving', percent)) return;
  await transact(course, async (work) => course.progress.tell(work, 'approving', percent));
}

async function release(course: ReadCourse, asked: readonly Approval[]): Promise<void> {
  const { question } = course;
  const sealing = await sealingOf(course);
  const approved = asked.filter(({ decision }) => decision === 'approve');
  const { marks, bytes } = packedOnce(course, sealing, approved);
  await transact(course, async (work) => {
    if (await isOver(course, work)) return;
    await closeSetQuery(work.transaction, question.queryId, 'ended');
    postRelease(work, question, sealing.named, { marks, bytes });
  });
}

function packedOnce(course: ReadCourse, sealing: Sealing, approved: readonly Approval[]) {
  try {
    return packed(course, sealing, approved);
  } finally {
    wipe(sealing.exportSecret);
  }
}

/** Salt and sealed record, one after another; random bytes follow. And the mark of whom each record is about. */
function packed(course: ReadCourse, { exportSecret }: Sealing, approved: readonly Approval[]) {
  const { question, node } = course;
  const { queryId, agreement } = question;
  const size = 16 + agreement.record.bytes + 16;
  const bytes = randomBytes(agreement.limits.matches.most * size);
  const marks = approved.map(({ record }, index) => {
    const salt = randomBytes(16);
    const plain = openOwn(node.courier.self, queryId, 'record', record ?? '');
    bytes.set(Buffer.concat([salt, sealRecord({ query: queryId, exportSecret }, salt, plain)]), index * size);
    const mark = markOfRecord(course, plain);
    plain.fill(0);
    return mark;
  });
  return { marks, bytes };
}

/** By the first key that is one field, where the record has that field. */
function markOfRecord({ question, mark }: ReadCourse, plain: Buffer): string | undefined {
  const record = JSON.parse(plain.toString()) as Readonly<Record<string, unknown>>;
  for (const { fields } of question.agreement.keys) {
    const [field, ...others] = fields;
    if (field === undefined || others.length > 0 || !Object.hasOwn(record, field.name)) continue;
    const value = canonicalField(field.format, record[field.name]);
    if (value !== undefined && value !== '') return mark(field.format, value);
  }
  return undefined;
}
