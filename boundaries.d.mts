// The types of boundaries.mjs, for the tests and libraries that read it.

export type Vocabulary = 'core' | 'asking' | 'answering' | 'outcome';
export type PartyKind = 'requester' | 'coordinator' | 'holder' | 'aggregator' | 'portal';

export declare const vocabularies: Record<Vocabulary, string>;
export declare const parties: Record<PartyKind, { app: string; speaks: Vocabulary[] }>;
export declare const libraries: Record<string, string[]>;
export declare const plumbing: Record<string, string[]>;
export declare const tools: Record<string, string[]>;
export declare const hops: {
  message: string;
  vocabulary: Vocabulary;
  from: PartyKind;
  to: PartyKind;
  subject: string;
  carried: 'stream' | 'reply';
}[];
export declare function allowedImports(app: string): string[];
