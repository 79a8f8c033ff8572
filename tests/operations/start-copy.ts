// A second process of a party of a running mesh: the same config, ports and a folder for set queries of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placesOf, programOf, type RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import { parse, stringify } from 'yaml';
import { until } from '../mesh/until.js';

export interface Copy {
  /** Where it is monitored. */
  readonly monitoring: string;
  /** As a power cut would. */
  kill(): Promise<void>;
}

interface Config {
  readonly listen: object;
  readonly monitoring: object;
  readonly spill?: string;
  readonly spool?: string;
}

/** Resolves when it listens. */
export async function startCopy({ dir, parties }: RunningMesh, id: PartyId): Promise<Copy> {
  const { home, config } = placesOf(dir, id);
  const own = parse(await readFile(config, 'utf8')) as Config;
  const folder = join(home, 'copy-sets');
  const changed = {
    ...own,
    listen: { ...own.listen, port: 0 },
    monitoring: { ...own.monitoring, port: 0 },
    ...(own.spill === undefined ? {} : { spill: folder }),
    ...(own.spool === undefined ? {} : { spool: folder }),
  };
  const [file, log] = [join(home, 'copy.yaml'), join(home, 'copy.jsonl')];
  await writeFile(file, stringify(changed));
  const app = parties.find((party) => party.id === id)?.app ?? '';
  const { NODE_OPTIONS: _jests, ...env } = process.env;
  const output = openSync(log, 'a', 0o600);
  const child = spawn(process.execPath, [programOf(app), '--config', file], { stdio: ['ignore', output, output], env });
  closeSync(output);
  const ended = once(child, 'exit');
  const port = await until(`a copy of ${id} listens`, async () => {
    if (child.exitCode !== null) throw new Error(`the copy of ${id} has ended: ${await readFile(log, 'utf8')}`);
    const said = await readFile(log, 'utf8');
    const [, found] = /"port":(\d+),"event":"monitoring.listening"/.exec(said) ?? [];
    return said.includes('"event":"listening"') && found;
  });
  return {
    monitoring: `http://127.0.0.1:${port}`,
    kill: async () => {
      if (child.exitCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
