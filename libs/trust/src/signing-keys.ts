// Where a node's signing keys come from: here alone. Today that is files; a device or a key service is another function of
// this file's shape, over `signingKeyElsewhere` (docs/operations.md, "Where signing keys are kept").
import type { SigningKey } from '@anonymesh/protocol';
import { readKeyFile } from './key-file.js';
import { withSuccessors } from './successors.js';

export interface SigningKeys {
  /** Signs where the directory says nothing else. */
  readonly configured: SigningKey;
  /** By key id, with its successors: the directory says which of them signs now. */
  readonly all: ReadonlyMap<string, SigningKey>;
}

/** Throws, naming the file, where one cannot be used. */
export function openSigningKeys(file: string): SigningKeys {
  const keys = withSuccessors(file).map((each) => readKeyFile(each, 'Ed25519'));
  return { configured: readKeyFile(file, 'Ed25519'), all: new Map(keys.map((key) => [key.kid, key])) };
}
