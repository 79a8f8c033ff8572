// Puts the parameters into an agreed aggregation pipeline, as values and never as code, and refuses what would write,
// run code or look elsewhere. Both databases that take pipelines are asked through here.
import { SourceFault } from './source-fault.js';
import type { Parameters, Statement } from './source.js';

export type Stage = Record<string, unknown>;

/** Throws a SourceFault `statement`. */
export function fill(statement: Statement, parameters: Parameters): { collection: string; stages: Stage[] } {
  if (statement.kind !== 'pipeline' || /^system\.|[$\0]/.test(statement.collection)) throw new SourceFault('statement');
  // `$name` as a value would be read as the name of a field.
  if (Object.values(parameters).some((value) => value.startsWith('$'))) throw new SourceFault('statement');
  const used = new Set<string>();
  const stages = statement.stages.map((stage) => place(stage, parameters, used));
  if (used.size !== Object.keys(parameters).length) throw new SourceFault('statement');
  checkStages(stages);
  return { collection: statement.collection, stages: stages as Stage[] };
}

function place(value: unknown, parameters: Parameters, used: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => place(item, parameters, used));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const name = entries.find(([key]) => key === '$param')?.[1] as unknown;
  if (name === undefined) return Object.fromEntries(entries.map(([key, item]) => [key, place(item, parameters, used)]));
  if (entries.length > 1 || typeof name !== 'string' || !Object.hasOwn(parameters, name)) {
    throw new SourceFault('statement');
  }
  used.add(name);
  return parameters[name];
}

const readingStages = new Set(
  (
    '$match $project $addFields $set $unset $group $sort $limit $skip $unwind $count $lookup $unionWith $graphLookup ' +
    '$replaceRoot $replaceWith $sortByCount $bucket $bucketAuto $facet $setWindowFields $redact $sample'
  ).split(' '),
);
const runCode = new Set(['$function', '$where', '$accumulator', '$out', '$merge']);

function checkStages(stages: unknown): void {
  if (!Array.isArray(stages)) throw new SourceFault('statement');
  for (const stage of stages as unknown[]) {
    const [entry, ...more] = typeof stage === 'object' && stage !== null ? Object.entries(stage) : [];
    if (entry === undefined || more.length > 0 || !readingStages.has(entry[0])) throw new SourceFault('statement');
    checkInside(entry[0], entry[1]);
  }
}

function checkInside(name: string, content: unknown): void {
  if (runCode.has(name)) throw new SourceFault('statement');
  if (name === '$facet') Object.values(content ?? { nothing: null }).forEach(checkStages);
  else if (name === '$lookup' || name === '$unionWith' || name === '$graphLookup') checkSecondCollection(content);
  if (typeof content !== 'object' || content === null) return;
  for (const [key, value] of Object.entries(content)) checkInside(Array.isArray(content) ? '' : key, value);
}

// `from: { db, coll }` would reach another database.
function checkSecondCollection(content: unknown): void {
  const { from, coll, db, pipeline } = (content ?? {}) as Partial<Record<'from' | 'coll' | 'db' | 'pipeline', unknown>>;
  const name = typeof content === 'string' ? content : (from ?? coll);
  if (typeof name !== 'string' || name.startsWith('system.') || db !== undefined) throw new SourceFault('statement');
  if (pipeline !== undefined) checkStages(pipeline);
}
