import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readImportGraph } from './import-graph.js';
import { root, runNode } from './run-node.js';

const boundary = '@nx/enforce-module-boundaries';
const program = fileURLToPath(new URL('lint-texts.mjs', import.meta.url));
const askingType = "import type { Subject } from '@anonymesh/protocol-asking';\nexport type Asked = Subject;\n";
const decorated = "import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class Asking {}\n";
const signs = "export { sign } from 'node:crypto';\n";
const longest = 'export {};\n'.repeat(300);

interface Row {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  readonly breaks: readonly string[];
}

const rows: Row[] = [
  {
    what: 'the coordinator reading asking',
    file: 'apps/coordinator/src/leak.ts',
    text: askingType,
    breaks: [boundary],
  },
  { what: 'the aggregator reading asking', file: 'apps/aggregator/src/leak.ts', text: askingType, breaks: [boundary] },
  { what: 'the command line reading asking', file: 'apps/cli/src/leak.ts', text: askingType, breaks: [boundary] },
  {
    what: 'the command line reading what runs a node',
    file: 'apps/cli/src/leak.ts',
    text: "export * from '@anonymesh/courier';\n",
    breaks: [boundary],
  },
  { what: 'plumbing reading asking', file: 'libs/courier/src/leak.ts', text: askingType, breaks: [boundary] },
  { what: 'the holder reading asking', file: 'apps/lqi/src/fine.ts', text: askingType, breaks: [] },
  {
    what: 'the coordinator passing asking on',
    file: 'apps/coordinator/src/leak.ts',
    text: "export * from '@anonymesh/protocol-asking';\n",
    breaks: [boundary],
  },
  {
    what: 'the coordinator importing asking at run time',
    file: 'apps/coordinator/src/leak.ts',
    text: "export const asked = () => import('@anonymesh/protocol-asking');\n",
    breaks: [boundary],
  },
  {
    what: 'an inline import type',
    file: 'apps/coordinator/src/leak.ts',
    text: "export type Asked = import('@anonymesh/protocol-asking').Subject;\n",
    breaks: ['no-restricted-syntax'],
  },
  {
    what: 'an inline import type in a controller',
    file: 'apps/coordinator/src/leak.controller.ts',
    text: "export type Asked = import('@anonymesh/protocol-asking').Subject;\n",
    breaks: ['no-restricted-syntax'],
  },
  {
    what: 'one app’s file in another',
    file: 'apps/sandbox/src/leak.ts',
    text: "export * from '../../lqi/src/main.js';\n",
    breaks: [boundary],
  },
  {
    what: 'a library’s file by its path',
    file: 'apps/lqi/src/leak.ts',
    text: "export * from '../../../libs/protocol/asking/src/index.js';\n",
    breaks: [boundary],
  },
  {
    what: 'a test server in what is not a test',
    file: 'libs/store/src/leak.ts',
    text: "export * from '../../../tests/servers/postgres.js';\n",
    breaks: [boundary],
  },
  {
    what: 'a test server in a spec',
    file: 'libs/store/src/fine.spec.ts',
    text: "export * from '../../../tests/servers/postgres.js';\n",
    breaks: [],
  },
  {
    what: 'a test server in a test of the mesh',
    file: 'tests/walkthrough/fine.spec.ts',
    text: "export * from '../servers/nats.js';\n",
    breaks: [],
  },
  { what: 'a decorator in the open', file: 'apps/lqi/src/a.ts', text: decorated, breaks: ['no-restricted-syntax'] },
  { what: 'a decorator in a controller', file: 'apps/lqi/src/a.controller.ts', text: decorated, breaks: [] },
  { what: 'an empty catch', file: 'apps/lqi/src/a.ts', text: 'try { fetch("/"); } catch {}\n', breaks: ['no-empty'] },
  { what: 'a signature by Node', file: 'libs/trust/src/a.ts', text: signs, breaks: ['no-restricted-imports'] },
  { what: 'a signature in a spec', file: 'libs/trust/src/a.spec.ts', text: signs, breaks: [] },
  { what: 'a console', file: 'apps/lqi/src/a.ts', text: 'console.log(1);\n', breaks: ['no-console'] },
  { what: 'a console in the sandbox', file: 'apps/sandbox/src/a.ts', text: 'console.log(1);\n', breaks: [] },
  {
    what: 'a rule switched off by a comment',
    file: 'apps/coordinator/src/leak.ts',
    text: `/* eslint-disable */\n${askingType}`,
    breaks: ['no rule', boundary],
  },
  { what: '300 lines', file: 'apps/lqi/src/a.ts', text: longest, breaks: [] },
  { what: '301 lines', file: 'apps/lqi/src/a.ts', text: `${longest}export {};\n`, breaks: ['max-lines'] },
  {
    what: 'any',
    file: 'apps/lqi/src/a.ts',
    text: 'export const a = (b: any): unknown => b;\n',
    breaks: ['@typescript-eslint/no-explicit-any'],
  },
];

let scratch: string;
let broken: string[][];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lint-'));
  await readImportGraph(root, scratch);
  const env = { NX_WORKSPACE_DATA_DIRECTORY: scratch };
  const { stdout, stderr } = await runNode({ args: [program], env, stdin: JSON.stringify(rows.map(onlyText)) });
  if (!stdout.startsWith('[')) throw new Error(`nothing was linted: ${stdout}${stderr}`);
  broken = JSON.parse(stdout) as string[][];
}, 60_000);

afterAll(() => rm(scratch, { recursive: true }));

function onlyText({ file, text }: Row) {
  return { file, text };
}

describe('lint', () => {
  it.each(rows.map((row, place) => ({ ...row, place })))('for $what reports $breaks', ({ place, breaks }) => {
    expect([...new Set(broken[place])]).toEqual(breaks);
  });

  it('fails where it has no project graph, instead of leaving the boundary rule out', async () => {
    const empty = join(scratch, 'empty');
    await mkdir(empty);
    const env = { NX_WORKSPACE_DATA_DIRECTORY: empty };
    const stdin = JSON.stringify(rows.slice(0, 1).map(onlyText));
    const { code, stdout } = await runNode({ args: [program], env, stdin });
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
  });
});
