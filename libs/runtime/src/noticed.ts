// A promise that is waited for later than it may fail: until then nobody has to hear of it, and the process goes on.

/** That it fails is found out where it is waited for; where something else fails first, nobody waits. */
export function noticed<Result>(result: Promise<Result>): Promise<Result> {
  result.catch(() => undefined);
  return result;
}
