// Publishes an agreement: the party's own node gets it, with its party's signature, and tells all others of it.
import { readFileSync } from 'node:fs';
import { checkAgreement, type SignedAgreement } from '@anonymesh/trust';
import { readAgreement, readSignatures } from '../agreement/read-agreements.js';
import { requireSound } from '../agreement/require-sound.js';
import { named, No } from '../telling/no.js';
import type { OwnNode } from './own-node.js';
import { putDown } from './put-down.js';

export interface Published {
  readonly signed: SignedAgreement;
  /** Where the node reads it. */
  readonly file: string;
}

/** `known`: all documents that the node knows. `today` is a day, yyyy-mm-dd. */
export function publish(file: string, node: OwnNode, known: readonly SignedAgreement[], today: string): Published {
  const draft = readAgreement(file);
  const signed = checkAgreement(draft.content, readSignatures(file), node.directory);
  if (signed.pinned(node.party) === undefined)
    throw new No('refused', `${file}: it does not name ${node.party} as the directory does`);
  if (signed.signatures[node.party] === undefined)
    throw new No('refused', `${file}: ${node.party} has not signed it; first comes mesh agreement sign`);
  requireSound(draft, node.folder, today);
  const { id, version } = draft.content;
  const other = known.find(
    ({ hash, content }) => content.id === id && content.version === version && hash !== signed.hash,
  );
  // Once all had signed both, neither would ever be run.
  if (other !== undefined)
    throw new No(
      'refused',
      `${file}: there is another document of version ${version} (${other.hash}): raise the version`,
    );
  const text = named(() => readFileSync(file, 'utf8'));
  return { signed, file: putDown(node, { signed, text }) };
}
