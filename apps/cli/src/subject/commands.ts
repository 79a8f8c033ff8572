// subject: what a holder keeps about one person, and its erasure. The person is typed at a prompt or comes on the input:
// a command line can be read by everybody on the machine, and stays in the shell's history.
import { Command, Option } from 'commander';
import { fieldFormat } from '@anonymesh/protocol';
import type { Say } from '../telling/run.js';
import { columns, done } from '../telling/told.js';
import { askHolder, type AtHolder, type Held } from './ask-holder.js';
import { readPerson } from './read-person.js';

export function subjectCommands(say: Say): Command {
  const subject = new Command('subject').description('what a holder keeps about one person, and its erasure');
  const command = (name: 'find' | 'erase', description: string) =>
    subject
      .command(name)
      .description(description)
      .requiredOption('--node <url>', 'the holder’s node')
      .requiredOption('--token <file>', 'a file with the access token of an administrator')
      .addOption(
        new Option('--as <format>', 'what the person is known by').choices(fieldFormat.options).makeOptionMandatory(),
      )
      .action(async (at: AtHolder) => {
        const held = await askHolder(name, at, await readPerson());
        say(done(inWords(name, held), { [name === 'find' ? 'found' : 'erased']: held }));
      });
  command('find', 'show what is kept about the person who is named on the input');
  command('erase', 'erase what is kept about the person who is named on the input; the log still verifies');
  return subject;
}

function inWords(name: 'find' | 'erase', held: Held): string {
  const { disclosures, remembered, counted, reasons, openable, open } = held;
  const rows = [
    ['in the log of what left', disclosures],
    ['remembered, so that no other query isolates a flag', remembered],
    ['counted by limits', counted],
    ['reasons of refusals', reasons],
    ['entries of the log that can be opened', openable],
    ['queries that have not ended', open],
  ] as const;
  const head = name === 'find' ? 'Kept about this person:' : 'Erased:';
  return `${head}\n${columns(rows.map(([what, count]) => [`${count}`, what]))}`;
}
