// One check as a case system makes it: asks through the API, and follows the query's event stream to its outcome.
import { request, type Agent } from 'node:http';
import { samples } from '@anonymesh/examples';

export interface CaseSystem {
  readonly url: string;
  readonly token: string;
  readonly agent: Agent;
}

/** Milliseconds from asking to the outcome. Rejects if the outcome is not the one that the sample person must get. */
export async function makeCheck(caseSystem: CaseSystem, number: number): Promise<number> {
  const sample = samples[number % samples.length];
  if (sample === undefined) throw new Error('no sample person');
  const began = performance.now();
  const body = JSON.stringify({ agreement: 'right-to-remain', subject: sample.fields });
  const asked = JSON.parse(await call(caseSystem, 'POST', '/api/v1/queries', body)) as { queryId: string };
  const events = await call(caseSystem, 'GET', `/api/v1/queries/${asked.queryId}/events`);
  const took = performance.now() - began;
  if (!events.includes(`"outcome":"${sample.outcome}"`))
    throw new Error(`not ${sample.outcome}: ${events.slice(-300)}`);
  return took;
}

function call({ url, token, agent }: CaseSystem, method: string, path: string, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const outgoing = request(`${url}${path}`, { method, headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => {
        if (response.statusCode !== undefined && response.statusCode < 300) resolve(text);
        else reject(new Error(`${method}: ${response.statusCode} ${text}`));
      });
      response.on('error', reject);
    });
    outgoing.on('error', reject).end(body);
  });
}
