// The commands about certificates on docs/operations.md, as they stand there.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runBlock } from './commands-of.js';

let folder: string;
let variables: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anonymesh-certificates-'));
  variables = { CA: join(folder, 'ca'), ISSUED: join(folder, 'issued'), KEYS: join(folder, 'keys') };
});
afterAll(() => rm(folder, { recursive: true }));

describe('certificates', () => {
  it('are issued by an authority of one’s own, for a key that stays where it is', async () => {
    const said = await runBlock('certificates', variables);
    expect(said).toMatch(/CN=hmrc\n +for +client: URI:urn:anonymesh:party:hmrc\n +issued by +CN=Mesh of the north/);
  });

  it('are renewed in their place', async () => {
    const file = join(folder, 'issued/hmrc.pem');
    const before = await readFile(file, 'utf8');
    await runBlock('renew', variables);
    expect(await readFile(file, 'utf8')).not.toBe(before);
  });

  it('are of the next authority, with both accepted', async () => {
    const said = await runBlock('next-authority', variables);
    expect(said.match(/for +authority/g)).toHaveLength(2);
  });
});
