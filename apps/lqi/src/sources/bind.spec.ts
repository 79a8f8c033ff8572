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

  it.each<[Dialect, string]>([
    ['postgresql', `select 'é\u00a0\u0001', "größe", e'é' -- é\u00a0`],
    ['postgresql', `select date'2026-01-01', a$e'\\'`],
    ['mysql', `select 'é\u00a0', "größe", \`größe\` /* é */ -- é\u00a0`],
    ['mysql', `select 5 --\t:ni ?`],
    ['mysql', `select 5 --\r`],
    ['sqlite', `select 'é\u00a0', "größe", [größe] -- é`],
  ])('takes any character in the literals, quoted names and comments of %s: %s', (dialect, text) => {
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
    ['postgresql', `select :ni, $é$'$é$; commit; delete from t; --'`],
    ['postgresql', `select :ni, éE'\\'; delete from t --'`],
    ['postgresql', `select :ni, a$E'\\'; delete from t --'`],
    ['postgresql', `select :ni, 1E'\\''; delete from t --'`],
    ['postgresql', 'select :ni,\u00a01'],
    ['postgresql', 'select :ni,\u000b1'],
    ['mysql', 'select 5--3;delete from t where a = :ni'],
    ['mysql', `select :ni --\u00a0 into outfile 'a'`],
    ['mysql', `select :ni --\u0001 '\n into outfile 'a' -- '`],
    ['mysql', `select :ni --\u000c '\n into outfile 'a' -- '`],
    ['mysql', `select :ni --\u007f '\n into outfile 'a' -- '`],
    ['mysql', `select :ni, $a$ ' $a$ into outfile 'a' -- '`],
    ['sqlite', 'select :ni, é'],
    ['sqlite', 'select :ni\ufeff'],
    ['sqlite', 'select :ni, ?1'],
    ['sqlite', 'select :ni, @a'],
    ['sqlite', `select :ni, 'open`],
    ['sqlite', 'attach :ni as other'],
    ['sqlite', 'pragma table_info(:ni)'],
  ])('refuses, of %s, %s', (dialect, text) => {
    expect(codeOf(dialect, text)).toBe('statement');
  });
});
