// Plans the broker's accounts and makes its streams, for whoever operates the mesh: `mesh` starts it, and asks on the
// input. One object on the output: the server's configuration, or why there is none.
import { text } from 'node:stream/consumers';
import { endOnFault } from '@anonymesh/runtime';
import { answer } from './answer.js';
import { asked } from './asked.js';

endOnFault();
const question = asked.parse(JSON.parse(await text(process.stdin)));
process.stdout.write(`${JSON.stringify(await answer(question))}\n`);
