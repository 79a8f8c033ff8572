// The aggregator's config file.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import type { z } from 'zod';

export const aggregatorConfig = nodeConfig.extend({ store: storeConfig });
export type AggregatorConfig = z.infer<typeof aggregatorConfig>;
