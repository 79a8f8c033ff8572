// The check of all certificates that a node uses, and how many days they last, for the operator's monitoring: by what they
// are for, not whose they are.
import { amiss, well, type Check, type Found } from '../wellness/check.js';
import { daysLeft, judgeCertificate, type Certified } from './judge-certificate.js';

export interface Secured {
  readonly party: string;
  readonly certified: readonly Certified[];
  /** Machines to which this node talks without TLS. */
  readonly plainly: readonly string[];
}

export function certificatesCheck({ party, certified, plainly }: Secured): Check {
  const roles = certified.map(({ role }) => role);
  return {
    name: 'certificates',
    look: async () => judgeAll({ party, certified, plainly }),
    lost: amiss(
      'certificate-unreadable',
      'The certificates cannot be looked at.',
      'Look at the paths in the config file.',
    ),
    measure: (metrics) => {
      if (roles.length === 0) return;
      metrics.gauge({
        name: 'anonymesh_certificate_days_left',
        help: 'Days until a certificate runs out that this node uses, or the last authority that it accepts, by use',
        labels: { role: roles },
        read: async () =>
          certified.map((each) => ({ labels: { role: each.role }, value: Math.floor(daysLeft(each) ?? 0) })),
      });
    },
  };
}

function judgeAll({ party, certified, plainly }: Secured): Found {
  const found = certified.flatMap((each) => judgeCertificate(each, party) ?? []);
  const worst = found.find(({ state }) => state === 'failing') ?? found[0];
  if (worst !== undefined) return worst;
  const remote = plainly.filter((host) => !isThisMachine(host));
  if (remote.length > 0) {
    const reason = `This node talks to ${[...new Set(remote)].join(', ')} without TLS.`;
    return amiss('connection-without-tls', reason, 'Give the files of its TLS in the config file.', 'attention');
  }
  const days = Math.floor(Math.min(...certified.map((each) => daysLeft(each) ?? Infinity)));
  return well(
    certified.length === 0
      ? 'This node uses no certificate, and talks to its own machine alone.'
      : `The certificates are as they must be, for ${days} days more.`,
  );
}

export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host) || host === '';
}
