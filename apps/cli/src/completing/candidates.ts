// The words that may come next on a command line that somebody is still typing. File names are the shell's own affair.
import type { Command } from 'commander';

/** `words`: those after `mesh`, the last of them still being typed, perhaps empty. */
export function candidates(program: Command, words: readonly string[]): string[] {
  const typed = words.at(-1) ?? '';
  let command = program;
  let place = 0;
  let awaited: readonly string[] | undefined;
  for (const word of words.slice(0, -1)) {
    const option =
      awaited === undefined ? command.options.find(({ long, short }) => word === long || word === short) : undefined;
    const next = awaited === undefined ? command.commands.find((each) => each.name() === word) : undefined;
    if (next !== undefined) [command, place] = [next, 0];
    else if (awaited === undefined && option === undefined) place += 1;
    awaited = option !== undefined && (option.required || option.optional) ? (option.argChoices ?? []) : undefined;
  }
  const possible = awaited ?? [
    ...(typed.startsWith('-') ? optionsOf(command) : []),
    ...command.commands.filter((each) => !isHidden(each)).map((each) => each.name()),
    ...(command.registeredArguments[place]?.argChoices ?? []),
  ];
  return possible.filter((each) => each.startsWith(typed));
}

function optionsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), '--help'];
}

function isHidden(command: Command): boolean {
  return command.name() === 'complete';
}
