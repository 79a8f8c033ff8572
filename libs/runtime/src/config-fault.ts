// What is wrong with a config file, said so that an administrator can put it right: the key, the fault, the remedy.
// The value that was found is never repeated, because it may be a secret pasted into the wrong place.
import { z } from 'zod';

export type ConfigFault = {
  /** The path of the key, such as `store.url`; empty where the file as a whole is meant. */
  readonly key: string;
  readonly fault: string;
  readonly fix: string;
};

export function faultsOf(error: z.ZodError, found: unknown): ConfigFault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, found));
}

/** The lines to print, one for each fault. */
export function printFaults(file: string, faults: readonly ConfigFault[]): string {
  return faults.map(({ key, fault, fix }) => `${[file, key].filter(Boolean).join(': ')}: ${fault} (${fix})\n`).join('');
}

function faultsOfIssue(issue: z.core.$ZodIssue, found: unknown): ConfigFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      key: keyPath([...issue.path, key]),
      fault: 'no such key',
      fix: 'correct its spelling or remove it',
    }));
  }
  const key = keyPath(issue.path);
  if (issue.code === 'invalid_type' && valueAt(found, issue.path) === undefined) {
    return [{ key, fault: 'missing', fix: `add it: ${issue.expected}` }];
  }
  const fix: unknown = issue.code === 'custom' ? issue.params?.['fix'] : undefined;
  return [{ key, fault: issue.message, fix: typeof fix === 'string' ? fix : 'correct the value' }];
}

function keyPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

function valueAt(found: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    found,
  );
}
