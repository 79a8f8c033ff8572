// What each app says that it sends, by which its doctor tries its rights on the broker, against the table of hops.
import { describe, expect, it } from '@jest/globals';
import type { Message } from '@anonymesh/protocol';
import { hops, parties } from '../../boundaries.mjs';

describe('what an app says that it sends', () => {
  it.each(Object.entries(parties))('at a %s is what the table lets it send', async (kind, { app }) => {
    const place = new URL(`../../apps/${app}/src/sends.ts`, import.meta.url).href;
    const { sends } = (await import(place)) as { sends: readonly Message[] };
    const said = sends.flatMap(({ name, hops: ways }) =>
      ways.filter(({ from }) => from === kind).map(({ to }) => `${name} to ${to}`),
    );
    const table = hops.filter(({ from }) => from === kind).map(({ message, to }) => `${message} to ${to}`);
    expect(said.sort()).toEqual(table.sort());
  });
});
