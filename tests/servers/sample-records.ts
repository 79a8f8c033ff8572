// Three people as a holder has them on record, and what the specs of a holder's sources ask of each kind of database.

export type SampleStatement =
  | { kind: 'sql'; dialect: 'postgresql' | 'mysql' | 'sqlite'; text: string }
  | { kind: 'pipeline'; collection: string; stages: Record<string, unknown>[] };

export interface Sample {
  /** Asks for `niNumber` and `name` by `:niNumber`. */
  byKey: SampleStatement;
  all: SampleStatement;
  /** Would each change the records. */
  writing: SampleStatement[];
  unfit: SampleStatement[];
  /** Would each run for minutes. */
  runaway: SampleStatement[];
}

/** What a started database offers to the specs. */
export interface Records {
  url: string;
  sample: Sample;
  /** Whether the server runs nothing that was asked of it before. */
  isIdle: () => Promise<boolean>;
  /** Where the server can be taken away and brought back. */
  outage?: { begin(): Promise<void>; end(): Promise<void> };
  stop(): Promise<void>;
}

export const people = [
  { niNumber: 'QQ000001A', name: 'Ada' },
  { niNumber: 'QQ000002A', name: `O'Brien` },
  { niNumber: 'QQ000003A', name: 'Zoë' },
];

export const createPeople = [
  'create table people (ni_number varchar(40) primary key, name varchar(40) not null)',
  ...people.map(({ niNumber, name }) => `insert into people values ('${niNumber}', '${name.replace("'", "''")}')`),
];

/** What is asked alike of every SQL database; `cast` compares as text where a database wants to be told. */
export function sqlSample(
  dialect: 'postgresql' | 'mysql' | 'sqlite',
  more: { writing: string[]; unfit: string[]; runaway: string[] },
): Sample {
  const sql = (text: string): SampleStatement => ({ kind: 'sql', dialect, text });
  const name = dialect === 'mysql' ? '`niNumber`' : '"niNumber"';
  const other = dialect === 'sqlite' ? 'mysql' : 'sqlite';
  return {
    byKey: sql(
      `select ni_number as ${name}, name -- who? :niNumber is whom 'we' ask about\n from people /* :else ? */\n` +
        ` where ni_number = :niNumber and ':niNumber ?' <> :niNumber;`,
    ),
    all: sql('select name from people order by name'),
    writing: [
      `update people set name = 'x'`,
      'delete from people',
      `insert into people values ('a', 'b')`,
      'drop table people',
      'create table t (a int)',
      'commit',
      'select 1; delete from people',
      ...more.writing,
    ].map(sql),
    unfit: [
      { kind: 'sql', dialect: other, text: 'select 1' },
      { kind: 'pipeline', collection: 'people', stages: [{ $match: {} }] },
      ...[
        '',
        'select from where',
        'select * from nowhere',
        'select ?',
        `select 'open`,
        'select 1 /* open',
        ...more.unfit,
      ].map(sql),
    ],
    runaway: more.runaway.map(sql),
  };
}

/** What is asked alike of every database that takes pipelines. */
export function pipelineSample(): Sample {
  const pipeline = (...stages: Record<string, unknown>[]) => ({
    kind: 'pipeline' as const,
    collection: 'people',
    stages,
  });
  const plain = { $project: { _id: 0 } };
  return {
    byKey: pipeline({ $match: { niNumber: { $param: 'niNumber' } } }, plain),
    all: pipeline({ $match: {} }, { $sort: { name: 1 } }, plain),
    writing: [
      pipeline({ $out: 'people' }),
      pipeline({ $match: {} }, { $merge: { into: 'people' } }),
      pipeline({ $unionWith: { coll: 'people', pipeline: [{ $out: 'people' }] } }),
      pipeline({ $facet: { a: [{ $out: 'people' }] } }),
    ],
    unfit: [
      { kind: 'sql', dialect: 'sqlite', text: 'select 1' },
      { ...pipeline({ $match: {} }), collection: 'system.users' },
      pipeline({ $match: { $where: 'true' } }),
      pipeline({ $match: { $expr: { $function: { body: 'function () { return true }', args: [], lang: 'js' } } } }),
      pipeline({ $group: { _id: null, a: { $accumulator: { init: 'function () {}' } } } }),
      pipeline({ $lookup: { from: { db: 'admin', coll: 'users' }, as: 'a', pipeline: [] } }),
      pipeline({ $currentOp: {} }),
      pipeline({ $match: {}, $limit: 1 }),
      pipeline({ $match: { niNumber: { $param: 'niNumber', $ne: 1 } } }),
      pipeline({ $match: { niNumber: { $param: 7 } } }),
      pipeline({}),
    ],
    runaway: [],
  };
}
