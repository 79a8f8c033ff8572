// doctor: whether a party's installation is as it must be, before its node runs and while it does; every failure with its
// cause and the next step. The app's own program looks, as readiness and the console do.
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { runProgram } from '../starting/run-program.js';
import type { Say } from '../telling/run.js';
import { appOf, apps } from './which-app.js';

const examined = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['well', 'attention', 'failing', 'unknown']),
      code: z.string(),
      reason: z.string(),
      todo: z.string(),
    }),
  ),
});
type Checked = z.infer<typeof examined>['checks'][number];

const words: Readonly<Record<Checked['state'], string>> = {
  well: 'well',
  attention: 'LOOK',
  failing: 'FAILING',
  unknown: 'unknown',
};

export function doctorCommand(say: Say): Command {
  return new Command('doctor')
    .description('examine a party’s installation: config, clock, names, broker, rights, database, keys, disk')
    .requiredOption('--config <file>', 'the node’s config')
    .addOption(new Option('--app <app>', 'which app it is for, if that is not clear').choices(Object.values(apps)))
    .action(async ({ config, app = appOf(config) }: { config: string; app?: string }) => {
      const out = await runProgram({ app, entry: 'doctor' }, ['--config', resolve(config)]);
      const { checks } = examined.parse(JSON.parse(out));
      const ok = checks.every(({ state }) => state !== 'failing');
      say({ lines: [...checks.flatMap(linesOf), summaryOf(checks)], json: { app, ok, checks }, ok });
    });
}

function linesOf({ name, state, reason, todo }: Checked): string[] {
  const line = `${words[state].padEnd(8)} ${name.padEnd(14)} ${reason}`;
  return todo === '' || state === 'well' ? [line] : [line, `${' '.repeat(24)}→ ${todo}`];
}

function summaryOf(checks: readonly Checked[]): string {
  const count = (wanted: Checked['state']) => checks.filter(({ state }) => state === wanted).length;
  return `${checks.length} checks: ${count('failing')} failing, ${count('attention')} to look at, ${count('unknown')} unknown.`;
}
