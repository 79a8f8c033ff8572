// Where a section of a log has entries about a query, by the leaves of its tree of queries that are shown.
import { base64url, fromBase64url, type QueryId } from '@anonymesh/protocol';
import { leafOf, type LeafOf } from '../entries/queries-tree.js';
import type { Section } from '../entries/sections.js';
import { leafHash } from '../merkle/hashes.js';
import { rootByInclusion } from '../merkle/verify.js';
import type { Mention } from './part.js';

/** Undefined where the leaves prove nothing. */
export function placesIn(
  section: Section,
  query: QueryId,
  mentions: readonly Mention[],
  leaf: LeafOf,
): readonly number[] | undefined {
  if (!mentions.every((mention) => isMentioned(mention, section, leaf))) return undefined;
  const { queries } = section;
  const [left, right] = mentions;
  if (left?.query === query) return right === undefined ? left.places : undefined;
  if (queries === 0) return left === undefined ? [] : undefined;
  if (left === undefined) return undefined;
  if (right !== undefined)
    return left.query < query && query < right.query && right.index === left.index + 1 ? [] : undefined;
  const isFirst = left.index === 0 && query < left.query;
  const isLast = left.index === queries - 1 && left.query < query;
  return isFirst || isLast ? [] : undefined;
}

function isMentioned(mention: Mention, { queries, root, from, to }: Section, leaf: LeafOf): boolean {
  const { places, index } = mention;
  if (places?.every((n) => from <= n && n < to) === false) return false;
  const hash = hashOf(mention, leaf);
  const path = mention.path.map((each) => fromBase64url(each) ?? Buffer.alloc(0));
  const led = hash && rootByInclusion(hash, { position: index, size: queries }, path);
  return led !== undefined && base64url(led) === root;
}

function hashOf({ query, places, digest }: Mention, leaf: LeafOf): Buffer | undefined {
  if (places !== undefined) return digest === undefined ? leaf(`${query} ${places.join(' ')}`) : undefined;
  return digest === undefined || leaf !== leafOf ? undefined : leafHash(`${query} ${digest}`);
}
