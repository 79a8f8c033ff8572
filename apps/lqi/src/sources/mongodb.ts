// A holder's records in MongoDB.
import type { TlsFiles } from '@anonymesh/runtime';
import { MongoServerError, type AggregationCursor, type MongoClient } from 'mongodb';
import { z } from 'zod';
import { openClients } from './mongodb-clients.js';
import { fill } from './pipeline.js';
import { SourceFault } from './source-fault.js';
import { batchSize, type Limits, type Row, type Source, type StreamLimits } from './source.js';
import { limitWaiting } from './waiting.js';
import { within } from './within.js';

export function openMongodb(url: string, database: string, tls?: TlsFiles): Source {
  const clients = openClients(url, tls);
  // One document beyond the limit tells that there are too many.
  const open = (
    client: MongoClient,
    { collection, stages }: Filled,
    limits: Limits,
    atOnce: number,
    signal: AbortSignal,
  ) =>
    client
      .db(database)
      .collection(collection)
      .aggregate<Row>([...stages, { $limit: limits.rows + 1 }], {
        maxTimeMS: limits.milliseconds,
        allowDiskUse: false,
        batchSize: atOnce,
        signal,
      });
  return {
    run: async (statement, parameters, limits) => {
      const filled = fill(statement, parameters);
      const { client, giveBack } = clients.borrow();
      const given = new AbortController();
      try {
        // Finding the server has its own limit and is not part of the statement's.
        await client.connect();
        const work = () => open(client, filled, limits, limits.rows + 1, given.signal).toArray();
        const answer = await within(limits.milliseconds, work, () => given.abort());
        if (answer.length > limits.rows) throw new SourceFault('too-many-rows');
        return answer;
      } catch (cause) {
        throw faultOf(cause);
      } finally {
        giveBack();
      }
    },
    stream: async function* (statement, parameters, limits) {
      const filled = fill(statement, parameters);
      const { client, giveBack } = clients.borrow();
      const given = new AbortController();
      try {
        await client.connect();
        const cursor = open(client, filled, limits, batchSize, given.signal);
        yield* batches(cursor, limits, () => given.abort());
      } catch (cause) {
        throw faultOf(cause);
      } finally {
        giveBack();
      }
    },
    mayWrite: async () => {
      const { client, giveBack } = clients.borrow();
      try {
        const told = await client.db(database).command({ connectionStatus: 1, showPrivileges: true });
        return mayWriteBy(told);
      } catch (cause) {
        throw faultOf(cause);
      } finally {
        giveBack();
      }
    },
    close: () => clients.close(),
  };
}
type Filled = ReturnType<typeof fill>;

const connectionStatus = z.object({
  authInfo: z.object({
    authenticatedUsers: z.array(z.unknown()),
    authenticatedUserPrivileges: z.array(z.object({ actions: z.array(z.string()) })).optional(),
  }),
});
const writing = new Set([
  'insert',
  'update',
  'remove',
  'createCollection',
  'dropCollection',
  'createIndex',
  'anyAction',
]);

/** Undefined where the server does not tell, or asks nobody who they are. */
export function mayWriteBy(told: unknown): boolean | undefined {
  const { data } = connectionStatus.safeParse(told);
  const privileges = data?.authInfo.authenticatedUserPrivileges;
  if (data === undefined || privileges === undefined) return undefined;
  // Who was not asked for a name may do everything.
  if (data.authInfo.authenticatedUsers.length === 0) return true;
  return privileges.some(({ actions }) => actions.some((action) => writing.has(action)));
}

const aSecond = 1000;

async function* batches(
  cursor: AggregationCursor<Row>,
  { rows, ...limits }: StreamLimits,
  abandon: () => void,
): AsyncGenerator<readonly Row[]> {
  const waiting = limitWaiting(limits);
  let left = rows;
  try {
    while (await waiting.for(() => cursor.hasNext(), abandon)) {
      const batch = cursor.readBufferedDocuments();
      left -= batch.length;
      if (left < 0) throw new SourceFault('too-many-rows');
      yield batch;
    }
  } finally {
    // Tells the server to forget it; a server that is gone has.
    await within(aSecond, () => cursor.close(), abandon).catch(() => undefined);
  }
}

function faultOf(cause: unknown): SourceFault {
  return cause instanceof SourceFault ? cause : new SourceFault(codeOf(cause), cause);
}

function codeOf(error: unknown) {
  if (!(error instanceof MongoServerError)) return 'unavailable';
  const maxTimeExpired = 50;
  if (error.code === maxTimeExpired) return 'timeout';
  // Not let in (13, 18), shutting down (91, 11600), no primary (189, 10107, 13435).
  return [13, 18, 91, 189, 10107, 11600, 13435].includes(Number(error.code)) ? 'unavailable' : 'statement';
}
