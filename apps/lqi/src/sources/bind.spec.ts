import { describe, expect, it } from '@jest/globals';
import knex from 'knex';
import { bind } from './bind.js';
import { SourceFault } from './source-fault.js';

type Dialect = 'postgresql' | 'mysql' | 'sqlite';
const clients = {
  postgresql: knex({ client: 'pg' }),
  mysql: knex({ client: 'mysql2' }),
  sqlite: knex({ client: 'sqlite3', useNullAsDefault: true }),
};

function compile(
  dialect: Dialect,
  text: string,
  parameters: Record<string, string> = { ni: 'v' },
): [string, readonly unknown[]] {
  const bound = bind({ kind: 'sql', dialect, text }, dialect, parameters);
  const { sql, bindings } = clients[dialect].raw(bound.text, bound.values).toSQL().toNative();
  return [sql, bindings];
}

function codeOf(dialect: Dialect, text: string): string {
  try {
    return compile(dialect, text)[0];
  } catch (error) {
    if (error instanceof SourceFault) return error.code;
    throw error;
  }
}

describe('binding parameters to a statement', () => {
  it('replaces each use of a parameter, and leaves casts alone', () => {
    const [sql, bindings] = compile('postgresql', 'select :ni::text, a::ni from t where b = :ni');
    expect(sql).toBe('select $1 ::text, a::ni from t where b = $2 ');
    expect(bindings).toEqual(['v', 'v']);
  });

  it.each<[Dialect, string]>([
    ['postgresql', `select ':ni ?', "a:ni?", e'\\':ni' /* :ni ? */ -- :ni ?`],
    ['mysql', 'select \':ni ?\', "a:ni?", `:ni` /* :ni ? */ # :ni ?'],
    ['mysql', `select 5 -- :ni ?`],
    ['sqlite', 'select \':ni ?\', "a:ni?", `:ni`, [:ni?] /* :ni ? */ -- :ni ?'],
  ])('leaves the literals, names and comments of %s as they are', (dialect, text) => {
    const [sql, bindings] = compile(dialect, `${text}\nfrom t where a = :ni`);
    expect(sql.startsWith(`${text}\nfrom t where a = `)).toBe(true);
    expect(bindings).toEqual(['v']);
  });

  it('keeps operators of PostgreSQL that look like placeholders', () => {
    expect(compile('postgresql', `select a ? 'b' from t where c = :ni`)).toEqual([
      `select a ? 'b' from t where c = $1 `,
      ['v'],
    ]);
  });

  it('is not confused by a statement that holds the names it uses itself', () => {
    const [, bindings] = compile('sqlite', `select ':parameter_ni', ':parameter__ni' from t where a = :ni`);
    expect(bindings).toEqual(['v']);
  });

  it('takes names that every object has only if they were given', () => {
    expect(codeOf('sqlite', 'select :constructor')).toBe('statement');
    expect(compile('sqlite', 'select :constructor', { constructor: 'v' })[1]).toEqual(['v']);
  });

  it.each<[Dialect, string]>([
    ['postgresql', 'select :ni; select 1'],
    ['postgresql', 'select :ni, $1'],
    ['postgresql', 'select :ni, $$ ; $$'],
    ['postgresql', 'select :ni, $a$ ; $a$'],
    ['postgresql', 'select :ni /* /* */ ; */'],
    ['postgresql', `select :ni, '\\?'`],
    ['postgresql', `select :ni, '\\:ni'`],
    ['postgresql', 'select :ni -- \r; delete from t'],
    ['postgresql', 'explain analyze select :ni'],
    ['mysql', `select :ni, 'a\\', ; delete from t -- '`],
    ['mysql', 'select :ni /*!50000 into outfile "a" */'],
    ['mysql', 'select :ni /*M!100000 into outfile "a" */'],
    ['mysql', 'select :ni into @a'],
    ['mysql', 'select :ni, ?'],
    ['mysql', 'select 5--3;delete from t where a = :ni'],
    ['sqlite', 'select :ni, ?1'],
    ['sqlite', 'select :ni, @a'],
    ['sqlite', `select :ni, 'open`],
    ['sqlite', 'attach :ni as other'],
    ['sqlite', 'pragma table_info(:ni)'],
  ])('refuses, of %s, %s', (dialect, text) => {
    expect(codeOf(dialect, text)).toBe('statement');
  });
});
