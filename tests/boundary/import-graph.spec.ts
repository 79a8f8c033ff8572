import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { libraries, parties, type PartyKind, tools } from '../../boundaries.mjs';
import { allowedFor, forbiddenImports, overheard } from './forbidden-imports.js';
import { type ImportGraph, readImportGraph } from './import-graph.js';
import { packages } from './packages.js';
import { root } from './run-node.js';
import { withSmallWorkspace } from './small-workspace.js';

const kinds = Object.keys(parties) as PartyKind[];
let scratch: string;
let graph: ImportGraph;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'import-graph-'));
  graph = await readImportGraph(root, scratch);
}, 60_000);

afterAll(() => rm(scratch, { recursive: true }));

describe('the import graph', () => {
  it('knows every app and library of the table', () => {
    const expected = [
      ...[...Object.values(parties).map(({ app }) => app), ...Object.keys(tools)].map((app) => `app:${app}`),
      ...Object.keys(libraries).map((library) => `library:${library}`),
    ];
    expect(Object.keys(graph)).toEqual(expect.arrayContaining(expected));
  });

  it('holds no import that the table does not allow', () => {
    expect(forbiddenImports(graph)).toEqual([]);
  });

  it.each(kinds)('gives the %s no vocabulary that it does not speak, by whatever chain of imports', (kind) => {
    expect(overheard(graph, kind)).toEqual([]);
  });

  it('holds nothing beyond the table in any package.json either', async () => {
    const beyond = (await packages()).flatMap(({ name, tag, dependsOn }) => {
      const allowed = allowedFor(tag)?.map((other) => other.replace('library:', '@anonymesh/')) ?? [];
      return dependsOn.filter((other) => !allowed.includes(other)).map((other) => `${name} -> ${other}`);
    });
    expect(beyond).toEqual([]);
  });
});

describe('the check of the import graph', () => {
  it('reports a tool that reads what a party is asked', () => {
    const leaking = { ...graph, 'app:cli': [...(graph['app:cli'] ?? []), 'library:protocol-asking'] };
    expect(forbiddenImports(leaking)).toEqual(['app:cli -> library:protocol-asking']);
  });

  it('reports an import that was slipped in', () => {
    const leaking = { ...graph, 'app:coordinator': [...(graph['app:coordinator'] ?? []), 'library:protocol-asking'] };
    expect(forbiddenImports(leaking)).toEqual(['app:coordinator -> library:protocol-asking']);
    expect(overheard(leaking, 'coordinator')).toEqual(['protocol-asking']);
  });

  it('reports a vocabulary that is reached through plumbing', () => {
    const leaking = { ...graph, 'library:store': ['library:protocol-outcome'] };
    expect(forbiddenImports(leaking)).toEqual(['library:store -> library:protocol-outcome']);
    expect(overheard(leaking, 'coordinator')).toEqual(['protocol-outcome']);
    expect(overheard(leaking, 'holder')).toEqual(['protocol-outcome']);
  });

  it('reports an app that imports another, and a project that the table does not know', () => {
    const leaking = { 'app:sandbox': ['app:lqi'], 'app:newcomer': [] };
    expect(forbiddenImports(leaking)).toEqual(['app:sandbox -> app:lqi', 'app:newcomer is not in boundaries.mjs']);
  });

  it.each([
    ['an import', "import type { Subject } from '@anonymesh/protocol-asking';\nexport type Asked = Subject;\n"],
    ['an inline import type', "export type Asked = import('@anonymesh/protocol-asking').Subject;\n"],
    ['a dynamic import', "export const asked = () => import('@anonymesh/protocol-asking');\n"],
    ['an export', "export type { Subject } from '@anonymesh/protocol-asking';\n"],
  ])('sees %s in a real file of a real workspace', async (_what, source) => {
    const found = await withSmallWorkspace(source, async (folder) => {
      return forbiddenImports(await readImportGraph(folder, join(folder, '.nx')));
    });
    expect(found).toEqual(['app:coordinator -> library:protocol-asking']);
  });

  it('finds nothing in that workspace when nothing is imported', async () => {
    const source = '// import { Subject } from @anonymesh/protocol-asking\nexport const asked = 1;\n';
    const found = await withSmallWorkspace(source, async (folder) => {
      return forbiddenImports(await readImportGraph(folder, join(folder, '.nx')));
    });
    expect(found).toEqual([]);
  });
});
