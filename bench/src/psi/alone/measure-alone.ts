// The program of such a process: takes an order from the benchmark, carries it out, and ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enginesHere, openPool } from '@anonymesh/psi';
import { peakOf } from '../peak-memory.js';
import { prepareSample } from '../sample.js';
import { libraryQuery } from './library-query.js';
import type { Measured, Order } from './measured.js';
import { multiplicationRate, ratesOf } from './multiplication-rate.js';
import { psiJsQuery } from './psi-js-query.js';

const measures: Readonly<Record<Order['what'], (order: Order) => Promise<Measured>>> = {
  library: measureLibrary,
  'psi-js': measurePsiJs,
  engines: measureEngines,
};

process.once('message', (order: Order) => {
  void measures[order.what](order).then((measured) => {
    process.send?.(measured, () => process.disconnect());
  });
});

async function measureLibrary({ elements, mode, engine }: Order): Promise<Measured> {
  const sample = await prepareSample(elements);
  const pool = await openPool(engine === undefined ? {} : { engine });
  const folder = await mkdtemp(join(tmpdir(), 'anonymesh-bench-'));
  try {
    // Before the clock starts: this also starts the pool's threads, which in a holder's node run for many queries.
    const rate = await multiplicationRate(pool);
    const began = performance.now();
    await libraryQuery(pool, sample, mode, join(folder, 'spool'));
    const seconds = (performance.now() - began) / 1000;
    return {
      seconds,
      peakMemoryMB: await peakOf(process.pid),
      engine: pool.engine,
      multiplicationsPerSecondPerCore: rate,
    };
  } finally {
    await pool.close();
    await rm(folder, { recursive: true });
  }
}

async function measurePsiJs({ elements }: Order): Promise<Measured> {
  const seconds = await psiJsQuery(await prepareSample(elements));
  return { seconds, peakMemoryMB: await peakOf(process.pid) };
}

async function measureEngines(): Promise<Measured> {
  const began = performance.now();
  const engines = await ratesOf(await enginesHere());
  return { seconds: (performance.now() - began) / 1000, peakMemoryMB: await peakOf(process.pid), engines };
}
