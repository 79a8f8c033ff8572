// Writes docs/configuration.md from the schemas by which the apps read their config files, and `mesh` the operator's file
// about the broker, so that it cannot say anything else than they do. `--check` writes nothing, and ends with 1 where the
// page is not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';

const apps = [
  ['requester-ui', 'the node of a requester', 'requesterConfig'],
  ['coordinator', 'the coordinator', 'coordinatorConfig'],
  ['lqi', 'the node of a holder', 'lqiConfig'],
  ['aggregator', 'the aggregator', 'aggregatorConfig'],
  ['appeal-portal', 'the appeal portal', 'portalConfig'],
];

const schemaOf = (schema) => schema.toJSONSchema({ io: 'input', unrepresentable: 'any', reused: 'inline' });

/** A row for each key, in the order of the schema. */
function rowsOf(schema, path = [], isNeeded = true) {
  const key = path.join('.');
  if (schema.properties !== undefined) {
    const own =
      schema.description === undefined ? [] : [[`\`${key}\``, schema.description, 'section', needed(schema, isNeeded)]];
    const required = new Set(schema.required);
    const inner = Object.entries(schema.properties).flatMap(([name, each]) =>
      rowsOf(each, [...path, name], required.has(name)),
    );
    return [...own, ...inner];
  }
  if (schema.additionalProperties?.properties !== undefined) {
    const own = [`\`${key}\``, schema.description, 'names, each with a section', needed(schema, isNeeded)];
    return [own, ...rowsOf(schema.additionalProperties, [...path, '<name>'], false)];
  }
  const variants = schema.oneOf ?? schema.anyOf;
  if (variants?.every(({ properties }) => properties?.kind !== undefined) === true) {
    return variants.flatMap((variant) => {
      const { kind, ...properties } = variant.properties;
      const rows = rowsOf({ ...variant, properties }, path, isNeeded);
      return [[`\`${key}.kind: ${kind.const}\``, 'With it:', '', ''], ...rows];
    });
  }
  if (schema.description === undefined) throw new Error(`${key} has no description`);
  return [[`\`${key}\``, schema.description, typeOf(schema), needed(schema, isNeeded)]];
}

function needed(schema, isNeeded) {
  if (schema.default !== undefined) return `\`${JSON.stringify(schema.default)}\``;
  return isNeeded ? 'must be given' : 'none';
}

function typeOf(schema) {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.map((each) => `\`${each}\``).join(', ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}${between(schema.minItems, schema.maxItems)}`;
  if (schema.type === 'object') {
    const { format } = schema.additionalProperties;
    return `names, each with ${format === 'uri' ? 'an address' : 'a list'}`;
  }
  if (schema.anyOf !== undefined) return schema.anyOf.map(({ format }) => format ?? 'text').join(', ');
  if (schema.format === 'uri') return 'address';
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (schema.type === 'string') return 'text';
  return `${schema.type === 'integer' ? 'whole number' : 'number'}${between(minimum ?? exclusiveMinimum, maximum)}`;
}

function between(least, most) {
  const isBound = most !== undefined && most < Number.MAX_SAFE_INTEGER;
  if (least !== undefined && isBound) return `, ${least} to ${most}`;
  return least === undefined ? '' : `, ${least} or more`;
}

function table(rows) {
  const cells = (row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [cells(['key', 'what', 'how', 'unless given']), cells(['-', '-', '-', '-']), ...rows.map(cells)].join('\n');
}

const { nodeConfig } = await import(new URL('../libs/courier/dist/index.js', import.meta.url).href);
const common = new Set(Object.keys(nodeConfig.shape));
const sections = await Promise.all(
  apps.map(async ([app, what, name]) => {
    const { [name]: schema } = await import(`../apps/${app}/dist/config.js`);
    const { properties, ...rest } = schemaOf(schema);
    const own = Object.fromEntries(Object.entries(properties).filter(([key]) => !common.has(key)));
    return `## \`${app}\`, ${what}\n\n${table(rowsOf({ ...rest, properties: own }))}`;
  }),
);

const { brokerFile } = await import(new URL('../apps/cli/dist/broker/broker-file.js', import.meta.url).href);

const page = `# Configuration

<!-- Written by scripts/write-configuration.mjs from the schemas of the apps: do not edit it by hand. -->

Each app reads one YAML file, given by \`--config\`. Relative paths start at that file's folder. A secret is the path of a
file that only its owner may read. An unknown key is a fault, too; all faults are told at once, with file, key and fix,
and the program ends with exit code 2. \`mesh doctor --config FILE\` says the same, and looks at all that the file names.

## Every app

${table(rowsOf(schemaOf(nodeConfig)))}

${sections.join('\n\n')}

## \`broker.yaml\`, the operator's file about the broker

No app reads it. \`mesh broker init\` writes it, and \`mesh\` makes the broker’s configuration and streams by it
([operations.md](operations.md)). Relative paths start at its folder.

${table(rowsOf(schemaOf(brokerFile)))}
`;

const target = new URL('../docs/configuration.md', import.meta.url);
const options = await prettier.resolveConfig(target);
const formatted = await prettier.format(page, { ...options, parser: 'markdown' });
if (!process.argv.includes('--check')) writeFileSync(target, formatted);
else if (readFileSync(target, 'utf8') !== formatted) {
  process.stderr.write('docs/configuration.md is not up to date: node scripts/write-configuration.mjs\n');
  process.exitCode = 1;
}
