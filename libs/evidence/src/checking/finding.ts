// What can be wrong with a log, and in words: which entry, not only that something is.

export type Finding =
  /** A line of the file that is no part of any log. */
  | { readonly kind: 'unreadable'; readonly line: number }
  | { readonly kind: 'changed'; readonly n: number }
  | { readonly kind: 'missing'; readonly from: number; readonly to: number }
  | { readonly kind: 'inserted'; readonly n: number; readonly after: number }
  | { readonly kind: 'moved'; readonly n: number; readonly after: number }
  /** Hashes fit their entries, but the entries are not those that were signed. */
  | { readonly kind: 'rewritten'; readonly from: number; readonly to: number }
  | { readonly kind: 'miscounted'; readonly n: number }
  | { readonly kind: 'unsigned'; readonly size: number }
  /** Bound by nothing but a key that was revoked, and seen by nobody before that. */
  | { readonly kind: 'revoked'; readonly from: number; readonly to: number }
  | { readonly kind: 'foreign'; readonly origin: string }
  | { readonly kind: 'rolled-back'; readonly from: number; readonly seen: number; readonly by: string }
  | { readonly kind: 'forked'; readonly from: number; readonly to: number; readonly by: string };

/** One sentence. */
export function say(finding: Finding): string {
  switch (finding.kind) {
    case 'unreadable':
      return `line ${finding.line} is no entry and no checkpoint`;
    case 'changed':
      return `entry ${finding.n} was changed: its text no longer has its hash`;
    case 'missing':
      return `${all(finding.from, finding.to)} missing`;
    case 'inserted':
      return `an entry was inserted after entry ${finding.after}: it says that it is number ${finding.n}, which there is`;
    case 'moved':
      return `entry ${finding.n} was moved: it stands after entry ${finding.after}`;
    case 'rewritten':
      return `${entries(finding.from, finding.to)} not what was signed: the next checkpoint does not fit`;
    case 'miscounted':
      return `entry ${finding.n} counts the queries before it wrongly`;
    case 'unsigned':
      return `the checkpoint of size ${finding.size} is not signed by a key of this log`;
    case 'revoked':
      return `${all(finding.from, finding.to)} signed for by a revoked key alone: nobody countersigned before that`;
    case 'foreign':
      return `a checkpoint of another log: ${finding.origin}`;
    case 'rolled-back':
      return `the log was rolled back: ${finding.by} has seen it with ${finding.seen} entries; ${all(finding.from, finding.seen)} missing`;
    case 'forked':
      return `the log was forked: ${finding.by} was shown another one; ${entries(finding.from, finding.to)} not the same in both`;
  }
}

/** From `from` before `to`. */
function all(from: number, to: number): string {
  return to - from === 1 ? `entry ${from} is` : `entries ${from} to ${to - 1} are`;
}

function entries(from: number, to: number): string {
  return to - from === 1 ? `entry ${from} is` : `entries ${from} to ${to - 1}, at least one of them, are`;
}
