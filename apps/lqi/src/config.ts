// A holder's config file: its node, its own store, its back end, its templates.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import { path } from '@anonymesh/runtime';
import { z } from 'zod';
import { sourceConfig } from './sources/source-config.js';

export const lqiConfig = nodeConfig.extend({
  store: storeConfig,
  source: sourceConfig,
  /** A folder of `<name>.yaml` with `<name>.signatures.json` beside it. */
  templates: path(),
  /** Answers leave on a grid of this many milliseconds, so that the time they take tells less. */
  releaseEvery: z.int().min(10).max(60_000).default(100),
});
export type LqiConfig = z.infer<typeof lqiConfig>;
