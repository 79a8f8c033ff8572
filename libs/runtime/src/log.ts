// The log of one process: an event name and loggable fields, one JSON object a line. Operators learn what happened to
// which query, never about whom; a plain string does not compile.
import { type DestinationStream, pino } from 'pino';
import { traceFault } from './fault-trace.js';
import { writeLines } from './log-lines.js';
import { type Loggable, type LoggableText, loggable, printable, withheld } from './loggable.js';

/** The token under which apps provide their log to Nest. */
export const LOG = Symbol('log');

// A type whose strings are not all known (`string`, `seen-${string}`) makes an index signature, which `{}` satisfies.
type Literal<Text extends string> = object extends Record<Text, true> ? never : Text;

/** A literal such as 'query.admitted': neither a string made while running nor a template with a hole compiles. */
export type EventName<Text extends string> = Literal<Text> & Lowercase<Text>;

type Reserved = 'level' | 'time' | 'app' | 'party' | 'event' | 'error';

export type LogFields = Readonly<Record<string, Loggable>> & { readonly [name in Reserved]?: never };

export type Log = {
  info<Text extends string>(event: EventName<Text>, fields?: LogFields): void;
  warn<Text extends string>(event: EventName<Text>, fields?: LogFields): void;
  /** Something that ought not to happen: logs the error's name, code, causes and places, but not its message. */
  fault<Text extends string>(event: EventName<Text>, error: unknown, fields?: LogFields): void;
};

export type LogOptions = {
  /** The app that writes, for example 'lqi'. */
  readonly app: string;
  /** The party that runs it, for example `loggable.partyId('hmrc')`. */
  readonly party?: LoggableText;
  /** Where lines go; standard output by default. */
  readonly to?: DestinationStream;
};

export function openLog({ app, party, to = writeLines(1) }: LogOptions): Log {
  const lines = pino(
    {
      base: party === undefined ? { app } : { app, party: printable(party) },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    to,
  );
  return {
    info: (event, fields) => lines.info(entry(event, fields)),
    warn: (event, fields) => lines.warn(entry(event, fields)),
    fault: (event, error, fields) => lines.error({ ...entry(event, fields), error: traceFault(error) }),
  };
}

// Types end where JavaScript begins, so names and values are checked once more here.
function entry(event: string, fields: LogFields = {}): Readonly<Record<string, Loggable>> {
  const checked: Record<string, Loggable> = {};
  for (const [name, value] of Object.entries(fields)) {
    checked[/^[a-z][A-Za-z]{0,39}$/.test(name) ? name : withheld] = printable(value);
  }
  return { ...checked, event: loggable.code(event) };
}
