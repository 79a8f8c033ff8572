// Puts an agreement where a node reads it, with what parties have signed of it: signatures and withdrawals only ever add up.
import { existsSync } from 'node:fs';
import { filesOf, type SignedAgreement } from '@anonymesh/trust';
import { stringify } from 'yaml';
import { replaceFile } from '../replace-file.js';
import { No } from '../telling/no.js';
import { filedAt, type OwnNode } from './own-node.js';

export interface PutDown {
  readonly signed: SignedAgreement;
  /** As somebody wrote it, with comments; where there is none it is written anew. */
  readonly text?: string;
  readonly withdrawals?: readonly string[];
}

/** The document's file. The node is never shown a document before what belongs to it. */
export function putDown(node: OwnNode, { signed, text, withdrawals = [] }: PutDown): string {
  const { content, hash } = signed;
  const there = filedAt(node).find((each) => each.signed.hash === hash);
  const files = filesOf(node.folder, there?.name ?? `${content.id}.v${content.version}`);
  if (there === undefined && existsSync(files.document))
    throw new No('refused', `${files.document}: there is another document of this version`);
  const signatures = { ...signed.signatures, ...there?.signed.signatures };
  replaceFile(files.signatures, `${JSON.stringify(signatures, undefined, 2)}\n`);
  const all = [...new Set([...(there?.withdrawals ?? []), ...withdrawals])];
  if (all.length > 0) replaceFile(files.withdrawals, `${JSON.stringify(all, undefined, 2)}\n`);
  if (there === undefined) replaceFile(files.document, text ?? stringify(content));
  return files.document;
}
