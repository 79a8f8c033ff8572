// The process that runs pipelines on a folder of JSON Lines documents. Its parameters are the folder and the indexed
// fields of each collection.
import { Aggregator, ProcessingMode } from 'mingo';
import type { Document } from './document-file.js';
import { openFolder, type Collection } from './documents.js';
import type { Index, JsonlQuestion } from './jsonl.js';
import { answerAsKillable } from './killable-child.js';
import type { Stage } from './pipeline.js';
import { SourceFault } from './source-fault.js';
import type { Row } from './source.js';

const [, , folder = '', index = '{}'] = process.argv;
const collections = openFolder(folder, JSON.parse(index) as Index);

answerAsKillable<JsonlQuestion>(() => collections.refresh(), read);

function* read({ collection, stages }: JsonlQuestion): Generator<Row, void> {
  const asked = new Set<Collection>();
  const ask = (name: string) => {
    const held = collections.get(name);
    // Read as empty, what is missing could become a `no`.
    if (held === undefined) throw new SourceFault('statement');
    asked.add(held);
    return held;
  };
  try {
    const pipeline = new Aggregator(stages, {
      scriptEnabled: false,
      processingMode: ProcessingMode.CLONE_INPUT,
      collectionResolver: (name) => [...ask(name).documents],
    });
    for (const row of pipeline.stream(candidates(ask(collection), stages))) yield row as Row;
    for (const each of asked) each.confirm();
  } catch (cause) {
    throw cause instanceof SourceFault ? cause : new SourceFault('statement', cause);
  }
}

// The pipeline itself looks at every candidate again, so the index need only never miss one.
function candidates(held: Collection, [first]: readonly Stage[]): Iterable<Document> {
  for (const [field, condition] of Object.entries((first?.['$match'] ?? {}) as Stage)) {
    const value = typeof condition === 'object' && condition !== null ? (condition as Stage)['$eq'] : condition;
    const found = typeof value === 'string' ? held.find(field, value) : undefined;
    if (found !== undefined) return found;
  }
  return held.documents;
}
