// The aggregator's config file.
import { dirname, join } from 'node:path';
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import { madeFolder } from '@anonymesh/runtime';
import type { z } from 'zod';

export const aggregatorConfig = nodeConfig
  .extend({
    store: storeConfig,
    spool: madeFolder()
      .describe(
        'The folder of tokens that wait for others: of this process alone. Beside an embedded store unless told.',
      )
      .optional(),
  })
  .refine(({ store, spool }) => store.kind === 'embedded' || spool !== undefined, {
    path: ['spool'],
    error: 'needed where the store is not a file',
  });
export type AggregatorConfig = z.infer<typeof aggregatorConfig>;

export function spoolOf({ store, spool }: Pick<AggregatorConfig, 'store' | 'spool'>): string {
  if (spool !== undefined) return spool;
  if (store.kind !== 'embedded') throw new TypeError('a config without a spool');
  return join(dirname(store.file), 'spool');
}
