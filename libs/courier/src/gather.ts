// Makes one statement of what the letters of a batch ask of the store at the same time. Handlers stay written for one
// letter; those marked TOGETHER run at once, and what they ask for in the same turn is asked for together.
import type { Knex } from 'knex';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** For `@MessagePattern(message.name, TOGETHER)`: the handler may run for several letters of a batch at once. */
export const TOGETHER = { together: true } as const;

/** `ask`: does it for all items at once; results in the order of the items. */
export function gather<Item, Result>(
  ask: (transaction: Knex, items: readonly Item[]) => Promise<readonly Result[]>,
): (transaction: Knex, item: Item) => Promise<Result> {
  const waiting = new WeakMap<Knex, Waiting<Item, Result>[]>();

  const askAll = async (transaction: Knex) => {
    const all = waiting.get(transaction) ?? [];
    waiting.delete(transaction);
    try {
      const results = await ask(
        transaction,
        all.map(({ item }) => item),
      );
      all.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  };

  return (transaction, item) =>
    new Promise((resolve, reject) => {
      const all = waiting.get(transaction);
      if (all !== undefined) return void all.push({ item, resolve, reject });
      waiting.set(transaction, [{ item, resolve, reject }]);
      // After everything that can run without waiting for the store.
      setImmediate(() => void askAll(transaction));
    });
}

/** Which of these ids, each once however often it is there, are among those that a statement returned. */
export function firstOfEach(ids: readonly string[], returned: Iterable<string>): boolean[] {
  const left = new Set(returned);
  return ids.map((id) => left.delete(id));
}
