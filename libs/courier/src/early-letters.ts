// Letters that came too early and come again, by sender, who may have only some of them. The broker leaves no more than
// so many letters of a receiver unsettled: who could fill that number with letters about queries that do not exist would
// silence everybody else.
import type { Opened, PartyId } from '@anonymesh/protocol';

export interface EarlyLetters {
  /** Whether it may come again: it does so already, or its sender has room for one more. */
  mayWait(letter: Pick<Opened, 'from' | 'id'>): boolean;
  /** It does not come again. */
  forget(letter: Pick<Opened, 'from' | 'id'>): void;
}

/** Of one sender: so that a dozen of them together stay below the broker's 2,000 (broker/provision.ts). */
const mostOfSender = 128;
/** Milliseconds after which one that has not come again is another copy's. */
const patience = 60_000;

/** `now`: milliseconds since 1970. */
export function openEarlyLetters(now: () => number = Date.now): EarlyLetters {
  const bySender = new Map<PartyId, Map<string, number>>();
  return {
    mayWait: ({ from, id }) => {
      const waiting = bySender.get(from.id) ?? new Map<string, number>();
      bySender.set(from.id, waiting);
      const isFull = () => !waiting.has(id) && waiting.size >= mostOfSender;
      if (isFull()) for (const [other, seen] of waiting) if (seen < now() - patience) waiting.delete(other);
      if (isFull()) return false;
      waiting.set(id, now());
      return true;
    },
    forget: ({ from, id }) => void bySender.get(from.id)?.delete(id),
  };
}
