// Asks an app to end, as a service manager does.
import { readFile } from 'node:fs/promises';
import { placesOf, type RunningMesh } from '@anonymesh/founding';
import { until } from '../mesh/until.js';

/** The milliseconds that it took, and what it said last. */
export async function stopApp(mesh: RunningMesh, name: string): Promise<{ took: number; said: string }> {
  const child = mesh.child(name);
  const began = performance.now();
  process.kill(child.pid ?? NaN, 'SIGTERM');
  await until(`${name} has ended`, () => !isThere(child.pid), 12);
  const lines = (await readFile(placesOf(mesh.dir, name).log, 'utf8')).trim().split('\n');
  return { took: performance.now() - began, said: (JSON.parse(lines.at(-1) ?? '{}') as { event: string }).event };
}

function isThere(pid = NaN): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
