// Between whom a set query is measured.
/** The two holders of what is measured, in byte order of their ids. */
export const holders = ['health-trust', 'police'] as const;
export type Holder = (typeof holders)[number];
