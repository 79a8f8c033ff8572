import { describe, expect, it } from '@jest/globals';
import { openLog } from './log.js';
import { NestLogger } from './nest-logger.js';

function listen() {
  const lines: string[] = [];
  const logger = new NestLogger(openLog({ app: 'nest', to: { write: (line) => void lines.push(line) } }));
  return { logger, lines };
}

describe("Nest's logger", () => {
  it('keeps the speaking class and the name of an error, and no message', () => {
    const { logger, lines } = listen();
    logger.error(new TypeError('QQ123456C'), 'ExceptionsHandler');
    logger.error('QQ123456C', 'at QQ123456C', 'RpcExceptionsHandler');
    logger.fatal('QQ123456C');
    logger.warn('QQ123456C', 'QQ123456C');
    expect(lines.join('')).not.toContain('QQ123456C');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 'error', event: 'nest.fault', source: 'ExceptionsHandler', error: { name: 'TypeError' } },
      { level: 'warn', event: 'nest.error', source: 'RpcExceptionsHandler' },
      { event: 'nest.error', source: '[withheld]' },
      { event: 'nest.warning', source: '[withheld]' },
    ]);
  });

  it('drops small talk', () => {
    const { logger, lines } = listen();
    logger.log();
    logger.debug();
    logger.verbose();
    expect(lines).toEqual([]);
  });
});
