// What a subject can do: have the query under a reference explained, and wish to be checked anew. To wish one must be
// able to have the newest query explained: the reference alone is not enough, nor the identity alone.
import type { Trust } from '@anonymesh/trust';
import { explainAppeal, type Appeal, type Explained } from './explain.js';
import type { FailAlike } from './fail-alike.js';
import type { Mesh } from './mesh.js';
import type { Portal } from './verify-slip.js';

/** The token under which main provides them to Nest. */
export const APPEALS = Symbol('appeals');

export interface Appeals {
  explain(appeal: Appeal): Promise<Explained>;
  askAnew(appeal: Appeal): Promise<void>;
}

export interface AppealsParts {
  readonly mesh: Mesh;
  readonly trust: Trust;
  readonly portal: Portal;
  readonly failAlike: FailAlike;
}

export function openAppeals({ mesh, trust, portal, failAlike }: AppealsParts): Appeals {
  const explain = (appeal: Appeal) => explainAppeal(appeal, mesh, trust, portal);
  return {
    explain: (appeal) => failAlike(() => explain(appeal)),
    askAnew: async (appeal) => {
      await failAlike(async () => {
        const explained = await explain(appeal);
        if (typeof explained === 'string') return explained;
        if (!explained.isLatest) return 'not-decided';
        const { queryId, manifest, signed } = explained.query;
        const result = await mesh.wish(queryId, manifest.requester, signed);
        return result === 'sent' ? explained : result;
      });
    },
  };
}
