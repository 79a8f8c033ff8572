// Prepares an agreed SQL statement and its parameters for knex's bindings, so that a value can never become part of the
// text. knex does not know literals and comments from code: here they are told apart first, and what could
// be read in two ways is refused.
import { SourceFault } from './source-fault.js';
import type { Parameters, Statement } from './source.js';

type SqlStatement = Extract<Statement, { kind: 'sql' }>;
type Dialect = SqlStatement['dialect'];

/** For `knex.raw(text, values)`. */
export interface Bound {
  readonly text: string;
  readonly values: Parameters;
}

/** Throws a SourceFault `statement` for a statement of another dialect or other parameters, or that is not one select. */
export function bind(statement: Statement, dialect: Dialect, parameters: Parameters): Bound {
  if (statement.kind !== 'sql' || statement.dialect !== dialect) throw new SourceFault('statement');
  const { text } = statement;
  // What knex would drop a backslash from, and what databases do not agree about.
  if (/\\[?:]|\r(?!\n)|\0/.test(text)) throw new SourceFault('statement');
  // knex replaces each `:name` that it has a value for, also in a literal: names that occur nowhere cannot be mistaken.
  let mark = 'parameter_';
  while (text.includes(mark)) mark += '_';
  const used = new Set<string>();
  const code: string[] = [];
  const marked = text.replace(lexemes[dialect], (lexeme: string, name?: string) => {
    if (name !== undefined) {
      used.add(name);
      code.push('0');
      // The space keeps knex from reading `:name:` as a request for an identifier.
      return `:${mark}${name} `;
    }
    if (isTreacherous(lexeme, dialect)) throw new SourceFault('statement');
    code.push(lexeme.length === 1 || lexeme.startsWith('::') ? lexeme : ' ');
    return dialect === 'postgresql' ? lexeme.replaceAll('?', String.raw`\?`) : lexeme;
  });
  const given = Object.keys(parameters);
  const agree = used.size === given.length && given.every((name) => used.has(name));
  if (!agree || !isOneSelect(code.join(''), dialect)) throw new SourceFault('statement');
  const values = Object.fromEntries(given.map((name) => [`${mark}${name}`, parameters[name] ?? '']));
  return { text: withoutEnd(marked), values };
}

// Literals, quoted names and comments of each dialect as one lexeme each, then `::`, then a parameter, then any character.
const quoted = String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"`;
const backquoted = '`(?:[^`]|``)*`';
const rest = String.raw`\/\*[^]*?\*\/|::+|(?<![\w:]):([A-Za-z_]\w*)|[^]`;
const dollar = String.raw`\$\w*\$`;
const lexemes: Record<Dialect, RegExp> = {
  postgresql: new RegExp(
    String.raw`\d[eE]'|(?<![\w$])[eE]'(?:[^'\\]|\\[^]|'')*'|${quoted}|${dollar}|--[^\n]*|${rest}`,
    'g',
  ),
  // Two hyphens begin a comment of MySQL only before a space: 5--3 is 8. What else the server takes for a space there is
  // a control character, which is refused.
  mysql: new RegExp(String.raw`${quoted}|${backquoted}|${dollar}|--(?=[ \t\r\n]|$)[^\n]*|#[^\n]*|${rest}`, 'g'),
  sqlite: new RegExp(String.raw`${quoted}|${backquoted}|\[[^\]]*\]|--[^\n]*|${rest}`, 'g'),
};

function isTreacherous(lexeme: string, dialect: Dialect): boolean {
  // Databases do not agree about which of these are spaces, part of a name or of a dollar quote.
  if (lexeme.length === 1) return /[^\t\n\r -~]/.test(lexeme);
  // To older versions of PostgreSQL a literal with escapes begins after the digit, to newer ones there is none.
  if (/^\d/.test(lexeme)) return true;
  // Whether a backslash escapes the quote depends on the server's sql_mode.
  if (dialect === 'mysql' && /^['"]/.test(lexeme) && lexeme.includes('\\')) return true;
  // `/*!` is code to MySQL and MariaDB, `/*+` can lift the time limit; PostgreSQL nests comments, others do not.
  if (lexeme.startsWith('/*')) return /^\/\*(M?!|\+)/.test(lexeme) || lexeme.includes('/*', 2);
  return lexeme.startsWith('$');
}

// What no statement may have outside its literals: open quotes and comments, a second statement, and placeholders that
// are not ours. A select of MySQL can write by `into outfile`.
const forbidden: Record<Dialect, RegExp> = {
  postgresql: /['"]|\/\*|;|\$\d/,
  mysql: /['"`]|\/\*|;|\?|\binto\b/i,
  sqlite: /['"`]|\/\*|;|[?@$]/,
};

function isOneSelect(code: string, dialect: Dialect): boolean {
  return /^[\s(]*(select|with|values)\b/i.test(code) && !forbidden[dialect].test(withoutEnd(code));
}

function withoutEnd(text: string): string {
  return text.replace(/;\s*$/, '');
}
