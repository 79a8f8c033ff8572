// How heavy and how fast the first page is that people see once they have signed in, with nothing in their browser's cache:
// of every surface of the sandbox; the worst counts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  administrator,
  atRiskChildren,
  caseworker,
  foundMesh,
  freePortsFor,
  partiesOf,
  rightToRemain,
  startMesh,
  subjectAccount,
  type RunningMesh,
} from '@anonymesh/founding';
import { applicant } from '@anonymesh/examples';
import { startChromium } from '../../../tests/servers/chromium.js';
import { givenUp, untilStopped } from '../leaving.js';
import { openCold } from './open-cold.js';

const surfaces = [
  ['immigration', caseworker],
  ['appeal-portal', subjectAccount(applicant.fields.niNumber)],
  ['hmrc', administrator],
] as const;

export async function measurePages(): Promise<object> {
  const { mesh, stop } = await startSandbox();
  const browser = await startChromium();
  const close = untilStopped(() => browser.close());
  try {
    const measured: Record<string, { readonly kilobytes: number; readonly milliseconds: number }> = {};
    for (const [app, account] of surfaces) {
      const signIn = { address: mesh.url(app), account, password: mesh.login.password };
      measured[app] = await openCold(browser, signIn);
    }
    const all = Object.values(measured);
    return {
      firstPageKB: Math.max(...all.map(({ kilobytes }) => kilobytes)),
      firstPageMs: Math.max(...all.map(({ milliseconds }) => milliseconds)),
      surfaces: measured,
    };
  } finally {
    await close();
    await stop();
  }
}

async function startSandbox(): Promise<{ readonly mesh: RunningMesh; readonly stop: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'anonymesh-bench-'));
  const remove = untilStopped(() => rm(dir, { recursive: true, force: true }));
  const examples = [rightToRemain(2000), atRiskChildren({ healthTrust: 500, police: 500, common: 20 })];
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/anonymesh', import.meta.url));
  const ports = await freePortsFor(partiesOf(examples));
  const mesh = await startMesh(await foundMesh({ dir, cache, ports, examples }), { givenUp });
  const stopMesh = untilStopped(() => mesh.stop());
  return { mesh, stop: () => stopMesh().then(remove) };
}
