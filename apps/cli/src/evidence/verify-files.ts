// Verifies what others handed over: logs, each for itself, and the shares of one receipt, together.
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { checkLog, readCheckpoint, say, type Finding, type Seen } from '@anonymesh/evidence';
import { checkReceipt, receipt, type Statement } from '@anonymesh/receipts';
import type { PrivateKey } from '@anonymesh/protocol';
import type { Directory } from '@anonymesh/trust';
import { named, No } from '../telling/no.js';
import type { Told } from '../telling/told.js';
import { keeperOf } from './own-log.js';

export interface LogVerdict {
  readonly file: string;
  readonly origin: string;
  readonly entries: number;
  /** How many of them a checkpoint binds. */
  readonly bound: number;
  readonly findings: readonly (Finding & { readonly text: string })[];
}

export interface HowToVerify {
  readonly seen: readonly string[];
  readonly auditor: PrivateKey | undefined;
  /** Whether the answer is yes only where nothing is open, and a checkpoint binds every entry. */
  readonly strict: boolean;
}

export async function verifyFiles(
  files: readonly string[],
  directory: Directory,
  { seen, auditor, strict }: HowToVerify,
): Promise<Told> {
  const isLog = (file: string) => named(() => startOf(file)).startsWith('{"type":"anonymesh/evidence-log/v1"');
  const logs: LogVerdict[] = [];
  for (const file of files.filter(isLog)) logs.push(await verifyLog(file, directory, seen));
  const shares = files.filter((file) => !isLog(file));
  const statements = shares.length === 0 ? [] : checkReceipt(shares.map(readShare), directory, auditor);
  const wrong = statements.filter(({ is }) => is === 'wrong').length + logs.flatMap(({ findings }) => findings).length;
  const lines = [...logs.flatMap(inWords), ...statements.map(({ is, text }) => `${is}: ${text}`)];
  const unproven = unprovenIn(logs, statements);
  const ok = wrong === 0 && !(strict && unproven.length > 0);
  return { lines: strict ? [...lines, ...unproven] : lines, json: { ok, logs, statements }, ok };
}

/** What is neither wrong nor proven, in words. */
function unprovenIn(logs: readonly LogVerdict[], statements: readonly Statement[]): string[] {
  const count = statements.filter(({ is }) => is === 'open').length;
  const loose = logs.filter(({ entries, bound }) => bound < entries);
  return [
    ...(count === 0 ? [] : [`not all is proven: ${count} open`]),
    ...loose.map(
      ({ file, entries, bound }) => `not all is proven: ${file}: no checkpoint binds ${entries - bound} entries`,
    ),
  ];
}

async function verifyLog(file: string, directory: Directory, seen: readonly string[]): Promise<LogVerdict> {
  const lines = () => createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  const [first = ''] = named(() => startOf(file)).split('\n');
  const { origin } = named(() => JSON.parse(first) as { origin: string });
  const keeper = keeperOf(origin, directory);
  const known = seen.map((each) => readSeen(each)).filter(({ checkpoint }) => checkpoint.origin === origin);
  const { findings, entries, bound } = await checkLog(lines(), { ...keeper, seen: known });
  return { file, origin, entries, bound, findings: findings.map((each) => ({ ...each, text: say(each) })) };
}

function readSeen(file: string): Seen {
  const checkpoint = readCheckpoint(named(() => readFileSync(file, 'utf8')));
  if (checkpoint === undefined) throw new No('usage', `${file}: not a checkpoint`);
  return { by: file, checkpoint };
}

function readShare(file: string) {
  const parsed = receipt.safeParse(named(() => JSON.parse(readFileSync(file, 'utf8')) as unknown));
  if (!parsed.success) throw new No('refused', `${file}: neither a log nor a receipt`);
  return parsed.data;
}

function inWords({ file, origin, entries, bound, findings }: LogVerdict): string[] {
  const head = `${file}: the log of ${origin.split('/')[1] ?? ''}, ${entries} entries, ${bound} bound by a checkpoint`;
  const verdict = findings.length === 0 ? ['  nothing is wrong with it'] : findings.map(({ text }) => `  ${text}`);
  return [head, ...verdict];
}

/** Enough of a file to know what it is; a log may be larger than memory. */
function startOf(file: string): string {
  const start = Buffer.alloc(600);
  const open = openSync(file, 'r');
  try {
    return start.subarray(0, readSync(open, start)).toString('utf8');
  } finally {
    closeSync(open);
  }
}
