// directory: which keys belong to whom. Every party signs its own entry; the operator admits it and changes nothing in it.
import { Command, Option } from 'commander';
import { partyKind } from '@anonymesh/protocol';
import { columns, done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { requestCommands } from '../enrolling/request-commands.js';
import { addEntry, removeParty } from './admit.js';
import { readVerified, trustOptions, type TrustOptions } from './read-verified.js';
import { signOwnEntry, type EntryOptions } from './sign-entry.js';

export function directoryCommands(say: Say): Command {
  const directory = new Command('directory').description('who is in the mesh, and with which keys');

  trustOptions(directory.command('show').description('show the parties and their keys')).action(
    (options: TrustOptions) => {
      const { directory: read } = readVerified(options);
      const parties = [...read.parties.values()];
      const rows = parties.map(({ id, kind, name, serial, fingerprint }) => [
        id,
        kind,
        String(serial),
        fingerprint,
        name,
      ]);
      const head = ['party', 'kind', 'entry', 'fingerprint of its identity', 'name'];
      say(done(columns([head, ...rows]), { serial: read.serial, parties }));
    },
  );

  trustOptions(
    directory.command('verify').description('verify the operator’s signature, and each party’s on its entry'),
  ).action((options: TrustOptions) => {
    const { directory: read, leftOut } = readVerified(options);
    const good = `The operator signed directory ${read.serial}. ${read.parties.size} parties have valid entries.`;
    const bad = `Not valid, and ignored by every node: entries ${leftOut.map((index) => index + 1).join(', ')} of the file.`;
    const ok = leftOut.length === 0;
    say({ lines: ok ? [good] : [good, bad], json: { ok, serial: read.serial, leftOut }, ok });
  });

  directory
    .command('sign')
    .description('sign your own entry, for the operator to add')
    .requiredOption('--id <party>', 'your id in the mesh')
    .addOption(new Option('--kind <kind>', 'what you are in the mesh').choices(partyKind.options).makeOptionMandatory())
    .requiredOption('--name <name>', 'your organisation’s name')
    .requiredOption('--keys <folder>', 'the folder that `keys new` made, with the identity key in it')
    .option('--serial <number>', 'one more than your last entry had', '1')
    .option('--days <number>', 'for how long the keys are valid', '365')
    .requiredOption('--out <file>', 'where the signed entry is written')
    .action(async (options: EntryOptions) => {
      const { entry, fingerprint } = await signOwnEntry(options);
      const text = `${options.out}: the entry of ${entry.id}, signed. Give it to the operator, and by another way your fingerprint:`;
      say(done([text, `  ${fingerprint}`], { file: options.out, entry, fingerprint }));
    });

  directory
    .command('add')
    .description('admit a party, or its newer entry (for the operator)')
    .argument('<directory>', 'the directory’s file; made if it is not there')
    .argument('<entry>', 'the signed entry')
    .requiredOption('--operator-key <file>', 'the operator’s private key')
    .requiredOption('--fingerprint <text>', 'as the party told you, by another way than it sent the entry')
    .action(async (file: string, entry: string, options: { operatorKey: string; fingerprint: string }) => {
      const { id, serial, operator } = await addEntry(file, entry, options);
      const text = `${file}: ${id} is admitted. The directory’s serial is ${serial}; the operator’s public key is ${operator}`;
      say(done(text, { file, id, serial, operator }));
    });

  directory
    .command('remove')
    .description(
      'take a party out of the file alone, where the broker is not yours to change; `party remove` also cuts it off (for the operator)',
    )
    .argument('<directory>', 'the directory’s file')
    .argument('<party>', 'its id')
    .requiredOption('--operator-key <file>', 'the operator’s private key')
    .action(async (file: string, id: string, options: { operatorKey: string }) => {
      const { serial } = await removeParty(file, id, options.operatorKey);
      const text = `${file}: ${id} is removed; on the broker it still has its account, until mesh broker configure. The directory’s serial is ${serial}`;
      say(done(text, { file, id, serial }));
    });
  requestCommands(directory, say);
  return directory;
}
