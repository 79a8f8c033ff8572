// Records what every message may say, as a release has it: `node scripts/record-messages.mjs VERSION`, once for each release.
// The next version must take what this one writes and write what this one takes (tests/boundary/released.spec.ts).
import { readFileSync, writeFileSync } from 'node:fs';

const [version] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new Error('say which version');
const libraries = await Promise.all(
  ['core', 'asking', 'answering', 'outcome'].map((name) => import(`../libs/protocol/${name}/dist/index.js`)),
);
const messages = libraries
  .flatMap((library) => Object.values(library))
  .filter((value) => typeof value === 'object' && value !== null && 'hops' in value && 'body' in value);
const inside = new Set(messages.filter(({ carried }) => carried === 'inside').map(({ name }) => name));
const nameOf = ({ name, carried }) => (carried !== 'inside' && inside.has(name) ? `${name} (relayed)` : name);
const schemaOf = (schema) => schema.toJSONSchema({ io: 'input', unrepresentable: 'any' });
const vectors = JSON.parse(readFileSync(new URL('../libs/protocol/vectors/messages.json', import.meta.url), 'utf8'));
const recorded = Object.fromEntries(
  messages
    .map((message) => {
      const { body, reply } = vectors[nameOf(message)];
      const { version: number, carried, travelsAs = null, size = null } = message;
      return [
        nameOf(message),
        {
          version: number,
          carried,
          travelsAs,
          size,
          body,
          bodySchema: schemaOf(message.body),
          ...(message.reply === undefined ? {} : { reply, replySchema: schemaOf(message.reply) }),
        },
      ];
    })
    .sort(([a], [b]) => a.localeCompare(b)),
);
const target = new URL(`../libs/protocol/vectors/released/${version}.json`, import.meta.url);
writeFileSync(target, `${JSON.stringify(recorded, undefined, 1)}\n`, { flag: 'wx' });
