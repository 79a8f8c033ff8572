// Checks a receipt offline: against the identities that its own agreement pins, and the keys that a directory has of
// them. What is not in the receipt is said to be open; what does not fit is wrong.
import { readCheckpoint, type Part } from '@anonymesh/evidence';
import type { PrivateKey } from '@anonymesh/protocol';
import type { Directory } from '@anonymesh/trust';
import { addUp } from './add-up.js';
import { datePapers } from './dating.js';
import { fitLogs } from './fit.js';
import { readForce } from './force.js';
import { readLogs } from './logs.js';
import { readOutcome, readPapers, readWords } from './papers.js';
import { join, type Receipt } from './receipt.js';
import { wrong, type Statement } from './statement.js';
import { readTestimonies, type Testified } from './testimonies.js';

/** `shares`: one receipt, or the shares of several parties. `auditor`: the key that opens what was testified to it. */
export function checkReceipt(shares: readonly Receipt[], directory: Directory, auditor?: PrivateKey): Statement[] {
  const statements: Statement[] = [];
  const say = (statement: Statement) => void statements.push(statement);
  const whole = join(shares);
  if (whole === undefined) return [wrong('asking', 'the shares are not of one query, or contradict each other')];
  const papers = readPapers(whole, directory, say);
  if (papers === undefined) return statements;
  readForce(whole, papers, directory, say);
  const shown = withTestified(whole, readTestimonies(whole, papers, directory, say, auditor));
  const words = readWords(shown, papers, directory, say);
  const said = readOutcome(whole, papers, directory, say);
  if (said !== undefined) addUp(words, said, papers, say);
  const logs = readLogs(shown, papers, directory, say);
  fitLogs(whole, papers, words, logs, say);
  const signed = [
    { about: 'asking', jws: whole.manifest },
    { about: 'outcome', jws: whole.outcome },
    { about: 'answers', jws: whole.testimonies?.signed },
    ...words.map(({ jws }) => ({ about: 'answers', jws }) as const),
  ] as const;
  datePapers(signed, logs, directory, say);
  return statements;
}

/** What was testified, beside what shares show; of a log that is in both, the share counts, being the newer. */
function withTestified(whole: Receipt, { words, parts }: Testified): Receipt {
  const originIn = ({ checkpoint }: Part) => readCheckpoint(checkpoint)?.origin;
  const shown = new Set(whole.parts.map(originIn));
  const others = parts.filter((each) => !shown.has(originIn(each)));
  return { ...whole, words: [...new Set([...whole.words, ...words])], parts: [...whole.parts, ...others] };
}
