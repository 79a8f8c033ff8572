// holder: what an organisation does that wants to answer queries of a mesh, on its own machine.
import { Command, Option } from 'commander';
import { done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { recordKinds } from './holder-config.js';
import { initHolder, type HolderOptions } from './init-holder.js';

export function holderCommands(say: Say): Command {
  const holder = new Command('holder').description('join a mesh as a holder of records');
  holder
    .command('init')
    .description('make keys, a config with comments, and a signed request to join; nothing leaves this machine by it')
    .argument('<folder>', 'a new folder for all that the node has')
    .requiredOption('--id <party>', 'the id that you want in the mesh')
    .requiredOption('--name <name>', 'your organisation’s name')
    .requiredOption('--broker <address...>', 'where the mesh’s broker is: nats://host:port')
    .requiredOption(
      '--operator <key>',
      'the operator’s public key, base64url, compared with the operator by another way',
    )
    .addOption(new Option('--records <kind>', 'where your records are').choices(recordKinds).default('postgres'))
    .option('--port <number>', 'on which the node answers HTTP on this machine', '8080')
    .option('--days <number>', 'for how long the keys are valid', '365')
    .action(async (folder: string, options: HolderOptions) => {
      const { request, config, fingerprint } = await initHolder(folder, options);
      const text = [
        `${request}: send this to the mesh’s operator.`,
        'Tell the operator by another way, such as by telephone, your fingerprint:',
        `  ${fingerprint}`,
        `${config}: fill in where your records are.`,
        `What comes back from the operator belongs into ${folder}/trust. Then: mesh doctor --config ${config}`,
      ];
      say(done(text, { request, config, fingerprint }));
    });
  return holder;
}
