// Whether an agreement is one: signed by all its parties, with the identities that it pins, and valid on that day.
import { checkAgreement, type Directory, type Drafted } from '@anonymesh/trust';
import type { PartyId } from '@anonymesh/protocol';
import { readSignatures } from './read-agreements.js';

export interface Verdict {
  readonly file: string;
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly hash: string;
  readonly signed: readonly PartyId[];
  readonly unsigned: readonly PartyId[];
  /** Parties that the directory does not have with the identity and in the role that the agreement pins. */
  readonly unknown: readonly PartyId[];
  readonly state: 'signed by all' | 'not signed by all' | 'not valid yet' | 'expired';
}

/** `today` is a day, yyyy-mm-dd. */
export function verdictOn({ file, content }: Drafted, directory: Directory, today: string): Verdict {
  const { hash, unsigned, pinned } = checkAgreement(content, readSignatures(file), directory);
  const all = content.parties.map(({ id }) => id);
  const { from, until } = content.validity;
  return {
    file,
    id: content.id,
    version: content.version,
    title: content.title,
    hash,
    signed: all.filter((id) => !unsigned.includes(id)),
    unsigned,
    unknown: all.filter((id) => pinned(id) === undefined),
    state:
      unsigned.length > 0
        ? 'not signed by all'
        : today < from
          ? 'not valid yet'
          : today > until
            ? 'expired'
            : 'signed by all',
  };
}
