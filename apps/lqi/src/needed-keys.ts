// Prints to which of its own keys the holder's store still holds something sealed, and changes nothing: `mesh keys rotate
// --retire` starts it.
import { lookIn } from '@anonymesh/courier';
import { endOnFault, readConfig } from '@anonymesh/runtime';
import { lqiConfig } from './config.js';
import { neededKeys } from './store/needed-keys.js';

endOnFault();
const node = await lookIn(readConfig(lqiConfig));
try {
  process.stdout.write(`${JSON.stringify({ keys: await neededKeys(node.courier.store.knex) })}\n`);
} finally {
  await node.close();
}
