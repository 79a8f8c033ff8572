// Reads agreements from their files: `<name>.yaml`, and beside it `<name>.signatures.json`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { agreement } from '@anonymesh/protocol';
import {
  agreementSignatures,
  FlawedDocument,
  parseYaml,
  readDocument,
  type AgreementSignatures,
  type Drafted,
  type Flaw,
} from '@anonymesh/trust';
import { named, No } from '../telling/no.js';

/** Throws a `FlawedDocument` with every flaw, each at its line and column. */
export function readAgreement(file: string): Drafted {
  const [read] = readDrafts([file]);
  if (read === undefined) throw new No('usage', `${file}: no agreement`);
  if (!('content' in read)) throw new FlawedDocument(read.flaws);
  return read;
}

/** Of files, and of all `*.yaml` in folders. */
export function readDrafts(paths: readonly string[]): (Drafted | { readonly flaws: readonly Flaw[] })[] {
  return paths.flatMap(filesIn).map((file) => {
    const parsed = parseYaml(
      file,
      named(() => readFileSync(file, 'utf8')),
      agreement,
    );
    return parsed.ok ? { file, content: parsed.value, flawAt: parsed.flawAt } : { flaws: parsed.flaws };
  });
}

function filesIn(path: string): string[] {
  if (!named(() => statSync(path)).isDirectory()) return [path];
  const files = readdirSync(path).filter((file) => file.endsWith('.yaml'));
  if (files.length === 0) throw new No('usage', `${path}: no agreement in it (*.yaml)`);
  return files.sort().map((file) => join(path, file));
}

export function signaturesFileOf(file: string): string {
  return `${file.replace(/\.ya?ml$/, '')}.signatures.json`;
}

/** None where nobody has signed yet. */
export function readSignatures(file: string): AgreementSignatures {
  const beside = signaturesFileOf(file);
  return existsSync(beside) ? named(() => readDocument(beside, agreementSignatures, JSON.parse)) : {};
}
