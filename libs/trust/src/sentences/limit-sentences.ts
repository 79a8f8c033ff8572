// How much may be asked under an agreement, and above or below which sizes nothing is released.
import type { Agreement, AtMost } from '@anonymesh/protocol';
import type { Said } from './section.js';
import { duration, number } from './wording.js';

export function limitSentences(content: Agreement): Said[] {
  const { limits } = content;
  const perSubject = content.kind === 'check' ? content.limits?.perSubject : undefined;
  const asked: Said[] = [
    ...often('per person', perSubject, 'One person may be asked about', 'by whomever'),
    ...often('per requester', limits?.perRequester, 'Each requester may ask'),
    ...often('per agreement', limits?.perAgreement, 'All requesters together may ask'),
  ];
  if (content.kind === 'check') return asked;
  const { records, matches, novelty } = content.limits;
  return [
    ...asked,
    ['records', `No holder’s set is larger than ${number(records.most)} records.`],
    ['most matches', `If more than ${number(matches.most)} records of one holder match, nothing is released.`],
    ['least matches', `If fewer than ${number(matches.least)} people match, nothing is released.`],
    ...(novelty === undefined ? [] : [['novelty', noveltyOf(novelty)] satisfies Said]),
    ['record size', `A released record is at most ${number(content.record.bytes)} bytes.`],
  ];
}

function often(key: string, limit: AtMost | undefined, who: string, by?: string): Said[] {
  if (limit === undefined) return [];
  const times = limit.most === 1 ? 'once' : `${number(limit.most)} times`;
  return [[key, `${who} ${times} within ${duration(limit.withinSeconds)}${by === undefined ? '' : `, ${by}`}.`]];
}

function noveltyOf({ least, most }: { readonly least: number; readonly most: number }): string {
  const same = 'If a requester asks again, a holder’s set must be the same';
  return most === 0
    ? `${same}.`
    : `${same}, or at least ${number(least)} and at most ${number(most)} of its records new or gone.`;
}
