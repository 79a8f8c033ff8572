#!/usr/bin/env node
// Starts the command line as it was built; where it was not, from its sources.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => new URL(path, import.meta.url);
const built = at('../../../dist/cli/main.js');

if (existsSync(built)) await import(built.href);
else {
  const loader = ['--conditions=development', `--import=${at('../../../scripts/typescript.mjs').href}`];
  const args = [...loader, fileURLToPath(at('../src/main.ts')), ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
