// How many of something somebody has open at once in this process, so that one account does not use up what it has for all.
export class AtOnce {
  readonly #most: number;
  readonly #open = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Returns what to call once at its end; undefined where so many are open already. */
  begin(who: string): (() => void) | undefined {
    const open = this.#open.get(who) ?? 0;
    if (open >= this.#most) return undefined;
    this.#open.set(who, open + 1);
    return () => {
      const left = (this.#open.get(who) ?? 1) - 1;
      if (left === 0) this.#open.delete(who);
      else this.#open.set(who, left);
    };
  }
}
