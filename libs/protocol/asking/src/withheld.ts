// A value about a person. It prints as [withheld] wherever it is printed, and leaves only where `reveal` is called:
// to seal it, or to put it to the holder's own database. Whoever reviews who learns what searches for that word.
import { inspect } from 'node:util';

export class Withheld {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[withheld]';
  }

  toJSON(): string {
    return '[withheld]';
  }

  [inspect.custom](): string {
    return '[withheld]';
  }
}

/** Fields about a person, by the agreement's field names. */
export type SubjectFields = Readonly<Record<string, Withheld>>;
