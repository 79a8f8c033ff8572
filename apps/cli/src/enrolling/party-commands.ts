// party: puts a party out of the mesh at once.
import { Command } from 'commander';
import { configureBroker, planFor } from '../broker/configure.js';
import { keep, withoutParty } from '../directory/admit.js';
import { done } from '../telling/told.js';
import type { Say } from '../telling/run.js';

export function partyCommands(say: Say): Command {
  const party = new Command('party').description('who is in the mesh (for the operator)');
  party
    .command('remove')
    .description('put a party out: its account is gone, and its connections are closed, at once; all others stay')
    .argument('<directory>', 'the directory’s file')
    .argument('<party>', 'its id')
    .requiredOption('--operator-key <file>', 'the operator’s private key')
    .requiredOption('--broker <file>', 'the operator’s own file about the broker')
    .action(async (file: string, id: string, options: { operatorKey: string; broker: string }) => {
      const changed = await withoutParty(file, id, options.operatorKey);
      const planned = await planFor(options.broker, changed.directory);
      keep(changed);
      await configureBroker(planned);
      const { serial } = changed.directory;
      const text = `${id} is out: the broker has cut it off. Directory ${serial} is without it: send it to all others.`;
      say(done(text, { file, id, serial }));
    });
  return party;
}
