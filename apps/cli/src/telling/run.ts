// Runs one command line: speaks text or JSON, turns every no into a message and an exit code, and never prints a stack.
import { isNativeError } from 'node:util/types';
import { FlawedDocument, inWords } from '@anonymesh/trust';
import { CommanderError, type Command } from 'commander';
import { exitCodes, No } from './no.js';
import { printable, printableJson } from './printable.js';
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
  const program = build(({ lines, json, ok }) => {
    if (!asJson) out(printed(lines));
    else if (json !== undefined) out(printableJson(json));
    code = ok ? 0 : exitCodes.refused;
  });
  const fail = (exit: number, kind: string, lines: readonly string[], more: object = {}) => {
    if (asJson) out(printableJson({ error: { kind, message: lines.join('\n'), ...more } }));
    else error(printed(lines));
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
      if (cause.code !== 'commander.help')
        return fail(exitCodes.usage, 'usage', cause.message.replace(/^error: /, '').split('\n'));
      if (!asJson) error(program.helpInformation());
      return exitCodes.usage;
    }
    if (cause instanceof FlawedDocument)
      return fail(exitCodes.refused, 'document', cause.flaws.map(inWords), { flaws: cause.flaws });
    if (cause instanceof No) return fail(exitCodes[cause.kind], cause.kind, cause.lines, cause.details);
    const message = isNativeError(cause) ? cause.message : 'this failed';
    return fail(exitCodes.fault, 'fault', [`this went wrong, and should not have: ${message}`]);
  }
}

// All that people read goes through here: what others wrote into a file or sent can neither steer their terminal nor look
// like another line.
function printed(lines: readonly string[]): string {
  return lines.map(printable).join('\n');
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap((each) => everyCommand(each))];
}
