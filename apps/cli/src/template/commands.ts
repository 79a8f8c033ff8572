// template: the query code that a holder agrees to run: its hash, for the agreement; the signatures of its author and its
// reviewer; and what it finds on the holder's own data, before anybody signs.
import { Command } from 'commander';
import { columns, done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { hashTemplate, signTemplateFile } from './pin.js';
import { tryAtHolder, type TryOptions } from './try-at-holder.js';

export function templateCommands(say: Say): Command {
  const template = new Command('template').description('the query code that holders run');

  template
    .command('hash')
    .description('show a template’s hash, as agreements pin it, and who has signed it')
    .argument('<file>')
    .action((file: string) => {
      const { hash, signers } = hashTemplate(file);
      const rows = signers.map(({ fingerprint, isValid }) => [fingerprint, isValid ? 'signed' : 'NOT VALID']);
      const ok = signers.every(({ isValid }) => isValid);
      const signed = rows.length === 0 ? ['Nobody has signed it yet.'] : columns(rows);
      say({ lines: [hash, ...signed], json: { file, hash, signers }, ok });
    });

  template
    .command('sign')
    .description('sign a template, as its author or its reviewer')
    .argument('<file>')
    .requiredOption('--key <file>', 'your own key')
    .action(async (file: string, { key }: { key: string }) => {
      const { hash, fingerprint, file: written } = await signTemplateFile(file, key);
      say(done([`${written}: signed by ${fingerprint}`, `  ${hash}`], { file: written, hash, fingerprint }));
    });

  template
    .command('try')
    .description('run a template on a holder’s own records, as its node would, and show what it finds')
    .argument('<file>')
    .requiredOption('--config <file>', 'the config of the holder’s node')
    .option('--values <file>', 'YAML or JSON of the parameters; read from the terminal’s input unless told', '-')
    .option(
      '--agreement <file>',
      'hold it to that agreement, signed or not: what it gives this holder, and asks of a set',
    )
    .action(async (file: string, options: TryOptions) => {
      const found = await tryAtHolder(file, options);
      say(done(found.lines, found.json));
    });
  return template;
}
