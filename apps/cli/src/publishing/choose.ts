// Which document is meant by an agreement's id: that of a version, or else the newest that all parties have signed.
import type { SignedAgreement } from '@anonymesh/trust';
import { No } from '../telling/no.js';

export interface Wanted {
  readonly id: string;
  readonly version?: number;
  /** Where a version has two documents. */
  readonly hash?: string;
}

export function choose(known: readonly SignedAgreement[], { id, version, hash }: Wanted): SignedAgreement {
  const named = known.filter(({ content }) => content.id === id);
  if (named.length === 0)
    throw new No('usage', `${id}: this node knows no agreement of that id, by its folder or by its store`);
  const isChosen = version !== undefined || hash !== undefined;
  const meant = named.filter(
    (each) =>
      (version === undefined || each.content.version === version) &&
      (hash === undefined || each.hash === hash) &&
      (isChosen || each.unsigned.length === 0),
  );
  const newest = Math.max(...meant.map(({ content }) => content.version));
  const [one, another] = meant.filter(({ content }) => content.version === newest);
  if (one === undefined) {
    const versions = named.map(({ content }) => content.version).sort((a, b) => a - b);
    throw new No('usage', `${id}: say --version, of ${versions.join(', ')}`);
  }
  if (another !== undefined)
    throw new No('usage', `${id}: there are two documents of version ${newest}: say --hash, as list prints it`);
  return one;
}
