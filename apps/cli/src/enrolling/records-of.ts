// Where a holder's records are, in its config.
export const recordKinds = ['postgres', 'mysql', 'mongodb', 'sqlite', 'jsonl'] as const;
export type RecordKind = (typeof recordKinds)[number];

const database = (
  kind: string,
  more = '',
) => `# The connection string of an account that may only read goes into that file, mode 0600; the certificates of the authority
# that vouches for the database server into trust/database-ca.pem.
source:
  kind: ${kind}
  url: keys/records.url
${more}  tls: { ca: trust/database-ca.pem }`;

export const recordsOf: Readonly<Record<RecordKind, string>> = {
  postgres: database('postgres'),
  mysql: database('mysql'),
  mongodb: database('mongodb', '  database: records # its name\n'),
  sqlite: 'source: { kind: sqlite, file: data/records.sqlite }',
  jsonl: `# A folder of COLLECTION.jsonl; under index, the fields by which documents are looked up.
source: { kind: jsonl, folder: data, index: {} }`,
};
