// The four vocabularies (docs/trust-boundaries.md): who speaks which is written in boundaries.mjs, nowhere else.
export type Vocabulary = 'core' | 'asking' | 'answering' | 'outcome';
