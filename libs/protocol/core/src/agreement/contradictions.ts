// Where an agreement contradicts itself, though every part of it is well formed. Plain sentences, for who drafts it.
import { canonicalBytes } from '../canonical.js';
import type { CheckAgreement } from './check.js';
import { mostListBytes, type SetAgreement } from './set.js';
import { mostAgreementBytes } from './terms.js';

export type Contradiction = [path: (string | number)[], message: string];

export function contradictionsOf(content: CheckAgreement | SetAgreement): Contradiction[] {
  return [
    ...ofParties(content),
    ...ofHolders(content),
    ...(content.kind === 'check' ? ofCheck(content) : ofSet(content)),
    ...ofLimits(content),
    ...ofEmbargo(content),
    ...ofSize(content),
    ...(content.validity.from >= content.validity.until
      ? [[['validity'], 'ends before it begins'] satisfies Contradiction]
      : []),
  ];
}

/** What is erased cannot be counted any more. */
function ofLimits({ limits, retentionDays }: CheckAgreement | SetAgreement): Contradiction[] {
  if (limits === undefined) return [];
  if (Object.keys(limits).length === 0) return [[['limits'], 'limits nothing']];
  return Object.entries(limits).flatMap(([name, limit]): Contradiction[] =>
    limit !== undefined && 'withinSeconds' in limit && limit.withinSeconds > retentionDays * 86_400
      ? [[['limits', name, 'withinSeconds'], 'looks back further than anything is kept']]
      : [],
  );
}

function ofEmbargo(content: CheckAgreement | SetAgreement): Contradiction[] {
  if (content.kind === 'set') return [];
  const { afterSeconds = 0 } = content.tellsSubject;
  const isErased = afterSeconds >= content.retentionDays * 86_400;
  return isErased ? [[['tellsSubject', 'afterSeconds'], 'nothing is left to be told by then']] : [];
}

function ofSize(content: CheckAgreement | SetAgreement): Contradiction[] {
  const { length } = canonicalBytes(content);
  if (length <= mostAgreementBytes) return [];
  return [[[], `${length} bytes, more than the ${mostAgreementBytes} of which one letter can tell the parties`]];
}

function ofParties(content: CheckAgreement | SetAgreement): Contradiction[] {
  const found: Contradiction[] = [];
  const kinds = new Map(content.parties.map((each) => [each.id, each.kind]));
  if (kinds.size !== content.parties.length) found.push([['parties'], 'a party is named twice']);
  const identities = new Set(content.parties.map((each) => each.identity));
  if (identities.size !== content.parties.length) found.push([['parties'], 'two parties have one identity']);
  const wanted = { coordinator: 1, aggregator: 1, portal: content.kind === 'check' ? 1 : 0 };
  for (const [kind, count] of Object.entries(wanted)) {
    if (content.parties.filter((each) => each.kind === kind).length !== count)
      found.push([['parties'], count === 1 ? `must name one ${kind}` : `must name no ${kind}`]);
  }
  const askers = new Set(content.askers.map(({ requester }) => requester));
  if (askers.size !== content.askers.length) found.push([['askers'], 'a requester is named twice']);
  content.askers.forEach(({ requester }, index) => {
    if (kinds.get(requester) !== 'requester') found.push([['askers', index, 'requester'], 'must be a requester']);
  });
  return found;
}

function ofHolders(content: CheckAgreement | SetAgreement): Contradiction[] {
  const found: Contradiction[] = [];
  const holders = content.holders.map((holder) => holder.id);
  const named = content.parties.filter((each) => each.kind === 'holder').map((each) => each.id);
  if (new Set(holders).size !== holders.length) found.push([['holders'], 'a holder is named twice']);
  if (holders.length !== named.length || !holders.every((id) => named.includes(id)))
    found.push([['holders'], 'must be the parties of kind holder']);
  content.holders.forEach((holder, index) => {
    const at = (key: string) => ['holders', index, key];
    if (!holder.receives.every((each) => Object.hasOwn(content.fields, each)))
      found.push([at('receives'), 'unknown field']);
    if (new Set(holder.receives).size !== holder.receives.length) found.push([at('receives'), 'a field twice']);
    if (holder.template.author === holder.template.reviewer)
      found.push([at('template'), 'author and reviewer must be two people']);
  });
  const { combination } = content;
  if (typeof combination === 'object' && combination.atLeast > holders.length)
    found.push([['combination'], 'more than there are holders']);
  return found;
}

function ofCheck({ holders, subjectKey }: CheckAgreement): Contradiction[] {
  return holders.flatMap(({ receives }, index): Contradiction[] =>
    receives.includes(subjectKey) ? [] : [[['holders', index, 'receives'], 'must have the subject key']],
  );
}

function ofSet({ keys, release, holders, limits, record }: SetAgreement): Contradiction[] {
  const found: Contradiction[] = [];
  const labels = keys.map(({ label }) => label);
  if (new Set(labels).size !== labels.length) found.push([['keys'], 'a label twice']);
  keys.forEach(({ fields }, index) => {
    if (new Set(fields.map(({ name }) => name)).size !== fields.length)
      found.push([['keys', index, 'fields'], 'a field twice']);
  });
  const formats = new Map<string, string>();
  for (const { name, format } of keys.flatMap(({ fields }) => fields)) {
    if ((formats.get(name) ?? format) !== format) found.push([['keys'], 'a field in two formats']);
    formats.set(name, format);
  }
  holders.forEach(({ releases }, index) => {
    const at = ['holders', index, 'releases'];
    if (new Set(releases).size !== releases.length) found.push([at, 'a field twice']);
    if (release === 'count' && releases.length > 0) found.push([at, 'a count releases nothing']);
    if (release !== 'count' && releases.length === 0) found.push([at, 'must name what is released']);
  });
  // What people approve travels in one letter: for each record a proof by every other holder, and then the record.
  const listed = Math.max(4 + 17 * (holders.length - 1), 16 + record.bytes + 16);
  if (release === 'on-approval' && limits.matches.most * listed > mostListBytes)
    found.push([['limits', 'matches', 'most'], 'more than one letter carries for approval']);
  const { novelty } = limits;
  if (novelty !== undefined && novelty.most > 0 && novelty.least > novelty.most)
    found.push([['limits', 'novelty'], 'the least is more than the most']);
  if (limits.matches.least > limits.matches.most * holders.length)
    found.push([['limits', 'matches'], 'the least is more than the most']);
  return found;
}
