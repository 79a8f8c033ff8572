// Reads all agreements of a mesh together, before anybody signs: what is wrong with one only because of another, and what
// a person should look at though it is allowed (docs/agreements.md).
import { agreementHashOf, type CheckAgreement } from '@anonymesh/protocol';
import { decidedByPeople, secondsToDecide } from '../people-decide.js';
import { duration } from '../sentences/wording.js';
import { differencing } from './differencing.js';
import type { Drafted, Finding } from './drafted.js';
import { oneName } from './names.js';
import { ownHolders } from './organisation.js';

/** `today` is a day, yyyy-mm-dd. */
export function lintAgreements(drafts: readonly Drafted[], today: string): Finding[] {
  const current = newestOf(drafts).filter(({ content }) => content.validity.until >= today);
  const checks = current.filter((draft): draft is Drafted<CheckAgreement> => draft.content.kind === 'check');
  return [
    ...ofVersions(drafts),
    ...oneName(drafts, current),
    ...checks.flatMap(holdersLeft),
    ...differencing(checks),
    ...current.flatMap(ofSize),
    ...checks.flatMap(partialFields),
    ...current.flatMap(ofLimits),
    ...current.flatMap(timeToDecide),
    ...current.flatMap(ofAuditor),
    ...newestOf(drafts).flatMap((draft) => ofValidity(draft, today)),
  ];
}

/** The sole document of the highest version of each agreement. */
function newestOf(drafts: readonly Drafted[]): Drafted[] {
  const byId = Map.groupBy(drafts, ({ content }) => content.id);
  return [...byId.values()].map((all) => all.reduce((a, b) => (b.content.version > a.content.version ? b : a)));
}

function ofVersions(drafts: readonly Drafted[]): Finding[] {
  const numbered = Map.groupBy(drafts, ({ content }) => `${content.id} ${content.version}`);
  return [...numbered.values()].flatMap(([first, ...others]) =>
    others.map((other): Finding => {
      const same = first !== undefined && agreementHashOf(first.content) === agreementHashOf(other.content);
      const message = same
        ? `the same agreement is in ${first.file}`
        : `${first?.file} is another agreement of this id and version: raise the version`;
      return { severity: same ? 'remark' : 'fault', rule: 'versions', flaw: other.flawAt(['version'], message) };
    }),
  );
}

function holdersLeft({ content, flawAt }: Drafted<CheckAgreement>): Finding[] {
  return content.askers.flatMap(({ requester }, index): Finding[] => {
    const left = content.holders.length - ownHolders(content, requester).length;
    if (left >= 2) return [];
    const message = `${requester} knows the flag of its own organisation, and could tell the only other holder's from the outcome`;
    const flaw = flawAt(['askers', index, 'requester'], message);
    return [{ severity: 'fault', rule: 'holders-left', flaw }];
  });
}

/** A false value in a field that one holder alone receives would choose that holder's flag. */
function partialFields({ content, flawAt }: Drafted<CheckAgreement>): Finding[] {
  return content.holders.flatMap((holder, index) =>
    holder.receives.flatMap((field, place): Finding[] => {
      if (content.holders.every(({ receives }) => receives.includes(field))) return [];
      const message = `not every holder receives ${field}: the reviewer of ${holder.id}'s template must attest that it cannot change the flag`;
      const flaw = flawAt(['holders', index, 'receives', place], message);
      return [{ severity: 'remark', rule: 'partial-field', flaw }];
    }),
  );
}

/** Sealed parts of 64 holders with six fields each, and of fewer with more: the letter that asks carries that much. */
export const mostInParts = 64 * (1 + 6);

/** One part of each holder, of a size that follows from its fields, travels in one letter to the coordinator. */
function ofSize({ content, flawAt }: Drafted): Finding[] {
  const inParts = content.holders.reduce((sum, { receives }) => sum + 1 + receives.length, 0);
  if (inParts <= mostInParts) return [];
  const message = `holders and the fields that each receives are ${inParts} together, more than the ${mostInParts} that one letter carries: nobody could ask`;
  return [{ severity: 'fault', rule: 'size', flaw: flawAt(['holders'], message) }];
}

/** Nobody is wronged by either, but who signs may believe in a limit that there is not. */
function ofLimits({ content, flawAt }: Drafted): Finding[] {
  const { perRequester, perAgreement } = content.limits ?? {};
  const remark = (path: string[], message: string): Finding => ({
    severity: 'remark',
    rule: 'limits',
    flaw: flawAt(path, message),
  });
  const found: Finding[] = [];
  if (content.kind === 'check' && content.limits?.perSubject === undefined)
    found.push(remark(['limits'], 'nothing limits how often one person may be asked about'));
  if (perRequester !== undefined && perAgreement !== undefined) {
    const isWider = perRequester.most >= perAgreement.most && perRequester.withinSeconds <= perAgreement.withinSeconds;
    if (isWider) found.push(remark(['limits', 'perRequester'], 'is never reached: that of the agreement is, before'));
  }
  return found;
}

/** In seconds. People sleep, and are in meetings: with less an agreement is well signed and every query under it `refer`. */
const enoughToDecide = 4 * 3600;

function timeToDecide({ content, flawAt }: Drafted): Finding[] {
  if (!decidedByPeople(content) || content.deadlineSeconds >= enoughToDecide) return [];
  const left = duration(secondsToDecide(content));
  const message = `leaves people who must approve ${left}: what nobody has approved by then is refused, or not released. Give them ${duration(enoughToDecide)} (${enoughToDecide}) or more`;
  return [{ severity: 'remark', rule: 'time-to-decide', flaw: flawAt(['deadlineSeconds'], message) }];
}

/** Without one a receipt proves what the requester knows, and holders' answers only as long as they and the aggregator keep them. */
function ofAuditor({ content, flawAt }: Drafted): Finding[] {
  if (content.auditor !== undefined) return [];
  const message = 'names no auditor: nobody can prove from a receipt what holders answered, once it is erased';
  return [{ severity: 'remark', rule: 'auditor', flaw: flawAt(['id'], message) }];
}

function ofValidity({ content, flawAt }: Drafted, today: string): Finding[] {
  if (content.validity.until >= today) return [];
  const flaw = flawAt(['validity', 'until'], 'is past: nobody can ask under it');
  return [{ severity: 'remark', rule: 'validity', flaw }];
}
