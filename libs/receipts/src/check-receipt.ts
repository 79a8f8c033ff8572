// Checks a receipt offline: against the identities that its own agreement pins, and the keys that a directory has of
// them. What is not in the receipt is said to be open; what does not fit is wrong.
import type { Directory } from '@anonymesh/trust';
import { addUp } from './add-up.js';
import { datePapers } from './dating.js';
import { fitLogs } from './fit.js';
import { readLogs } from './logs.js';
import { readOutcome, readPapers, readWords } from './papers.js';
import { join, type Receipt } from './receipt.js';
import { wrong, type Statement } from './statement.js';

/** `shares`: one receipt, or the shares of several parties. */
export function checkReceipt(shares: readonly Receipt[], directory: Directory): Statement[] {
  const statements: Statement[] = [];
  const say = (statement: Statement) => void statements.push(statement);
  const whole = join(shares);
  if (whole === undefined) return [wrong('asking', 'the shares are not of one query, or contradict each other')];
  const papers = readPapers(whole, directory, say);
  if (papers === undefined) return statements;
  const words = readWords(whole, papers, directory, say);
  const said = readOutcome(whole, papers, directory, say);
  if (said !== undefined) addUp(words, said, papers, say);
  const logs = readLogs(whole, papers, directory, say);
  fitLogs(whole, papers, words, logs, say);
  const signed = [
    { about: 'asking', jws: whole.manifest },
    { about: 'outcome', jws: whole.outcome },
    ...words.map(({ jws }) => ({ about: 'answers', jws }) as const),
  ] as const;
  datePapers(signed, logs, directory, say);
  return statements;
}
