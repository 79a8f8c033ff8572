// Lets those who bring something wait until there is room for it, woken by what makes room: nobody looks again and again.

export interface Room {
  /** Resolves once there is room; rejects when this is closed before, or whoever waits gives up. */
  wait(isThere: () => boolean, signal?: AbortSignal): Promise<void>;
  /** To be called whenever something has left. */
  made(): void;
  close(): void;
}

interface Waiter {
  readonly isThere: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export function openRoom(): Room {
  const waiters = new Set<Waiter>();
  let closed = false;
  const noMore = () => new Error('the courier is closed');
  return {
    wait: async (isThere, signal) => {
      if (closed) throw noMore();
      signal?.throwIfAborted();
      if (isThere()) return;
      const { promise, ...settle } = Promise.withResolvers<void>();
      const waiter = { isThere, ...settle };
      const giveUp = () => settle.reject(signal?.reason);
      waiters.add(waiter);
      signal?.addEventListener('abort', giveUp);
      try {
        await promise;
      } finally {
        waiters.delete(waiter);
        signal?.removeEventListener('abort', giveUp);
      }
    },
    made: () => {
      for (const { isThere, resolve } of waiters) if (isThere()) resolve();
    },
    close: () => {
      closed = true;
      for (const { reject } of waiters) reject(noMore());
    },
  };
}
