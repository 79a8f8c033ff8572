// Overwrites secrets, so that what a process leaves in memory says less about a query that has ended.

export function wipe(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}
