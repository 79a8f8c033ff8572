// The same two lists through OpenMined's psi.js, as its README shows it: both parties in one process, the server's set
// compressed (GCS, its default), one false match in a thousand runs. What comes out is a count, of keys.
import psiJs from '@openmined/psi.js';
import { holders, type Holder } from '../holders.js';
import { type Sample } from '../sample.js';
import { keyInputsOf } from './key-inputs-of.js';

const falsePositives = 0.001;

/** Its types tell of an ES module, and it is a CommonJS one, which Node gives as the default. */
const openPsi = psiJs as unknown as typeof psiJs.default;

/** Seconds, without the reading of the lists. Throws if the count is not that of a plain intersection. */
export async function psiJsQuery(sample: Sample): Promise<number> {
  const [ours, theirs] = await Promise.all(holders.map((holder) => keysOf(holder, sample)));
  if (ours === undefined || theirs === undefined) throw new Error('two lists are needed');
  const common = [...ours].filter((key) => theirs.has(key)).length;
  const psi = await openPsi();
  const [server, client] = [psi.server?.createWithNewKey(false), psi.client?.createWithNewKey(false)];
  if (server === undefined || client === undefined) throw new Error('psi.js without one of its parties');
  const [serverKeys, clientKeys] = [[...ours], [...theirs]];
  const began = performance.now();
  const setup = server.createSetupMessage(falsePositives, clientKeys.length, serverKeys).serializeBinary();
  const request = client.createRequest(clientKeys).serializeBinary();
  const response = server.processRequest(psi.request.deserializeBinary(request)).serializeBinary();
  const found = client.getIntersectionSize(
    psi.serverSetup.deserializeBinary(setup),
    psi.response.deserializeBinary(response),
  );
  const seconds = (performance.now() - began) / 1000;
  if (found !== common && found !== common + 1) throw new Error(`psi.js found ${found} keys, not ${common}`);
  return seconds;
}

/** As text, because that is what psi.js takes. */
async function keysOf(holder: Holder, sample: Sample): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const inputs of keyInputsOf(holder, sample))
    for (const input of inputs) if (input !== undefined) found.add(input.toString('base64'));
  return found;
}
