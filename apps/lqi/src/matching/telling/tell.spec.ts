import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../../../../tests/mesh/until.js';
import { openIn } from '../../fixtures/open-files.js';
import type { RunningHolder } from '../../fixtures/running-sets.js';
import { child } from '../../fixtures/set-mesh.js';
import { startTown, type Town } from '../../fixtures/town.js';
import { SourceFault } from '../../sources/source-fault.js';

const both = ['health-trust', 'police'];
let town: Town;
beforeAll(async () => {
  town = await startTown({}, both);
}, 60_000);
afterAll(() => town.sets.stop());

describe('a holder that cannot tell of its records, because of a file of its own', () => {
  it.each(['references', 'records-0'])('as %s, leaves none open', async (name) => {
    const children = [{ ...child(1, 'one') }, { ...child(2, 'two') }];
    town.lists.set('police', children);
    town.lists.set('health-trust', new SourceFault('unavailable'));
    const queryId = await town.ask(await town.mesh.agree({ release: 'on-match' }, both));
    const reading = await until(
      'it has read its set',
      async () => (await town.row('police', queryId))?.reading ?? undefined,
    );
    const { spill, lines } = town.nodes.get('police') as RunningHolder;
    await writeFile(join(spill, queryId, reading, name), 'not what was written');
    town.lists.set('health-trust', children);
    const failures = () => lines.filter((line) => line.includes('set.failed') && line.includes(queryId));
    await until('it has failed, and failed again', () => failures().length > 1);
    await until('no file of it is open', async () => (await openIn(join(spill, queryId))).length === 0);
  });
});
