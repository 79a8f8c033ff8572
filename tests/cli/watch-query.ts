// `mesh query watch` as a process of its own, whose words are read as they come.
import { spawn } from 'node:child_process';
import { root } from '../boundary/run-node.js';

export interface Watching {
  /** Resolves once it has said that the query waits. */
  readonly begun: Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly error: string }>;
}

export function watchQuery(queryId: string, node: string, token: string): Watching {
  const args = ['apps/cli/bin/mesh.mjs', 'query', 'watch', queryId, '--url', node];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', MESH_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error] = ['', ''];
  child.stderr.on('data', (piece: Buffer) => (error += piece.toString()));
  const begun = new Promise<void>((begin, fail) => {
    child.stdout.on('data', (piece: Buffer) => {
      out += piece.toString();
      if (out.includes('waiting:')) begin();
    });
    child.once('close', () => fail(new Error(`it ended before it had begun: ${out}${error}`)));
  });
  const ended = new Promise<Awaited<Watching['ended']>>((end, fail) =>
    child.once('close', (code) => end({ code, out, error })).once('error', fail),
  );
  return { begun, ended };
}
