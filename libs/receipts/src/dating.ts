// Papers signed by a key that was revoked later. What such a paper says of its own time is worth nothing: whoever stole the
// key writes it as well. It was there before, if a log has it that another party had countersigned by then.
import { opens, wasSeenBefore } from '@anonymesh/evidence';
import { fromBase64url, parseJson, type PartyId } from '@anonymesh/protocol';
import type { Directory } from '@anonymesh/trust';
import { witnessesBeside } from './log-keys.js';
import type { Logs } from './logs.js';
import { open, proven, type Statement } from './statement.js';

export interface Paper {
  readonly about: Statement['about'];
  readonly jws: string | undefined;
}

export function datePapers(
  papers: readonly Paper[],
  logs: Logs,
  directory: Directory,
  say: (statement: Statement) => void,
): void {
  for (const { about, jws } of papers) {
    const kid = jws === undefined ? undefined : kidIn(jws);
    const signer = kid === undefined ? undefined : directory.pastSigner(kid);
    if (jws === undefined || signer?.revokedAt === undefined) continue;
    const { id, revokedAt } = signer;
    const revoked = `its key was revoked at ${new Date(revokedAt).toISOString()}`;
    const keeper = [...logs].find(([party, log]) => hasSeen(jws, party, log))?.[0];
    if (keeper === undefined)
      say(open(about, `${id} signed this or somebody who stole its key: ${revoked}, and no log shows it before`, id));
    else
      say(proven(about, `${id} signed this before ${revoked}: the log of ${keeper} has it, countersigned by then`, id));

    function hasSeen(paper: string, party: PartyId, { checkpoint, entries }: NonNullable<ReturnType<Logs['get']>>) {
      const others = witnessesBeside(directory, [party, id]);
      return (
        wasSeenBefore(checkpoint, revokedAt, others) &&
        entries.some(({ words, salt }) => {
          const commitment = fromBase64url(words);
          return commitment !== undefined && salt !== undefined && opens(commitment, salt, paper);
        })
      );
    }
  }
}

function kidIn(jws: string): string | undefined {
  const head = parseJson(Buffer.from(jws.split('.', 1)[0] ?? '', 'base64url'));
  return typeof head === 'object' && head !== null && 'kid' in head ? String(head.kid) : undefined;
}
