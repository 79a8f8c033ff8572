// What the lint of agreements reads and says: documents that know their own lines, and findings that point at them.
import type { Agreement } from '@anonymesh/protocol';
import type { Flaw, FlawAt } from '../yaml-flaws.js';

/** An agreement as it stands in a file. */
export interface Drafted<Content extends Agreement = Agreement> {
  readonly file: string;
  readonly content: Content;
  readonly flawAt: FlawAt;
}

/** `fault`: must not be signed. `remark`: somebody should look. */
export interface Finding {
  readonly severity: 'fault' | 'remark';
  readonly rule:
    | 'versions'
    | 'names'
    | 'holders-left'
    | 'differencing'
    | 'size'
    | 'partial-field'
    | 'limits'
    | 'time-to-decide'
    | 'validity'
    | 'auditor';
  readonly flaw: Flaw;
}

export function pairs<Value>(values: readonly Value[]): [Value, Value][] {
  return values.flatMap((one, index) => values.slice(index + 1).map((other): [Value, Value] => [one, other]));
}
