// What `mesh doctor` finds by a config file.
import { expect } from '@jest/globals';
import { runMesh } from './run-mesh.js';

export interface Checked {
  readonly name: string;
  readonly state: string;
  readonly code: string;
  readonly reason: string;
  readonly todo: string;
}

export async function examine(file: string) {
  const { code, out, error } = await runMesh('doctor', '--config', file, '--json');
  expect(error).toBe('');
  const { checks, ok, app } = JSON.parse(out) as { checks: Checked[]; ok: boolean; app: string };
  expect(code).toBe(ok ? 0 : 1);
  const found = (name: string) => checks.find((check) => check.name === name);
  return { checks, ok, app, found };
}
