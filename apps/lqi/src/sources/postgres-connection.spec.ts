import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres, type PrivatePostgres } from '../../../../tests/servers/postgres.js';
import { ask, openConnections, type Connection, type Connections } from './postgres-connection.js';

let server: PrivatePostgres;
let connections: Connections;
let connection: Connection;
beforeAll(async () => {
  server = await startPostgres();
  const url = new URL(server.url);
  // As a database may be set up: a backslash escapes.
  url.searchParams.set('options', '-c standard_conforming_strings=off');
  connections = openConnections(url.href);
  connection = await connections.borrow();
});
afterAll(async () => {
  await connections.giveBack(connection);
  await connections.close();
  await server.stop();
});

it('a connection takes one statement at a time, whatever the statement was taken for', async () => {
  await expect(ask(connection, 'select 1; select 2')).rejects.toMatchObject({ code: '42601' });
  expect((await ask(connection, 'select 1 as one')).rows).toEqual([{ one: 1 }]);
});

it('a connection only reads, also outside of the transaction in which a statement runs', async () => {
  await expect(ask(connection, 'create table t (a int)')).rejects.toMatchObject({ code: '25006' });
});

it('a connection takes a backslash in a literal for itself', async () => {
  expect((await ask(connection, String.raw`select '\' as text`)).rows).toEqual([{ text: '\\' }]);
});
