// What a holder's console tells its staff of a check: its API, and its first page, which has to say the same.
import { approver, signInApprover, type RunningMesh } from '@anonymesh/founding';
import type { PartyId } from '@anonymesh/protocol';
import { signInPages } from '../mesh/sign-in-pages.js';
import { until } from '../mesh/until.js';
import type { Checked } from './examine.js';

export interface Console {
  /** As the API has it, once the page has its reason and next step too. Rejects where it never has. */
  told(check: string): Promise<Checked>;
}

export async function openConsole(mesh: RunningMesh, holder: PartyId): Promise<Console> {
  const api = await signInApprover(mesh, holder);
  const { visitor } = await signInPages(mesh, holder, approver, '/');
  const inApi = async (check: string) => {
    const { checks } = (await api.call('GET', '/api/v1/overview')) as { checks: Checked[] };
    return checks.find(({ name }) => name === check);
  };
  return {
    told: (check) =>
      until(`the console’s page says of ${check} what its API says`, async () => {
        const page = inWords((await visitor.open('/')).text);
        const found = await inApi(check);
        return found !== undefined && page.includes(numberless(`${found.reason} ${found.todo}`.trim())) && found;
      }),
  };
}

const escapes: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&lt;': '<',
  '&gt;': '>',
};

/** What a page's cells say, one after the other. */
function inWords(html: string): string {
  const text = html.replaceAll(/<[^>]*>/g, '').replaceAll(/&(?:amp|quot|#39|lt|gt);/g, (found) => escapes[found] ?? '');
  return numberless(text.replaceAll(/\s+/g, ' '));
}

/** Days and seconds go on between two looks. */
function numberless(text: string): string {
  return text.replaceAll(/\d+/g, '…');
}
