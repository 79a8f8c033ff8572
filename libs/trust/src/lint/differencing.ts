// Checks whose outcomes about one person, put together, would tell one holder's flag: who may see both must not be given
// both. Found for all agreements of a mesh together.
import type { CheckAgreement } from '@anonymesh/protocol';
import { pairs, type Drafted, type Finding } from './drafted.js';
import { isolatedBy, type Combined } from './isolating.js';
import { isSameOrganisation, ownHolders } from './organisation.js';

type Check = Drafted<CheckAgreement>;
type Asker = CheckAgreement['parties'][number];

export function differencing(checks: readonly Check[]): Finding[] {
  const reported = new Set<string>();
  const once = (finding: Finding) => {
    const key = `${finding.flaw.file} ${finding.flaw.message}`;
    return !reported.has(key) && reported.add(key) !== undefined;
  };
  return [
    ...organisations(checks.flatMap(askersOf)).flatMap((askers) => oneOrganisation(askers, checks)),
    ...pairs(checks).flatMap(([one, other]) => acrossOrganisations(one, other)),
  ].filter(once);
}

function askersOf({ content }: Check): Asker[] {
  return content.parties.filter(({ id }) => content.askers.some(({ requester }) => requester === id));
}

/** Who is the same as somebody who is the same as a third is of one organisation with both. */
function organisations(askers: readonly Asker[]): Asker[][] {
  let found: Asker[][] = [];
  for (const asker of askers) {
    const { same = [], others = [] } = Object.groupBy(found, (each) =>
      each.some((known) => isSameOrganisation(known, asker)) ? 'same' : 'others',
    );
    found = [...others, [...same.flat(), asker]];
  }
  return found;
}

function oneOrganisation(askers: readonly Asker[], all: readonly Check[]): Finding[] {
  const [asker] = askers;
  if (asker === undefined) return [];
  const own = (check: Check) => askersOf(check).filter((each) => askers.includes(each));
  const checks = all.filter((check) => own(check).length > 0);
  const known = new Set(checks.flatMap((check) => own(check).flatMap(({ id }) => ownHolders(check.content, id))));
  const found = pairs(checks).flatMap(([one, other]): Finding[] => {
    const certain = isolated([one, other], known, 'template');
    if (certain.length > 0) return [finding('fault', other, ofTwo(one, asker, certain))];
    const likely = isolated([one, other], known, 'holder');
    if (likely.length === 0) return [];
    const likelyOnly = `${ofTwo(one, asker, likely)}, if there the templates of both agreements find the same`;
    // While both are about one key, the holder itself refuses the second question.
    if (personIn(one) === personIn(other)) return [finding('remark', other, likelyOnly)];
    return [finding('fault', other, `${likelyOnly}: their subject keys differ, so that no holder could see it`)];
  });
  const [last] = checks.slice(-1);
  if (last === undefined || checks.length < 3 || found.some(({ severity }) => severity === 'fault')) return found;
  return [...found, ...ofAll(asker, checks, known).map((message) => finding('fault', last, message))];
}

function ofTwo(one: Check, { id }: Asker, flags: readonly string[]): string {
  return `its outcomes and those of ${one.file} about one person tell ${id} the flag of ${inWords(flags)}`;
}

function ofAll({ id }: Asker, checks: readonly Check[], known: ReadonlySet<string>): string[] {
  const together = isolatedBy(checks.map(combined('template')), withTemplates(known, checks));
  const all = `the outcomes of all ${checks.length} checks that ${id} may ask tell it, about one person, the flag of`;
  const tooMany = `${id} may ask more checks than can be judged together`;
  if (together === 'too-many') return [tooMany];
  if (together.length > 0) return [`${all} ${inWords(together.map(holderIn))}`];
  const byPerson = [...Map.groupBy(checks, personIn).values()];
  if (byPerson.length === 1) return [];
  const likely = isolatedBy(checks.map(combined('holder')), known);
  if (likely === 'too-many') return [tooMany];
  // What those about one key tell, their holders refuse.
  const refused = byPerson.flatMap((same) => isolatedBy(same.map(combined('holder')), known));
  const unseen = likely.filter((holder) => !refused.includes(holder));
  if (unseen.length === 0) return [];
  return [
    `${all} ${inWords(unseen)}, if there their templates find the same: their subject keys differ, so that no holder could see it`,
  ];
}

/**
 * By what a check names a person. Holders know two questions for one person's by the same value in the same format; of
 * the formats that are no identifier the field says which it is.
 */
function personIn({ content }: Check): string {
  const format = content.fields[content.subjectKey]?.format;
  return format === 'ni-number' || format === 'nhs-number' ? format : `${format} ${content.subjectKey}`;
}

/** Two organisations would have to put together what they were told. */
function acrossOrganisations(one: Check, other: Check): Finding[] {
  if (askersOf(one).some((asker) => askersOf(other).some((each) => isSameOrganisation(each, asker)))) return [];
  const found = isolated([one, other], new Set(), 'template');
  if (found.length === 0) return [];
  const [first, second] = [one, other].map((check) => inWords(askersOf(check).map(({ id }) => id)));
  const message = `${first} and ${second}, who put together their outcomes about one person, learn the flag of ${inWords(found)} (with ${one.file})`;
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
