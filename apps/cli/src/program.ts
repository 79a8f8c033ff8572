// The command line's table of contents: which commands there are. Every command takes --json.
import { Command } from 'commander';
import { agreementCommands } from './agreement/commands.js';
import { approvalsCommands } from './approvals/commands.js';
import { backupCommand } from './backing-up/back-up.js';
import { brokerCommands } from './broker/commands.js';
import { caCommands } from './ca/commands.js';
import { addCompletion } from './completing/completion.js';
import { directoryCommands } from './directory/commands.js';
import { evidenceCommands } from './evidence/commands.js';
import { partyCommands } from './enrolling/party-commands.js';
import { doctorCommand } from './examining/doctor.js';
import { keysCommands } from './keys/commands.js';
import { queryCommands } from './query/commands.js';
import type { Say } from './telling/run.js';
import { subjectCommands } from './subject/commands.js';
import { templateCommands } from './template/commands.js';

const ending = `
Exit codes: 0 done, or the answer is yes; 1 the answer is no, or a document is not as it must be; 2 used wrongly, or
something that was named is not there; 3 a node, or the mesh, has refused; 4 a node does not answer. With --json a
command prints one object; when it fails, {"error": …}.`;

export function meshProgram(say: Say): Command {
  const program = new Command('mesh')
    .description('Keys, agreements, templates, queries, evidence and the health of Anonymesh, at the command line.')
    .addHelpText('after', ending);
  const groups = [
    keysCommands,
    caCommands,
    directoryCommands,
    partyCommands,
    brokerCommands,
    agreementCommands,
    templateCommands,
    evidenceCommands,
    queryCommands,
    approvalsCommands,
    subjectCommands,
    doctorCommand,
    backupCommand,
  ];
  for (const group of groups) program.addCommand(group(say));
  addCompletion(program, say);
  for (const command of leaves(program)) command.option('--json', 'print one JSON object');
  return program;
}

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap((each) => leaves(each));
}
