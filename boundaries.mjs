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
  courier: ['protocol', 'trust', 'store', 'evidence', 'runtime'],
  standing: ['protocol', 'trust', 'store'],
  examples: ['protocol', 'trust'],
  founding: ['protocol', 'trust', 'runtime', 'courier', 'examples', 'certificates'],
};

/** What each app may import beside its vocabularies. No app imports another. */
export const plumbing = {
  'requester-ui': ['trust', 'store', 'evidence', 'runtime', 'web', 'courier', 'psi'],
  coordinator: ['trust', 'store', 'evidence', 'runtime', 'courier'],
  lqi: ['trust', 'store', 'evidence', 'runtime', 'web', 'courier', 'blind', 'psi', 'api'],
  aggregator: ['trust', 'store', 'evidence', 'runtime', 'courier', 'blind', 'psi'],
  'appeal-portal': ['trust', 'store', 'evidence', 'runtime', 'web', 'courier', 'blind'],
};

/**
 * Apps that no party's questions pass through, and what they may import: no vocabulary but core, so that nothing that they
 * write can name a person or tell a holder's word. `mesh query ask` carries what a caseworker typed to the requester's
 * own node, unread. By `receipts` an auditor has masked words added up again, unread.
 */
export const tools = {
  cli: ['protocol', 'trust', 'store', 'evidence', 'receipts', 'api', 'certificates'],
};

/** Where each kind of party takes what others say of their evidence logs. */
const checkpointOf = {
  requester: 'mesh.requester.<id>.checkpoint',
  coordinator: 'mesh.coordinator.checkpoint',
  holder: 'mesh.lqi.<id>.checkpoint',
  aggregator: 'mesh.aggregator.checkpoint',
};

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
  ...['requester', 'coordinator', 'holder', 'aggregator'].flatMap((to) =>
    ['requester', 'coordinator', 'holder', 'aggregator', 'portal']
      .filter((from) => from !== to || from === 'requester' || from === 'holder')
      .map((from) => ({
        message: 'checkpoint',
        vocabulary: 'core',
        from,
        to,
        subject: checkpointOf[to],
        carried: 'stream',
      })),
  ),
];

/** The libraries that an app may import: its vocabularies, and its plumbing. */
export function allowedImports(app) {
  const kind = Object.values(parties).find((party) => party.app === app);
  if (kind === undefined) throw new Error(`no party runs ${app}`);
  return [...kind.speaks.map((vocabulary) => vocabularies[vocabulary]), ...plumbing[app]];
}
