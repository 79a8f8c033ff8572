// What waits to be opened, in the order in which it came: how much of it there is, and the next portion.

/** Letters and bytes. */
export interface Portion {
  readonly letters: number;
  readonly bytes: number;
}

export interface Line<Each> {
  readonly length: number;
  /** Whether no more than this waits. */
  isWithin(most: Portion): boolean;
  push(each: Each): void;
  /** The first, no more than this, and at least one where any waits, whatever its size. */
  shift(most: Portion): Each[];
}

export function openLine<Each extends { readonly data: Uint8Array }>(): Line<Each> {
  const waiting: Each[] = [];
  let bytes = 0;
  return {
    get length() {
      return waiting.length;
    },
    isWithin: (most) => waiting.length <= most.letters && bytes <= most.bytes,
    push: (each) => {
      waiting.push(each);
      bytes += each.data.length;
    },
    shift: (most) => {
      let sum = 0;
      const end = waiting.findIndex(({ data }) => (sum += data.length) > most.bytes);
      const portion = waiting.splice(0, Math.min(most.letters, end === -1 ? waiting.length : Math.max(end, 1)));
      bytes -= portion.reduce((total, { data }) => total + data.length, 0);
      return portion;
    },
  };
}
