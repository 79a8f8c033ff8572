// What waits to be published: as many parcels as memory should hold, and of those left in the table how large they are.
// A subject that takes nothing, as a full stream, keeps a few in memory to try with, so that it holds up no other.
import type { QueryId } from '@anonymesh/protocol';
import type { Parcel } from './parcel.js';

export interface Outgoing extends Parcel {
  /** Milliseconds since 1970 before which it must not leave. */
  readonly notBefore: number;
  /** What it is about, for this party's traces; not known any more of one that was read from the table. */
  readonly query?: QueryId | undefined;
}

/** A parcel as the table lists it: without its bytes. */
export interface Listed {
  readonly id: string;
  readonly subject: string;
  readonly bytes: number;
}

/** What of the table is worth reading. */
export interface Wanted {
  readonly notBefore: number;
  readonly notOn: readonly string[];
}

export interface Backlog {
  /** Takes parcels up; those for which memory has no room only by their size. */
  take(outgoing: readonly Outgoing[]): void;
  /** Before the table is listed: what the list is to hold. */
  wanted(): Wanted;
  /** After it was listed: the ids of what there is room for, in portions. */
  choose(listed: readonly Listed[]): string[][];
  /** There may be more in the table than is known here. */
  doubt(): void;
  /** Whether some are left in the table, and there is room for them. */
  lacks(): boolean;
  /** What may leave now, at most one batch. */
  due(): Outgoing[];
  /** After a batch: what was not sent is tried again later. */
  settle(batch: readonly Outgoing[], sent: ReadonlySet<string>, retryAt: number): void;
  /** Milliseconds since 1970 when the next may leave; Infinity where none waits. */
  next(): number;
  /** How many bytes wait to leave, wherever they are: on one subject, or on all. */
  bytes(subject?: string): number;
}

/** The most that memory holds. */
const most = { parcels: 5000, bytes: 32 * 1024 * 1024 };
const batch = { parcels: 200, bytes: 8 * 1024 * 1024 };
/** Parcels in memory for a subject that takes nothing. */
const tries = 10;
/** Milliseconds: what leaves later waits in the table, which is looked at more often than that. */
const horizon = 40_000;

export function openBacklog(): Backlog {
  const held = new Map<string, Outgoing>();
  let heldBytes = 0;
  /** Bytes in the table alone, by subject. */
  const left = new Map<string, number>();
  /** Subjects that took nothing the last time. */
  const stuck = new Set<string>();
  let more = false;

  const fits = (parcels: number, bytes: number) =>
    held.size + parcels <= most.parcels && heldBytes + bytes <= most.bytes;
  const leave = (subject: string, bytes: number) => void left.set(subject, (left.get(subject) ?? 0) + bytes);
  const drop = (id: string) => {
    heldBytes -= held.get(id)?.sealed.length ?? 0;
    held.delete(id);
  };
  const hold = (parcel: Outgoing) => {
    drop(parcel.id);
    held.set(parcel.id, parcel);
    heldBytes += parcel.sealed.length;
  };
  const holdBack = (subject: string) => {
    stuck.add(subject);
    const surplus = [...held.values()].filter((each) => each.subject === subject).slice(tries);
    for (const { id, sealed } of surplus) {
      drop(id);
      leave(subject, sealed.length);
    }
  };

  return {
    take: (outgoing) => {
      const soon = Date.now() + horizon;
      for (const parcel of outgoing.filter(({ notBefore }) => notBefore <= soon)) {
        const { subject, sealed } = parcel;
        if (!stuck.has(subject) && fits(1, sealed.length)) hold(parcel);
        else {
          leave(subject, sealed.length);
          more ||= !stuck.has(subject);
        }
      }
    },
    wanted: () => {
      // What is committed from here on may not be in the list: it makes itself known.
      more = false;
      for (const subject of left.keys()) if (!stuck.has(subject)) left.delete(subject);
      return { notBefore: Date.now() + horizon, notOn: [...stuck] };
    },
    choose: (listed) => {
      const chosen: Listed[] = [];
      let bytes = 0;
      for (const each of listed.filter(({ id }) => !held.has(id))) {
        if (fits(chosen.length + 1, bytes + each.bytes)) {
          chosen.push(each);
          bytes += each.bytes;
        } else {
          leave(each.subject, each.bytes);
          more = true;
        }
      }
      return portions(chosen, (each) => each.bytes).map((portion) => portion.map(({ id }) => id));
    },
    doubt: () => {
      more = true;
    },
    lacks: () => more && held.size <= most.parcels / 2 && heldBytes <= most.bytes / 2,
    due: () => {
      const now = Date.now();
      const ready = [...held.values()].filter(({ notBefore }) => notBefore <= now);
      return portions(ready, ({ sealed }) => sealed.length)[0] ?? [];
    },
    settle: (tried, sent, retryAt) => {
      for (const parcel of tried) {
        if (sent.has(parcel.id)) drop(parcel.id);
        else hold({ ...parcel, notBefore: retryAt }); // at the end: it must not hold up the others
      }
      for (const [subject, parcels] of Map.groupBy(tried, (each) => each.subject)) {
        if (!parcels.some(({ id }) => sent.has(id))) holdBack(subject);
        else if (stuck.delete(subject)) more = true;
      }
    },
    next: () => [...held.values()].reduce((least, { notBefore }) => Math.min(least, notBefore), Infinity),
    bytes: (subject) => {
      if (subject === undefined) return [...left.values()].reduce((sum, each) => sum + each, heldBytes);
      const ofIt = [...held.values()].filter((each) => each.subject === subject);
      return ofIt.reduce((sum, { sealed }) => sum + sealed.length, left.get(subject) ?? 0);
    },
  };
}

/** In order, each at most a batch. */
function portions<Each>(all: readonly Each[], bytesOf: (each: Each) => number): Each[][] {
  const done: Each[][] = [];
  let bytes = 0;
  for (const each of all) {
    const last = done.at(-1);
    bytes += bytesOf(each);
    if (last !== undefined && last.length < batch.parcels && bytes <= batch.bytes) last.push(each);
    else {
      done.push([each]);
      bytes = bytesOf(each);
    }
  }
  return done;
}
