// Runs the administrators' `mesh`, as it was built.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { programOf } from '@anonymesh/founding';

const program = programOf('cli');

export interface RanMesh {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

export async function runMesh(...args: readonly string[]): Promise<RanMesh> {
  const { NODE_OPTIONS: _jests, ...env } = process.env;
  const child = spawn(process.execPath, [program, ...args], { env });
  const ended = new Promise<number | null>((settle) => child.once('close', settle));
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, error };
}
