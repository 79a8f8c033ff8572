// subject: what a holder keeps about one person, and its erasure. The person is typed at a prompt or comes on the input:
// a command line can be read by everybody on the machine, and stays in the shell's history.
import { heldAbout, type HeldAbout } from '@anonymesh/api';
import { Command, Option } from 'commander';
import { fieldFormat } from '@anonymesh/protocol';
import { nodeOptions, type NodeOptions } from '../calling/node-options.js';
import { openNode } from '../calling/open-node.js';
import type { Say } from '../telling/run.js';
import { columns, done } from '../telling/told.js';
import { readPerson } from './read-person.js';

const ending = `
Exit codes: 0 found, or erased; 2 used wrongly; 3 the node has refused: the role, what was typed, or a query about the
person that has not ended; 4 the node does not answer.`;

export function subjectCommands(say: Say): Command {
  const subject = new Command('subject').description('what a holder keeps about one person, and its erasure');
  const command = (name: 'find' | 'erase', description: string) =>
    nodeOptions(subject.command(name))
      .description(description)
      .addOption(
        new Option('--as <format>', 'what the person is known by').choices(fieldFormat.options).makeOptionMandatory(),
      )
      .action(async ({ as, ...at }: NodeOptions & { as: string }) => {
        const node = openNode(at);
        const body = { format: as, value: await readPerson() };
        const held = await node.call(heldAbout, 'POST', `/api/v1/subjects/${name}`, { body });
        say(done(inWords(name, held), { [name === 'find' ? 'found' : 'erased']: held }));
      });
  command('find', 'show what is kept about the person who is named on the input');
  command('erase', 'erase what is kept about the person who is named on the input; the log still verifies');
  for (const each of [subject, ...subject.commands]) each.addHelpText('after', ending);
  return subject;
}

function inWords(name: 'find' | 'erase', held: HeldAbout): string[] {
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
  return [head, ...columns(rows.map(([what, count]) => [`${count}`, what]))];
}
