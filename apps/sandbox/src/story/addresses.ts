// Where one can go on by hand, and as whom.
import { samples } from '@anonymesh/examples';
import { audienceOf, caseworker, subjectAccount, type RunningMesh } from '@anonymesh/founding';

export function printAddresses(mesh: RunningMesh, write: (text: string) => void): void {
  const { issuer, clientId, clientSecret, password } = mesh.login;
  write(`
Now try it yourself
  Caseworkers' API    ${mesh.url('immigration')}/openapi.json
  Appeal portal's API ${mesh.url('appeal-portal')}/openapi.json
  Identity provider   ${issuer}   (development only; every password is ${password})
    ${caseworker.padEnd(18)}  a caseworker
${samples.map(({ fields, givenNames, story }) => `    ${subjectAccount(fields.niNumber).padEnd(18)}  ${givenNames} ${fields.surname}, ${fields.niNumber}: ${story}`).join('\n')}

  A token for the caseworker:
    curl -s ${issuer}/token -d grant_type=urn:anonymesh:dev-login -d client_id=${clientId} -d client_secret=${clientSecret} \\
      -d username=${caseworker} -d password=${password} -d audience=${audienceOf('immigration')}

Ctrl-C stops everything.
`);
}
