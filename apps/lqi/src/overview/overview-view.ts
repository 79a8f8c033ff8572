// The overview as programs see it.
import { z } from 'zod';
import type { Overview } from './overview.js';

const count = z.int().min(0);

export const checkNames = [
  'broker',
  'permissions',
  'store',
  'clock',
  'directory',
  'keys',
  'disk',
  'names',
  'certificates',
  'last-query',
  'database',
  'rights',
  'agreements',
] as const;

export const overviewView = z.strictObject({
  /** ISO 8601. */
  at: z.iso.datetime(),
  checks: z.array(
    z.strictObject({
      name: z.enum(checkNames),
      state: z.enum(['well', 'attention', 'failing', 'unknown']),
      /** What was found, in words joined by hyphens. */
      code: z.string(),
      reason: z.string(),
      todo: z.string(),
    }),
  ),
  /** Null while the node's own store does not answer. */
  counts: z
    .strictObject({
      waiting: z.strictObject({
        checks: count,
        sets: count,
        approvals: count,
        approvalsDue: z.iso.datetime().nullable(),
      }),
      perDay: z.array(z.strictObject({ day: z.iso.date(), queries: count })),
      /** `upTo`: milliseconds; null for what took longer than all of them. */
      byTime: z.array(z.strictObject({ upTo: count.nullable(), queries: count })),
    })
    .nullable(),
});
export type OverviewView = z.infer<typeof overviewView>;

export function overviewViewOf({ at, checks, counts }: Overview): OverviewView {
  return overviewView.parse({
    at: new Date(at).toISOString(),
    checks,
    counts: counts === undefined ? null : countsOf(counts),
  });
}

function countsOf({ waiting, perDay, byTime }: NonNullable<Overview['counts']>) {
  const due = waiting.approvalsDue;
  return {
    waiting: { ...waiting, approvalsDue: due === null ? null : new Date(due).toISOString() },
    perDay,
    byTime: byTime.map(({ upTo, queries }) => ({ upTo: upTo ?? null, queries })),
  };
}
