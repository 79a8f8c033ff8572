// Nx's graph of this workspace as plain data: each project by its tag, and what it imports. Nx reads sources (inline
// `import('…')` types too, which lint does not see) and package.json files, and takes the union.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, runNode } from './run-node.js';

/** `app:<name>` or `library:<name>` to the tags of what it uses. */
export type ImportGraph = Readonly<Record<string, readonly string[]>>;

interface NxGraph {
  readonly graph: {
    readonly nodes: Record<string, { readonly data: { readonly root: string; readonly tags?: string[] } }>;
    readonly dependencies: Record<string, readonly { readonly target: string }[]>;
  };
}

/** Reads the graph of the workspace at `workspace`, with Nx's own files kept in `scratch`. */
export async function readImportGraph(workspace: string, scratch: string): Promise<ImportGraph> {
  const file = join(scratch, 'graph.json');
  const { code, stderr } = await runNode({
    args: [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`],
    cwd: workspace,
    env: { NX_WORKSPACE_DATA_DIRECTORY: scratch },
  });
  if (code !== 0) throw new Error(`nx graph failed: ${stderr}`);
  const { nodes, dependencies } = (JSON.parse(await readFile(file, 'utf8')) as NxGraph).graph;
  const tagOf = (project: string) => {
    if (nodes[project]?.data.root === '.') return 'root';
    const ours = nodes[project]?.data.tags?.filter((tag) => /^(app|library):/.test(tag)) ?? [];
    if (ours.length !== 1) throw new Error(`${project} has ${ours.length} tags of its own; each project has one`);
    return String(ours[0]);
  };
  return Object.fromEntries(
    Object.keys(nodes).map((project) => [
      tagOf(project),
      (dependencies[project] ?? [])
        .map(({ target }) => target)
        .filter((target) => target in nodes)
        .map(tagOf),
    ]),
  );
}
