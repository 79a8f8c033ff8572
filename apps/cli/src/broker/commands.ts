// broker: for the mesh's operator: makes the broker as the directory says.
import { Command } from 'commander';
import { readVerified } from '../directory/read-verified.js';
import { done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { configureBroker, planFor } from './configure.js';

export function brokerCommands(say: Say): Command {
  const broker = new Command('broker').description('the broker’s accounts and streams (for the operator)');
  broker
    .command('configure')
    .description(
      'write the server’s configuration as the directory has the parties, have it read, and make the streams',
    )
    .argument('<file>', 'the operator’s own file about the broker')
    .requiredOption('--directory <file>', 'the directory’s file')
    .requiredOption('--operator <key>', 'the operator’s public key, base64url')
    .action(async (file: string, options: { directory: string; operator: string }) => {
      const planned = await planFor(file, readVerified(options).directory);
      await configureBroker(planned);
      const { accounts, streams } = planned;
      say(
        done(`${planned.file.config}: ${accounts.length} accounts, ${streams} streams. The broker has taken it.`, {
          accounts,
          streams,
        }),
      );
    });
  return broker;
}
