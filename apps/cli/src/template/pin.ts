// A template's hash and the signatures beside it. Which two people must have signed it, the agreement says.
import { existsSync } from 'node:fs';
import {
  fingerprintOf,
  readDocument,
  readKeyFile,
  readYaml,
  signTemplate,
  template,
  templateHashOf,
  templateSignatures,
  templateSignedBy,
  type Template,
  type TemplateSignatures,
} from '@anonymesh/trust';
import { replaceFile } from '../replace-file.js';
import { named } from '../telling/no.js';

export interface Hashed {
  readonly hash: string;
  readonly signers: readonly { readonly fingerprint: string; readonly isValid: boolean }[];
}

export function hashTemplate(file: string): Hashed {
  const content = readTemplate(file);
  const signers = readSignatures(file).map((signature) => {
    const fingerprint = fingerprintOf(signature.identity);
    return { fingerprint, isValid: templateSignedBy(content, [signature], fingerprint) };
  });
  return { hash: templateHashOf(content), signers };
}

export async function signTemplateFile(file: string, keyFile: string) {
  const content = readTemplate(file);
  const signature = await signTemplate(
    content,
    named(() => readKeyFile(keyFile, 'Ed25519')),
  );
  const others = readSignatures(file).filter(({ identity }) => identity !== signature.identity);
  const target = signaturesFileOf(file);
  replaceFile(target, `${JSON.stringify([...others, signature], undefined, 2)}\n`);
  return { file: target, hash: templateHashOf(content), fingerprint: fingerprintOf(signature.identity) };
}

export function readTemplate(file: string): Template {
  return named(() => readYaml(file, template));
}

function readSignatures(file: string): TemplateSignatures {
  const beside = signaturesFileOf(file);
  return existsSync(beside) ? named(() => readDocument(beside, templateSignatures, JSON.parse)) : [];
}

function signaturesFileOf(file: string): string {
  return `${file.replace(/\.ya?ml$/, '')}.signatures.json`;
}
