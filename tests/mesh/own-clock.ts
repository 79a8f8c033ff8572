// The clock alone is the test's: what waits in this process waits as ever.
import { jest } from '@jest/globals';

export function ownClock(): void {
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}

/** Milliseconds. */
export function waitFor(time: number): void {
  jest.setSystemTime(Date.now() + time);
}
