// Sample records in MongoDB, or in what stands in for it.
import { MongoClient } from 'mongodb';
import { startMongo } from '../mongo.js';
import { people, pipelineSample, type Records } from './sample.js';

export async function startMongodbRecords(): Promise<Records | undefined> {
  const server = await startMongo();
  if (server === undefined) return undefined;
  const client = await MongoClient.connect(server.url);
  const collection = client.db('records').collection('people');
  await collection.deleteMany({});
  await collection.insertMany(people.map((person) => ({ ...person })));
  const many = { $range: [0, 10_000] };
  const product = { $set: { a: many, b: many, c: many } };
  return {
    url: server.url,
    sample: {
      ...pipelineSample(),
      // FerretDB knows neither `$range` nor another way to make much of little.
      runaway:
        server.product === 'ferretdb'
          ? []
          : [
              {
                kind: 'pipeline',
                collection: 'people',
                stages: [product, { $unwind: '$a' }, { $unwind: '$b' }, { $unwind: '$c' }, { $count: 'n' }],
              },
            ],
    },
    isIdle: () => Promise.resolve(true),
    stop: async () => {
      await client.close();
      await server.stop();
    },
  };
}
