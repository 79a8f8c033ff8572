// The example configs under deploy/, read by the apps themselves. An app reads its config before anything else, and says
// all that is wrong with it: here only what belongs to one mesh may be missing, since it is nowhere but in a container.
import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readDocument } from './documents.js';
import { root, runNode } from './run-node.js';

const loader = pathToFileURL(join(root, 'scripts/typescript.mjs')).href;
const examples = [
  { party: 'immigration', app: 'requester-ui' },
  { party: 'coordinator', app: 'coordinator' },
  { party: 'aggregator', app: 'aggregator' },
  { party: 'appeal-portal', app: 'appeal-portal' },
  { party: 'hmrc', app: 'lqi' },
  { party: 'dwp', app: 'lqi' },
  { party: 'council', app: 'lqi' },
];

/** What the app says of the config: an exit code, and a line for each fault. */
async function faultsOf(app: string, config: string) {
  const args = ['--conditions=development', `--import=${loader}`, `apps/${app}/src/main.ts`, '--config', config];
  const { code, stderr } = await runNode({ args });
  return { code, faults: stderr.split('\n').filter((line) => line.startsWith(config)) };
}

describe('a config under deploy/', () => {
  it.each(examples)(
    'of $party has all that $app asks for, and nothing that it does not know',
    async ({ party, app }) => {
      const config = `deploy/${party}/config.yaml`;
      const { code, faults } = await faultsOf(app, config);
      expect(code).toBe(2);
      expect(faults.length).toBeGreaterThanOrEqual(3);
      expect(faults.filter((fault) => !/: no such (?:file|folder) /.test(fault))).toEqual([]);
      const files = (await readDocument(config)).match(/\/run\/secrets\/[a-z.-]+|trust\/[a-z.-]+|^templates: /gm) ?? [];
      expect(faults).toHaveLength(files.length);
    },
  );

  it('would be caught with a key misspelt and another left out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'config-'));
    const file = join(folder, 'config.yaml');
    try {
      const text = await readDocument('deploy/hmrc/config.yaml');
      await writeFile(file, text.replace('releaseEvery', 'releaseEach').replace(/^store:.*$/m, ''));
      const { faults } = await faultsOf('lqi', file);
      expect(
        faults
          .filter((fault) => !/: no such (?:file|folder) /.test(fault))
          .map((fault) => fault.split(': ').slice(1, 3).join(': ')),
      ).toEqual([expect.stringMatching(/^store: /), expect.stringMatching(/^releaseEach: no such key/)]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
