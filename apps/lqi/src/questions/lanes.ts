// Works through what comes in batches, those of one lane one after another: a slow lane holds up no other.

export interface Lanes<Item> {
  put(lane: string, item: Item): void;
  /** Takes back what no batch has taken up. */
  takeBack(isIt: (item: Item) => boolean): Item | undefined;
  /** Resolves when all that was put is worked through. */
  end(): Promise<void>;
}

/** `work` must not reject. */
export function openLanes<Item>(atOnce: number, work: (batch: readonly Item[]) => Promise<void>): Lanes<Item> {
  const lanes = new Map<string, { readonly queue: Item[]; readonly running: Promise<void> }>();

  const run = async (lane: string, queue: Item[]) => {
    await Promise.resolve(); // what was committed together is worked on together
    while (queue.length > 0) await work(queue.splice(0, atOnce));
    lanes.delete(lane);
  };

  return {
    put: (lane, item) => {
      const known = lanes.get(lane);
      if (known !== undefined) return void known.queue.push(item);
      const queue = [item];
      lanes.set(lane, { queue, running: run(lane, queue) });
    },
    takeBack: (isIt) => {
      for (const { queue } of lanes.values()) {
        const at = queue.findIndex(isIt);
        if (at !== -1) return queue.splice(at, 1)[0];
      }
      return undefined;
    },
    end: async () => {
      await Promise.all([...lanes.values()].map(({ running }) => running));
    },
  };
}
