// The process that holds a folder of JSON Lines documents in memory and runs pipelines on them. Its parameters are the
// folder and the indexed fields of each collection.
import { Aggregator, ProcessingMode } from 'mingo';
import { openFolder, type Collection } from './documents.js';
import type { Index, JsonlQuestion } from './jsonl.js';
import { answerAsKillable } from './killable-child.js';
import type { Stage } from './pipeline.js';
import { SourceFault } from './source-fault.js';
import type { Row } from './source.js';

const [, , folder = '', index = '{}'] = process.argv;
const collections = openFolder(folder, JSON.parse(index) as Index);

answerAsKillable<JsonlQuestion, readonly Row[]>(
  () => collections.refresh(),
  ({ collection, stages, rows }) => {
    const held = collections.get(collection);
    if (held === undefined) return Promise.reject(new SourceFault('statement'));
    const answer: Row[] = [];
    try {
      const pipeline = new Aggregator(stages, {
        scriptEnabled: false,
        processingMode: ProcessingMode.CLONE_INPUT,
        collectionResolver: (name) => {
          // Read as empty, what is missing could become a `no`.
          const joined = collections.get(name);
          if (joined === undefined) throw new SourceFault('statement');
          return [...joined.documents];
        },
      });
      for (const row of pipeline.stream(candidates(held, stages))) {
        if (answer.push(row as Row) > rows) throw new SourceFault('too-many-rows');
      }
    } catch (cause) {
      return Promise.reject(cause instanceof SourceFault ? cause : new SourceFault('statement', cause));
    }
    return Promise.resolve(answer);
  },
);

// The pipeline itself looks at every candidate again, so the index need only never miss one.
function candidates(held: Collection, [first]: readonly Stage[]): readonly Stage[] {
  for (const [field, condition] of Object.entries((first?.['$match'] ?? {}) as Stage)) {
    const value = typeof condition === 'object' && condition !== null ? (condition as Stage)['$eq'] : condition;
    const found = typeof value === 'string' ? held.find(field, value) : undefined;
    if (found !== undefined) return found;
  }
  return held.documents;
}
