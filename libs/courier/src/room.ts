// Lets those who bring something wait until there is room for it, woken by what makes room: nobody looks again and again.

export interface Room {
  /** Resolves once there is room; rejects when this is closed before. */
  wait(isThere: () => boolean): Promise<void>;
  /** To be called whenever something has left. */
  made(): void;
  close(): void;
}

interface Waiter {
  readonly isThere: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
}

export function openRoom(): Room {
  let waiters: readonly Waiter[] = [];
  let closed = false;
  const noMore = () => new Error('the courier is closed');
  return {
    wait: async (isThere) => {
      if (closed) throw noMore();
      if (isThere()) return;
      await new Promise<void>((resolve, reject) => (waiters = [...waiters, { isThere, resolve, reject }]));
    },
    made: () => {
      const { woken = [], waiting = [] } = Object.groupBy(waiters, ({ isThere }) => (isThere() ? 'woken' : 'waiting'));
      waiters = waiting;
      for (const { resolve } of woken) resolve();
    },
    close: () => {
      closed = true;
      for (const { reject } of waiters) reject(noMore());
      waiters = [];
    },
  };
}
