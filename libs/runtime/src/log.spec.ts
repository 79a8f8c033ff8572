import { describe, expect, it } from '@jest/globals';
import { openLog } from './log.js';
import { loggable } from './loggable.js';

const secret = 'QQ123456C';

function logInto() {
  const lines: string[] = [];
  const log = openLog({ app: 'lqi', party: loggable.partyId('hmrc'), to: { write: (line) => void lines.push(line) } });
  return { log, text: () => lines.join(''), entries: () => lines.map((line) => JSON.parse(line) as object) };
}

describe('the log', () => {
  it('writes the event, who writes it and the loggable fields as one JSON object a line', () => {
    const { log, entries } = logInto();
    log.info('query.admitted', {
      query: loggable.queryId('0123456789abcdef0123456789abcdef'),
      holders: 3,
      late: false,
    });
    log.warn('query.late');
    expect(entries()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        app: 'lqi',
        party: 'hmrc',
        event: 'query.admitted',
        query: '0123456789abcdef0123456789abcdef',
        holders: 3,
        late: false,
      },
      { level: 'warn', time: expect.any(String), app: 'lqi', party: 'hmrc', event: 'query.late' },
    ]);
  });

  // The type check is the test here: each of the lines below must be an error, or tsc reports that it expected one.
  it('does not compile with a plain string, and withholds what a cast lets through', () => {
    const { log, text } = logInto();
    // @ts-expect-error a plain string is not loggable
    log.info('query.admitted', { subject: secret });
    // @ts-expect-error nor is an object, which could hold anything
    log.info('query.admitted', { subject: { secret } });
    // @ts-expect-error a text made while running is no event
    log.info(secret.toLowerCase());
    // @ts-expect-error a template with a hole is none either
    log.info(`query.${secret}`);
    // @ts-expect-error events are in lower case
    log.info('Query admitted');
    // @ts-expect-error a field cannot pose as the event
    log.info('query.admitted', { event: 1 });
    log.info('query.admitted', { [secret]: 1 });
    log.info('query.admitted', { subject: secret as never });
    expect(text().toUpperCase()).not.toContain(secret);
    expect(text()).toContain('[withheld]');
  });

  it('names the fault, its code, its causes and where it happened, but repeats no message', () => {
    const { log, text, entries } = logInto();
    const driver = Object.assign(new RangeError(`duplicate key (ni)=(${secret})`), { code: '23505' });
    log.fault('store.failed', new TypeError(`cannot store ${secret}\n    at /${secret}/a.js:1:1`, { cause: driver }), {
      attempt: 2,
    });
    expect(text()).not.toContain(secret);
    expect(entries()).toMatchObject([
      { level: 'error', event: 'store.failed', attempt: 2, error: { name: 'TypeError', causes: ['RangeError 23505'] } },
    ]);
    expect(text()).toContain('log.spec.ts');
  });

  it.each([
    ['a thrown string', secret],
    ['an error whose name and code hold a value', Object.assign(new Error('x'), { name: `E ${secret}`, code: secret })],
    [
      'an error whose message was changed',
      Object.assign(new Error(`${secret}\n    at /a/${secret}.js:1:1`), { message: 'y' }),
    ],
    ['an error whose stack was written by hand', Object.assign(new Error('z'), { stack: `at ${secret}` })],
    ['an error of several', new AggregateError([new Error(secret)], secret)],
    ['a cause that is a string', new Error('x', { cause: secret })],
  ])('repeats nothing of %s', (_name, thrown) => {
    const { log, text } = logInto();
    log.fault('store.failed', thrown);
    expect(text()).not.toContain(secret);
  });

  it('ends for a chain of causes that goes in a circle', () => {
    const { log, entries } = logInto();
    const error = new Error('a');
    error.cause = error;
    log.fault('store.failed', error);
    expect(entries()).toMatchObject([{ error: { causes: ['Error', 'Error', 'Error', 'Error', 'Error'] } }]);
  });
});
