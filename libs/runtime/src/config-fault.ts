// What is wrong with a config file, said so that an administrator can put it right: the key, the fault, the remedy.
// The value that was found is never repeated, because it may be a secret pasted into the wrong place.
import { z } from 'zod';

/** In a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where these keys lead, or as near to it as the file goes. */
export type PlaceOf = (path: readonly PropertyKey[]) => Place;

export type ConfigFault = {
  /** The path of the key, such as `store.url`; empty where the file as a whole is meant. */
  readonly key: string;
  readonly fault: string;
  readonly fix: string;
  /** None where there is no file. */
  readonly at?: Place;
};

export function faultsOf(error: z.ZodError, found: unknown, placeOf: PlaceOf): ConfigFault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, found, placeOf));
}

/** The lines to print, one for each fault. */
export function printFaults(file: string, faults: readonly ConfigFault[]): string {
  return faults.map((each) => `${inFile(file, each)} (${each.fix})\n`).join('');
}

/** `file:line:column: key: what is wrong`, as editors and terminals open it. */
export function inFile(file: string, { key, fault, at }: ConfigFault): string {
  const place = at === undefined ? file : `${file}:${at.line}:${at.column}`;
  return [place, key, fault].filter(Boolean).join(': ');
}

function faultsOfIssue(issue: z.core.$ZodIssue, found: unknown, placeOf: PlaceOf): ConfigFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      at: placeOf([...issue.path, key]),
      key: keyPath([...issue.path, key]),
      fault: 'no such key',
      fix: 'correct its spelling or remove it',
    }));
  }
  const [key, at] = [keyPath(issue.path), placeOf(issue.path)];
  if (issue.code === 'invalid_type' && valueAt(found, issue.path) === undefined) {
    return [{ at, key, fault: 'missing', fix: `add it: ${issue.expected}` }];
  }
  const fix: unknown = issue.code === 'custom' ? issue.params?.['fix'] : undefined;
  return [{ at, key, fault: issue.message, fix: typeof fix === 'string' ? fix : 'correct the value' }];
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
