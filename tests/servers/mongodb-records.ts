// Sample records in MongoDB, or in what stands in for it.
import { MongoClient } from 'mongodb';
import { startMongo } from './mongo.js';
import { people, pipelineSample, type Records } from './sample-records.js';

export async function startMongodbRecords(): Promise<Records | undefined> {
  const server = await startMongo();
  if (server === undefined) return undefined;
  const client = await MongoClient.connect(server.url);
  const collection = client.db('records').collection('people');
  await collection.deleteMany({});
  await collection.insertMany(people.map((person) => ({ ...person })));
  const many = Array.from({ length: 5000 }, (_, place) => place);
  const heavy = client.db('records').collection('heavy');
  await heavy.deleteMany({});
  await heavy.insertMany([{ a: many, b: many, c: many }, ...many.map((place) => ({ place }))]);
  const product = [{ $unwind: '$a' }, { $unwind: '$b' }, { $unwind: '$c' }];
  // FerretDB does not unwind twice, but sorts as often as it is told.
  const sorting = many.slice(0, 1000).map((place) => ({ $sort: { place: place % 2 === 0 ? 1 : -1 } }));
  return {
    url: server.url,
    sample: {
      ...pipelineSample(),
      runaway: [
        {
          kind: 'pipeline',
          collection: 'heavy',
          stages: [...(server.product === 'ferretdb' ? sorting : product), { $match: { a: -1 } }],
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
