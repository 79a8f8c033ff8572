// For tests: a mesh whose queries are over after a few seconds and whose logs are signed often, and what its auditor does.
import { readFile, writeFile } from 'node:fs/promises';
import { placesOf, type FoundedMesh } from '@anonymesh/founding';
import type { PrivateKey } from '@anonymesh/protocol';
import { checkReceipt, receipt, type Receipt } from '@anonymesh/receipts';
import { readKeyFile, type Directory } from '@anonymesh/trust';
import type { SignedIn } from '@anonymesh/founding';
import { until } from '../mesh/until.js';

/** Seconds after which every query is over. */
export const deadlineSeconds = 6;

export async function signOften({ dir, parties }: FoundedMesh): Promise<void> {
  for (const { id } of parties) {
    const { config } = placesOf(dir, id);
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace(/checkpointEvery: \d+/, 'checkpointEvery: 200'), { mode: 0o600 });
  }
}

export function auditorKeyIn(dir: string): PrivateKey {
  return readKeyFile(placesOf(dir, 'auditor').key('auditor'), 'X25519');
}

export async function receiptNow(asker: SignedIn, query: string): Promise<Receipt | undefined> {
  const response = await asker.send('GET', `/api/v1/queries/${query}/receipt`);
  return response.ok ? receipt.parse(await response.json()) : undefined;
}

/** Once everybody has testified, after the query's deadline. */
export function wholeReceipt(asker: SignedIn, query: string, seconds = 40): Promise<Receipt> {
  const look = async () => {
    const own = await receiptNow(asker, query);
    return own?.testimonies === undefined ? undefined : own;
  };
  return until(`the receipt of ${query} is whole`, look, seconds);
}

export interface Judged {
  readonly wrong: readonly string[];
  readonly open: readonly string[];
  readonly proven: readonly string[];
}

export function judge(shares: readonly Receipt[], directory: Directory, auditor?: PrivateKey): Judged {
  const said = Object.groupBy(checkReceipt(shares, directory, auditor), ({ is }) => is);
  const textsOf = (is: keyof Judged) => (said[is] ?? []).map(({ text }) => text);
  return { wrong: textsOf('wrong'), open: textsOf('open'), proven: textsOf('proven') };
}
