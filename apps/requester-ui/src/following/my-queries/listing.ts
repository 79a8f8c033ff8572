// Which part of the list is shown: read from the address, which holds words of ours and a number, and written into it.
import { z } from 'zod';
import { listStates, type ListFilter } from '../../store/query-list.js';

export interface Listing {
  readonly filter: ListFilter;
  /** From 1. */
  readonly page: number;
}

const listing = z.object({
  state: z.enum(listStates).optional().catch(undefined),
  rechecks: z.literal('only').optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});

/** What is no word of ours is left out. */
export function readListing(parameters: unknown): Listing {
  const { state, rechecks, page } = listing.parse(parameters ?? {});
  return { filter: { state, rechecks: rechecks === 'only' }, page };
}

export function addressOf({ filter: { state, rechecks }, page }: Listing): string {
  const parameters = new URLSearchParams({
    ...(state === undefined ? {} : { state }),
    ...(rechecks === true ? { rechecks: 'only' } : {}),
    ...(page === 1 ? {} : { page: String(page) }),
  });
  return parameters.size === 0 ? '/' : `/?${parameters.toString()}`;
}

/** For govukPagination: the first page, the last, and those around this one. Undefined where there is one page. */
export function pageLinks(page: number, pages: number, address: (page: number) => string): object | undefined {
  if (pages <= 1) return undefined;
  const shown = [1, page - 1, page, page + 1, pages].filter((each) => each >= 1 && each <= pages);
  const items = [...new Set(shown)]
    .sort((a, b) => a - b)
    .flatMap((number, index, all) => [
      ...(index > 0 && number - (all[index - 1] ?? 0) > 1 ? [{ ellipsis: true }] : []),
      { number, href: address(number), current: number === page },
    ]);
  return {
    items,
    ...(page > 1 ? { previous: { href: address(page - 1) } } : {}),
    ...(page < pages ? { next: { href: address(page + 1) } } : {}),
  };
}
