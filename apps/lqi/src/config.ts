// A holder's config file: its node, its own store, its back end, its templates, and where it puts what it reads for a
// while.
import { nodeConfig, storeConfig } from '@anonymesh/courier';
import { madeFolder, presentFolder } from '@anonymesh/runtime';
import { engineNames } from '@anonymesh/psi';
import { haveOneIssuer, oneIssuer, pagesConfig, personClaim } from '@anonymesh/web';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { sourceConfig } from './sources/source-config.js';

const config = nodeConfig.extend({
  keys: nodeConfig.shape.keys.refine(({ mask }) => mask.length > 0, {
    path: ['mask'],
    error: 'missing, and a holder’s answers are masked',
    params: { fix: 'add the mask key that mesh keys new made' },
  }),
  store: storeConfig,
  spill: madeFolder()
    .describe(
      'A folder for what set queries cannot keep in memory: on a disk of this copy of the holder alone, with room for a ' +
        'few hundred bytes for each record. Beside an embedded store unless told.',
    )
    .optional(),
  oidc: z
    .strictObject({
      issuer: z.url().describe('The organisation’s identity provider, exactly as it writes itself.'),
      audience: z.string().min(1).describe('The name under which it issues tokens for this API.'),
      tokenType: z.string().min(1).default('at+jwt').describe('`typ` of access tokens; some providers write `JWT`.'),
      person: personClaim,
    })
    .describe('By which people sign in who approve releases. Without it there is no API.')
    .optional(),
  pages: pagesConfig.describe('The console of the holder’s own people. Without it there are no pages.').optional(),
  engine: z
    .enum(engineNames)
    .describe('With what set queries compute; the fastest that works here unless told.')
    .optional(),
  source: sourceConfig,
  templates: presentFolder().describe('A folder of `<name>.yaml` with `<name>.signatures.json` beside it.'),
  releaseEvery: z
    .int()
    .min(10)
    .max(60_000)
    .default(100)
    .describe('Answers leave on a grid of this many milliseconds, so that the time they take tells less.'),
});

export const lqiConfig = config.refine(haveOneIssuer, oneIssuer).transform((given, { issues }) => {
  const { store, spill } = given;
  const beside = store.kind === 'embedded' ? join(dirname(store.file), 'spill') : undefined;
  const folder = spill ?? beside;
  if (folder !== undefined) return { ...given, spill: folder };
  issues.push({ code: 'custom', path: ['spill'], message: 'must be given with this store', input: spill });
  return z.NEVER;
});
export type LqiConfig = z.infer<typeof lqiConfig>;

/** What a template is tried by: a node's config, whose directory and agreements may not be in their places yet. */
export const trialConfig = config.extend({ trust: z.unknown() });

/** The address of the organisation's identity provider, where it has one. */
export function issuerOf({ oidc, pages }: LqiConfig): string | undefined {
  return oidc?.issuer ?? pages?.issuer;
}

/** To which keys of the config it is put down what cannot be used. */
export const led = {
  source: { key: 'source', fix: 'correct it, or what its files hold' },
  templates: { key: 'templates', fix: 'correct that file, or take it out of the folder' },
  spill: { key: 'spill', fix: 'name a folder in which this user may write' },
};
