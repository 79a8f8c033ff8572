// The coordinator's config file.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import type { z } from 'zod';

export const coordinatorConfig = nodeConfig.extend({ store: storeConfig });
export type CoordinatorConfig = z.infer<typeof coordinatorConfig>;
