// What a receipt proves, disproves, or leaves open, each with the sentence that a person reads.

export interface Statement {
  /** `open`: what would prove it is not in the receipt. */
  readonly is: 'proven' | 'wrong' | 'open';
  readonly about: 'agreement' | 'asking' | 'answers' | 'outcome' | 'log';
  readonly party?: string;
  readonly text: string;
}

type About = Statement['about'];

export function proven(about: About, text: string, party?: string): Statement {
  return { is: 'proven', about, text, ...(party === undefined ? {} : { party }) };
}

export function wrong(about: About, text: string, party?: string): Statement {
  return { is: 'wrong', about, text, ...(party === undefined ? {} : { party }) };
}

export function open(about: About, text: string, party?: string): Statement {
  return { is: 'open', about, text, ...(party === undefined ? {} : { party }) };
}
