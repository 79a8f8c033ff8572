// broker: for the mesh's operator: makes the broker as the directory says.
import { Command } from 'commander';
import { readVerified } from '../directory/read-verified.js';
import { done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { configureBroker, planFor } from './configure.js';
import { initBroker, type BrokerOptions } from './init-broker.js';

export function brokerCommands(say: Say): Command {
  const broker = new Command('broker').description('the broker’s accounts and streams (for the operator)');
  broker
    .command('init')
    .description(
      'make a broker’s folder: the key that makes streams, your own file about it, its server’s configuration',
    )
    .argument('<folder>', 'a new folder, on the broker’s machine')
    .requiredOption('--host <name>', 'the name or address by which parties call the broker')
    .option('--port <number>', 'on which it listens', '4222')
    .option('--listen <address>', 'the address of this machine on which it listens', '0.0.0.0')
    .option('--monitoring-port <number>', 'of its status pages, on this machine alone', '8222')
    .option('--parties <number>', 'for how many there is room: 256 MiB each, which cannot change while it runs', '64')
    .action(async (folder: string, options: BrokerOptions) => {
      const { file, seed, config, lacking } = await initBroker(folder, options);
      const text = [
        `${file}: what mesh is told of the broker; each key is described in docs/configuration.md.`,
        `${seed}: the key that makes streams. Nobody but you needs it.`,
        `${config}: the server’s configuration, with no party yet.`,
        `From mesh ca, or an authority of your own, still belong there: ${lacking.join(', ')}.`,
        `Then start it: nats-server -c ${config}`,
      ];
      say(done(text, { file, seed, config, lacking }));
    });
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
