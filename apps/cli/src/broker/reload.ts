// Has the server read its configuration anew. It drops nobody by that but those whose account is gone.
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { No } from '../telling/no.js';
import type { BrokerFile } from './broker-file.js';

const patience = 10_000;

/** Twice: servers before 2.10 give a new account what it imports only when they read its account a second time. */
export async function reload(file: BrokerFile, accounts: readonly string[]): Promise<void> {
  for (let time = 0; time < 2; time++) {
    signal(file.pidFile);
    await untilTaken(file, accounts);
  }
}

function signal(pidFile: string): void {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    // A file that a server left behind may name somebody else by now, whom the signal would end.
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'nats-server') throw new Error('another process');
    process.kill(pid, 'SIGHUP');
  } catch (cause) {
    const todo = 'start it with the configuration that was written, then run mesh broker configure';
    throw new No('unanswered', `the broker does not run, by ${pidFile}: ${todo}`, { cause });
  }
}

const accountz = z.object({ accounts: z.array(z.string()) });
/** Of the server's own accounts, the one that it makes by itself. */
const itsOwn = '$G';

async function untilTaken({ monitoringPort }: BrokerFile, accounts: readonly string[]): Promise<void> {
  await wait(1000);
  if (monitoringPort === undefined) return;
  const wanted = [...accounts].sort().join();
  for (const deadline = Date.now() + patience; ;) {
    const found = await accountsAt(monitoringPort).catch(() => []);
    if (
      found
        .filter((name) => name !== itsOwn)
        .sort()
        .join() === wanted
    )
      return;
    if (Date.now() > deadline)
      throw new No('unanswered', 'the broker has not taken its new configuration: look at its log');
    await wait(100);
  }
}

async function accountsAt(port: number): Promise<readonly string[]> {
  const response = await fetch(`http://127.0.0.1:${port}/accountz`, { signal: AbortSignal.timeout(2000) });
  return accountz.parse(await response.json()).accounts;
}
