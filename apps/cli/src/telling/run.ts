// Runs one command line: speaks text or JSON, turns every no into a message and an exit code, and never prints a stack.
import { isNativeError } from 'node:util/types';
import { FlawedDocument } from '@anonymesh/trust';
import { CommanderError, type Command } from 'commander';
import { exitCodes, No } from './no.js';
import type { Told } from './told.js';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Says what a command was told to say. Commands get it from the program that they are added to. */
export type Say = (told: Told) => void;

/** Resolves to the exit code. `build` makes the program that says its results with what it is given. */
export async function run(
  build: (say: Say) => Command,
  args: readonly string[],
  { out, error }: Terminal,
): Promise<number> {
  const ended = args.indexOf('--'); // what follows is no option
  const asJson = args.slice(0, ended === -1 ? args.length : ended).includes('--json');
  let code = 0;
  const program = build(({ text, json, ok }) => {
    if (!asJson) out(text);
    else if (json !== undefined) out(JSON.stringify(json));
    code = ok ? 0 : exitCodes.refused;
  });
  const fail = (exit: number, kind: string, message: string, more: object = {}) => {
    if (asJson) out(JSON.stringify({ error: { kind, message, ...more } }));
    else error(message);
    return exit;
  };
  const silent = { writeOut: (text: string) => out(text.trimEnd()), writeErr: () => undefined };
  for (const command of everyCommand(program)) command.exitOverride().configureOutput(silent);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (cause) {
    if (cause instanceof CommanderError) {
      if (cause.exitCode === 0) return 0;
      if (cause.code !== 'commander.help') return fail(exitCodes.usage, 'usage', cause.message.replace(/^error: /, ''));
      if (!asJson) error(program.helpInformation());
      return exitCodes.usage;
    }
    if (cause instanceof FlawedDocument)
      return fail(exitCodes.refused, 'document', cause.message, { flaws: cause.flaws });
    if (cause instanceof No) return fail(exitCodes[cause.kind], cause.kind, cause.message, cause.details);
    const message = isNativeError(cause) ? cause.message : 'this failed';
    return fail(exitCodes.fault, 'fault', `this went wrong, and should not have: ${message}`);
  }
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap((each) => everyCommand(each))];
}
