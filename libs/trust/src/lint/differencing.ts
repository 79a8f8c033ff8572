// Checks whose outcomes about one person, put together, would tell one holder's flag: who may see both must not be given
// both. Found for all agreements of a mesh together.
import type { CheckAgreement } from '@anonymesh/protocol';
import { ownHolders, type Drafted, type Finding } from './drafted.js';
import { isolatedBy, type Combined } from './isolating.js';

type Check = Drafted<CheckAgreement>;

export function differencing(checks: readonly Check[]): Finding[] {
  const requesters = [...new Set(checks.flatMap(({ content }) => content.askers.map(({ requester }) => requester)))];
  const reported = new Set<string>();
  const once = (finding: Finding) => {
    const key = `${finding.flaw.file} ${finding.flaw.message}`;
    return !reported.has(key) && reported.add(key) !== undefined;
  };
  return [
    ...requesters.flatMap((requester) => oneRequester(requester, checks.filter(mayAsk(requester)))),
    ...pairs(checks).flatMap(([one, other]) => acrossRequesters(one, other)),
  ].filter(once);
}

const mayAsk = (id: string) => (check: Check) => check.content.askers.some(({ requester }) => requester === id);

function oneRequester(requester: string, checks: readonly Check[]): Finding[] {
  const known = new Set(checks.flatMap(({ content }) => ownHolders(content, requester)));
  const found = pairs(checks).flatMap(([one, other]): Finding[] => {
    const certain = isolated([one, other], known, 'template');
    const likely = certain.length > 0 ? certain : isolated([one, other], known, 'holder');
    if (likely.length === 0) return [];
    const rest = `about one person tell ${requester} the flag of ${inWords(likely)}`;
    const message =
      certain.length > 0
        ? `its outcomes and those of ${one.file} ${rest}`
        : `its outcomes and those of ${one.file} ${rest}, if there the templates of both agreements find the same`;
    return [finding(certain.length > 0 ? 'fault' : 'remark', other, message)];
  });
  const [last] = checks.slice(-1);
  if (last === undefined || checks.length < 3 || found.some(({ severity }) => severity === 'fault')) return found;
  const together = isolatedBy(checks.map(combined('template')), withTemplates(known, checks));
  if (together === 'too-many')
    return [...found, finding('fault', last, `${requester} may ask more checks than can be judged together`)];
  if (together.length === 0) return found;
  const message = `the outcomes of all ${checks.length} checks that ${requester} may ask tell it, about one person, the flag of ${inWords(together.map(holderIn))}`;
  return [...found, finding('fault', last, message)];
}

/** Two organisations would have to put together what they were told. */
function acrossRequesters(one: Check, other: Check): Finding[] {
  const askers = ({ content }: Check) => content.askers.map(({ requester }) => requester);
  if (askers(one).some((requester) => askers(other).includes(requester))) return [];
  const found = isolated([one, other], new Set(), 'template');
  if (found.length === 0) return [];
  const message = `${inWords(askers(one))} and ${inWords(askers(other))}, who put together their outcomes about one person, learn the flag of ${inWords(found)} (with ${one.file})`;
  return [finding('remark', other, message)];
}

/** What counts as the same flag: what a holder finds by the same template, or whatever it finds. */
type Sameness = 'template' | 'holder';

const combined =
  (by: Sameness) =>
  ({ content }: Check): Combined => ({
    holders: new Set(content.holders.map(({ id, template }) => (by === 'holder' ? id : `${id} ${template.hash}`))),
    combination: content.combination,
  });

/** Of two checks there are three groups of holders at most: never too many. */
function isolated(checks: readonly Check[], known: ReadonlySet<string>, by: Sameness): string[] {
  const found = isolatedBy(checks.map(combined(by)), by === 'holder' ? known : withTemplates(known, checks));
  return found === 'too-many' ? [] : [...new Set(found.map(holderIn))];
}

function withTemplates(known: ReadonlySet<string>, checks: readonly Check[]): Set<string> {
  const all = checks.flatMap((check) => [...combined('template')(check).holders]);
  return new Set(all.filter((each) => known.has(holderIn(each))));
}

function holderIn(flag: string): string {
  return flag.split(' ')[0] ?? flag;
}

function finding(severity: Finding['severity'], { flawAt }: Check, message: string): Finding {
  return { severity, rule: 'differencing', flaw: flawAt(['holders'], message) };
}

function inWords(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}

function pairs<Value>(values: readonly Value[]): [Value, Value][] {
  return values.flatMap((one, index) => values.slice(index + 1).map((other): [Value, Value] => [one, other]));
}
