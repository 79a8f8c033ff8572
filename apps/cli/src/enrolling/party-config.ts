// The config of a new party's node, with comments for who fills in the rest: what nobody but its organisation knows.
import type { PartyKind } from '@anonymesh/protocol';
import { stringify } from 'yaml';
import type { PartyOptions } from './party-options.js';
import { recordsOf } from './records-of.js';

/** `options` are sound. */
export function partyConfig(options: PartyOptions): string {
  const { kind, id, name, broker, operator, port } = options;
  // A name is somebody's text: as a comment of more than one line it would be configuration.
  const title = JSON.stringify(name).slice(1, -1);
  return `# The node of ${title}. Every key is described in docs/configuration.md; paths start at this file's folder.
${yaml({ party: id })}

# ${callers[kind]}
# Nothing of the mesh calls in: the node itself calls the broker.
listen: { host: 127.0.0.1, port: ${Number(port)} }
# Metrics and what is amiss, for your Prometheus: on this machine alone, without sign-in (docs/operations.md).
# monitoring: { port: 9464 }

broker:
  servers: ${JSON.stringify(broker)}
  seed: keys/broker.seed
  # ca.pem and tls.pem come back from the operator.
  tls: { ca: trust/ca.pem, certificate: trust/tls.pem, key: keys/tls-key.pem }

keys:
  signing: keys/signing.pem
  sealing: [keys/sealing.pem]
${kind === 'holder' ? '  mask: [keys/mask.pem]\n' : ''}  # keys/identity.pem signs entries and agreements alone: take it off this machine.

trust:
  directory: trust/directory.json
  # The public key of the mesh's operator, whom this node believes about who is in the mesh.
  ${yaml({ operator })}
  agreements: trust/agreements

# What the node itself keeps. In production better PostgreSQL: { kind: postgres, url: keys/store.url, tls: … }
store: { kind: embedded, file: state/store.sqlite }
${own[kind](options)}`;
}

/** In one line. */
const yaml = (value: object) => stringify(value, { lineWidth: 0 }).trim();

/** Who calls at the node's own port. */
const callers: Readonly<Record<PartyKind, string>> = {
  requester: 'Its API and pages, for your own people: behind a proxy that speaks TLS, or with listen.tls.',
  coordinator: 'Whether it is well, for your own people.',
  holder: 'Its API, for your own people; with the parts oidc and pages a console as well (docs/console.md).',
  aggregator: 'Whether it is well, for your own people.',
  portal: 'Its API and pages, for subjects: behind a proxy that speaks TLS, or with listen.tls.',
};

/** What the config of one kind alone has. */
const own: Readonly<Record<PartyKind, (options: PartyOptions) => string>> = {
  requester: (options) => `
# Where your caseworkers sign in. This API has the name under audience there; tokens bear the claim roles.
${oidc(options)}
${pages('caseworkers', 'https://checks.example.org')}`,
  coordinator: () => '',
  holder: ({ records = 'postgres' }) => `
${recordsOf[records]}
templates: templates
`,
  aggregator: () => `
# Tokens of set queries that wait for others: of this process alone.
spool: state/spool
`,
  portal: (options) => `
# Where subjects prove who they are. This API has the name under audience there; under identityClaim goes the claim with
# the verified identity, which agreements call the subject key.
${oidc(options)}  identityClaim: ni_number
${pages('subjects', 'https://appeals.example.org')}
# The proxies before the portal, as addresses or networks: without them everybody comes from the proxy's address.
proxies: []
`,
};

/** No address: the node says that it is none, until it is filled in. */
const unknownIssuer = '<the address of your identity provider, exactly as it writes itself>';

function oidc({ id, issuer = unknownIssuer }: PartyOptions): string {
  return `oidc:
  ${yaml({ issuer })}
  audience: urn:anonymesh:${id}
`;
}

function pages(people: string, publicUrl: string): string {
  return `# The pages for ${people}; without them there is the API alone. Below publicUrl, /signed-in is the redirect URI. The session's
# secret: openssl rand -base64 48. Both secrets have mode 0600.
# pages:
#   publicUrl: ${publicUrl}
#   issuer: the same as under oidc
#   clientId: the name of this app as a client there
#   clientSecret: keys/pages-client.secret
#   sessionSecret: keys/pages-session.secret
`;
}
