// Where one can go on by hand, and as whom: the pages of every surface, and the APIs behind them.
import { samples } from '@anonymesh/examples';
import {
  administrator,
  approver,
  audienceOf,
  caseworker,
  socialWorker,
  subjectAccount,
  viewer,
  type RunningMesh,
} from '@anonymesh/founding';

export function printAddresses(mesh: RunningMesh, write: (text: string) => void): void {
  const { issuer, clientId, clientSecret, password } = mesh.login;
  const nameOf = (id: string) => {
    const parties = [...mesh.agreements.values()].flatMap((agreement) => agreement.parties);
    return parties.find((party) => party.id === id)?.name ?? id;
  };
  const addresses = (kind: string) =>
    mesh.parties.filter((party) => party.kind === kind).map(({ id }) => line(mesh.url(id), nameOf(id)));
  const people = samples.map(({ fields, givenNames, story }) =>
    line(subjectAccount(fields.niNumber), `${givenNames} ${fields.surname}, ${fields.niNumber}: ${story}`),
  );
  write(`
Now try it yourself. Every password is ${password}

  Caseworkers ask, and see outcomes
${addresses('requester').join('\n')}
  The person asked about finds out why (appeal portal)
${addresses('portal').join('\n')}
  A holder’s own staff look after their node (console)
${addresses('holder').join('\n')}
  The development identity provider, where all of them sign in
${line(issuer, 'knows made-up people only')}

  Accounts: caseworkers
${line(caseworker, `at ${nameOf('immigration')}`)}
${line(socialWorker, `at ${nameOf('childrens-services')}`)}
  Accounts: staff of any holder
${line(viewer, 'viewer')}
${line(approver, 'approver')}
${line(administrator, 'administrator')}
  Accounts: people to ask about
${people.join('\n')}

  Every address has an API, described at /openapi.json. A token for the caseworker:
    curl -s ${issuer}/token -d grant_type=urn:anonymesh:dev-login -d client_id=${clientId} -d client_secret=${clientSecret} \\
      -d username=${caseworker} -d password=${password} -d audience=${audienceOf('immigration')}

Ctrl-C stops everything.
`);
}

function line(what: string, who: string): string {
  return `    ${what.padEnd(24)}  ${who}`;
}
