// `mesh`: for the people who look after keys, directory, agreements and templates, and for those who ask and approve. It
// works on files; what it sends goes to the node that is named to it, and to nobody else.
import { meshProgram } from './program.js';
import { run } from './telling/run.js';

process.exitCode = await run(meshProgram, process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
});
