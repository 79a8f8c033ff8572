// Who may know what, as code. The lint rule, the import-graph test, the broker's accounts and the table in the README
// are derived from this file or checked against it. A change here is a change of the promise: review it as one.

/**
 * The four vocabularies of messages. Asking knows the person, answering knows a holder's word, outcome knows what was
 * concluded; core is safe for everyone. Only the subject's own portal ever holds all of them.
 */
export const vocabularies = {
  core: 'protocol',
  asking: 'protocol-asking',
  answering: 'protocol-answering',
  outcome: 'protocol-outcome',
};

/** Each kind of party, the app that it runs, and the vocabularies that this app may speak. */
export const parties = {
  requester: { app: 'requester-ui', speaks: ['core', 'asking', 'outcome'] },
  coordinator: { app: 'coordinator', speaks: ['core'] },
  holder: { app: 'lqi', speaks: ['core', 'asking', 'answering'] },
  aggregator: { app: 'aggregator', speaks: ['core', 'answering', 'outcome'] },
  portal: { app: 'appeal-portal', speaks: ['core', 'asking', 'answering', 'outcome'] },
};

/** Libraries that are no vocabulary, and the libraries that each may import. */
export const libraries = {
  protocol: [],
  'protocol-asking': ['protocol'],
  'protocol-answering': ['protocol'],
  'protocol-outcome': ['protocol'],
  blind: ['protocol'],
  psi: ['protocol'],
  trust: ['protocol'],
  store: [],
  certificates: [],
  evidence: ['protocol', 'store'],
  receipts: ['protocol', 'protocol-answering', 'protocol-outcome', 'blind', 'trust', 'evidence'],
  api: ['protocol'],
  runtime: ['protocol'],
  web: ['protocol', 'runtime', 'store'],
  standing: ['protocol', 'trust', 'store'],
  courier: ['protocol', 'trust', 'store', 'evidence', 'standing', 'runtime'],
  examples: ['protocol', 'trust'],
  founding: ['protocol', 'trust', 'runtime', 'courier', 'examples', 'certificates'],
};

/** What each app may import beside its vocabularies. No app imports another. */
export const plumbing = {
  'requester-ui': ['trust', 'store', 'standing', 'evidence', 'runtime', 'web', 'courier', 'psi'],
  coordinator: ['trust', 'store', 'evidence', 'runtime', 'courier'],
  lqi: ['trust', 'store', 'standing', 'evidence', 'runtime', 'web', 'courier', 'blind', 'psi', 'api'],
  aggregator: ['trust', 'store', 'evidence', 'runtime', 'courier', 'blind', 'psi'],
  'appeal-portal': ['trust', 'store', 'evidence', 'runtime', 'web', 'courier', 'blind'],
};

/**
 * Apps that no party's questions pass through, and what they may import: no vocabulary but core, so that nothing that they
 * write can name a person or tell a holder's word. `mesh query ask` carries what a caseworker typed to the requester's
 * own node, unread. By `receipts` an auditor has masked words added up again, unread.
 */
export const tools = {
  cli: ['protocol', 'trust', 'store', 'standing', 'evidence', 'receipts', 'runtime', 'api', 'certificates'],
};

/** How subjects call each kind of party. */
const placeOf = {
  requester: 'requester.<id>',
  coordinator: 'coordinator',
  holder: 'lqi.<id>',
  aggregator: 'aggregator',
  portal: 'portal',
};

const kinds = ['requester', 'coordinator', 'holder', 'aggregator', 'portal'];

/** From each kind of party to each, and between two requesters or two holders: of the others a mesh has one. */
function betweenParties(receivers, hop) {
  return receivers.flatMap((to) =>
    kinds
      .filter((from) => from !== to || from === 'requester' || from === 'holder')
      .map((from) => ({ ...hop, from, to, subject: `mesh.${placeOf[to]}.${hop.message}` })),
  );
}

/**
 * Every hop of every message: who sends, who receives, on which subject, carried how. `vocabulary` is what the
 * receiver of this hop may read; what is sealed inside to somebody else is opaque to it. `stream`: durable, at least
 * once. `reply`: request and reply. `<id>` is the receiving party's id.
 */
export const hops = [
  {
    message: 'ask',
    vocabulary: 'core',
    from: 'requester',
    to: 'coordinator',
    subject: 'mesh.coordinator.ask',
    carried: 'reply',
  },
  {
    message: 'dispatch',
    vocabulary: 'core',
    from: 'coordinator',
    to: 'holder',
    subject: 'mesh.lqi.<id>.dispatch',
    carried: 'stream',
  },
  {
    message: 'expect',
    vocabulary: 'core',
    from: 'coordinator',
    to: 'aggregator',
    subject: 'mesh.aggregator.expect',
    carried: 'stream',
  },
  {
    message: 'retract',
    vocabulary: 'core',
    from: 'requester',
    to: 'coordinator',
    subject: 'mesh.coordinator.retract',
    carried: 'stream',
  },
  {
    message: 'retract',
    vocabulary: 'core',
    from: 'coordinator',
    to: 'holder',
    subject: 'mesh.lqi.<id>.retract',
    carried: 'stream',
  },
  {
    message: 'retract',
    vocabulary: 'core',
    from: 'coordinator',
    to: 'aggregator',
    subject: 'mesh.aggregator.retract',
    carried: 'stream',
  },
  {
    message: 'answer',
    vocabulary: 'answering',
    from: 'holder',
    to: 'aggregator',
    subject: 'mesh.aggregator.answer',
    carried: 'stream',
  },
  {
    message: 'refusal',
    vocabulary: 'answering',
    from: 'holder',
    to: 'aggregator',
    subject: 'mesh.aggregator.answer',
    carried: 'stream',
  },
  {
    message: 'exchange',
    vocabulary: 'asking',
    from: 'holder',
    to: 'holder',
    subject: 'mesh.lqi.<id>.exchange',
    carried: 'stream',
  },
  {
    message: 'tokens',
    vocabulary: 'answering',
    from: 'holder',
    to: 'aggregator',
    subject: 'mesh.aggregator.tokens',
    carried: 'stream',
  },
  {
    message: 'matched',
    vocabulary: 'answering',
    from: 'aggregator',
    to: 'holder',
    subject: 'mesh.lqi.<id>.matched',
    carried: 'stream',
  },
  {
    message: 'release',
    vocabulary: 'answering',
    from: 'holder',
    to: 'aggregator',
    subject: 'mesh.aggregator.release',
    carried: 'stream',
  },
  {
    message: 'progress',
    vocabulary: 'core',
    from: 'holder',
    to: 'aggregator',
    subject: 'mesh.aggregator.progress',
    carried: 'stream',
  },
  {
    message: 'progress',
    vocabulary: 'core',
    from: 'aggregator',
    to: 'coordinator',
    subject: 'mesh.coordinator.progress',
    carried: 'stream',
  },
  {
    message: 'progress',
    vocabulary: 'core',
    from: 'coordinator',
    to: 'requester',
    subject: 'mesh.requester.<id>.progress',
    carried: 'stream',
  },
  // What the coordinator passes on to the requester, unread.
  ...['outcome', 'matches', 'receipt'].flatMap((message) => [
    {
      message,
      vocabulary: 'core',
      from: 'aggregator',
      to: 'coordinator',
      subject: `mesh.coordinator.${message}`,
      carried: 'stream',
    },
    {
      message,
      vocabulary: 'core',
      from: 'coordinator',
      to: 'requester',
      subject: `mesh.requester.<id>.${message}`,
      carried: 'stream',
    },
  ]),
  {
    message: 'testimony',
    vocabulary: 'answering',
    from: 'holder',
    to: 'aggregator',
    subject: 'mesh.aggregator.testimony',
    carried: 'stream',
  },
  {
    message: 'slip',
    vocabulary: 'core',
    from: 'portal',
    to: 'coordinator',
    subject: 'mesh.coordinator.slip',
    carried: 'reply',
  },
  {
    message: 'explain',
    vocabulary: 'answering',
    from: 'portal',
    to: 'aggregator',
    subject: 'mesh.aggregator.explain',
    carried: 'reply',
  },
  {
    message: 'recheck',
    vocabulary: 'core',
    from: 'portal',
    to: 'coordinator',
    subject: 'mesh.coordinator.recheck',
    carried: 'stream',
  },
  {
    message: 'recheck',
    vocabulary: 'core',
    from: 'coordinator',
    to: 'requester',
    subject: 'mesh.requester.<id>.recheck',
    carried: 'stream',
  },
  ...betweenParties(['requester', 'coordinator', 'holder', 'aggregator'], {
    message: 'checkpoint',
    vocabulary: 'core',
    carried: 'stream',
  }),
  ...betweenParties(kinds, { message: 'notice', vocabulary: 'core', carried: 'stream' }),
];

/** The libraries that an app may import: its vocabularies, and its plumbing. */
export function allowedImports(app) {
  const kind = Object.values(parties).find((party) => party.app === app);
  if (kind === undefined) throw new Error(`no party runs ${app}`);
  return [...kind.speaks.map((vocabulary) => vocabularies[vocabulary]), ...plumbing[app]];
}
