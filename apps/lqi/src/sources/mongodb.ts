// A holder's records in MongoDB.
import { MongoClient, MongoServerError } from 'mongodb';
import { fill } from './pipeline.js';
import { SourceFault } from './source-fault.js';
import type { Row, Source } from './source.js';
import { within } from './within.js';

export function openMongodb(url: string, database: string): Source {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 5000, connectTimeoutMS: 5000, appName: 'anonymesh' });
  return {
    run: async (statement, parameters, { rows, milliseconds }) => {
      const { collection, stages } = fill(statement, parameters);
      const given = new AbortController();
      try {
        // Finding the server has its own limit and is not part of the statement's.
        await client.connect();
        const answer = await within(
          milliseconds,
          () =>
            client
              .db(database)
              .collection(collection)
              .aggregate<Row>([...stages, { $limit: rows + 1 }], {
                maxTimeMS: milliseconds,
                allowDiskUse: false,
                batchSize: rows + 1,
                signal: given.signal,
              })
              .toArray(),
          () => given.abort(),
        );
        if (answer.length > rows) throw new SourceFault('too-many-rows');
        return answer;
      } catch (cause) {
        throw cause instanceof SourceFault ? cause : new SourceFault(codeOf(cause), cause);
      }
    },
    close: () => client.close(),
  };
}

function codeOf(error: unknown) {
  if (!(error instanceof MongoServerError)) return 'unavailable';
  const maxTimeExpired = 50;
  if (error.code === maxTimeExpired) return 'timeout';
  // Not let in (13, 18), shutting down (91, 11600), no primary (189, 10107, 13435).
  return [13, 18, 91, 189, 10107, 11600, 13435].includes(Number(error.code)) ? 'unavailable' : 'statement';
}
