// `mesh`: for the people who look after keys, directory, agreements and templates. It works on files; nothing that it
// reads leaves this machine.
import { meshProgram } from './program.js';
import { run } from './telling/run.js';

process.exitCode = await run(meshProgram, process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
});
