import { afterAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { startMongo } from '../../../tests/servers/mongo.js';
import { claimants } from './holdings.js';
import { pipelineAbout, tryOnDocuments } from './try-template.js';

const mongo = await startMongo();
afterAll(() => mongo?.stop());

describe('DWP’s pipeline', () => {
  (mongo === undefined ? it.skip : it)('concludes the same on a MongoDB server as on documents in memory', async () => {
    const people = [...claimants(100)];
    const client = await MongoClient.connect(mongo?.url ?? '');
    try {
      const claims = client.db('right-to-remain').collection('claims');
      await claims.deleteMany({});
      await claims.insertMany(structuredClone(people));
      const inMemory = tryOnDocuments(people);
      const [onServer, expected]: [boolean[], boolean[]] = [[], []];
      for (const { niNumber } of people) {
        onServer.push(await claims.aggregate(pipelineAbout(niNumber, '2026-11-22')).hasNext());
        expected.push(inMemory(niNumber, '2026-11-22').concern);
      }
      expect(onServer).toEqual(expected);
      expect(onServer).toContain(true);
    } finally {
      await client.close();
    }
  });
});
