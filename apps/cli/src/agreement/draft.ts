// A new agreement to fill in. What the directory knows of the parties is in it already; the rest is marked `<…>`, and
// `agreement lint` says where until all of it is filled in.
import type { PartyId } from '@anonymesh/protocol';
import type { Directory } from '@anonymesh/trust';
import { No } from '../telling/no.js';

export interface DraftOptions {
  readonly kind: 'check' | 'set';
  readonly id: string;
  readonly parties: readonly PartyId[];
}

/** YAML with comments. Parties are named by the directory, which knows what each is. */
export function draftAgreement({ kind, id, parties }: DraftOptions, directory: Directory, today: Date): string {
  const members = parties.map((each) => {
    const entry = directory.parties.get(each);
    if (entry === undefined) throw new No('refused', `the directory has no party ${each}`);
    return entry;
  });
  const of = (wanted: string) => members.filter((each) => each.kind === wanted);
  const quoted = (text: string) => JSON.stringify(text);
  const year = today.getUTCFullYear();
  const day = today.toISOString().slice(5, 10).replace('02-29', '02-28');
  return `# What people agree on, and machines obey. Fill in what stands in <…>, then: mesh agreement lint
id: ${id}
version: 1
kind: ${kind}
title: <what it is called>
purpose: <to do what; the person asked about will read it>
legalBasis: <which law lets the parties do this>
parties:
${members.map((each) => `  - { id: ${each.id}, kind: ${each.kind}, name: ${quoted(each.name)}, identity: ${each.fingerprint} }`).join('\n')}
# Who can prove afterwards how questions went: mesh keys new FOLDER --auditor, and its public key here.
# auditor: { name: <who>, contact: <where>, sealing: <public key> }
askers:
${of('requester')
  .map((each) => `  - requester: ${each.id}\n    roles: [<role>]`)
  .join('\n')}
${kind === 'check' ? checkFields : setFields}
holders:
${of('holder')
  .map(
    (each) => `  - id: ${each.id}
    # Only what this holder needs.
    receives: [${kind === 'check' ? 'niNumber' : 'since'}]
${kind === 'check' ? '' : '    releases: [surname, birthDate]\n'}    # mesh template hash FILE
    template: { hash: <of the template>, author: <fingerprint>, reviewer: <fingerprint> }
    # none, each query, or each query by two people. Where people decide, give them time: deadlineSeconds, below.
    approval: none`,
  )
  .join('\n')}
${kind === 'check' ? checkEnding : setEnding}
# Enough for machines. People who must approve need hours or days, such as 86400.
deadlineSeconds: ${kind === 'check' ? 60 : 600}
retentionDays: 30
validity:
  from: '${year}-${day}'
  until: '${year + 1}-${day}'
`;
}

const checkFields = `subjectKey: niNumber
# Formats: ni-number, nhs-number, name, date, postcode, text.
fields:
  niNumber: { format: ni-number, label: National Insurance number }`;

const setFields = `# What the requester gives: the templates' parameters. Formats: ni-number, nhs-number, name, date, postcode, text.
fields:
  since: { format: date, label: Since }
# Two records are of one person if they agree on all fields of a key.
keys:
  - label: person
    fields:
      - { name: surname, format: name }
      - { name: birthDate, format: date }
combination: all
# count, on-match or on-approval.
release: on-match
record: { bytes: 512 }`;

const checkEnding = `# any, all, or { atLeast: 2 }.
combination: any
# How often one person may be asked about, and how much each requester and all together may ask.
limits:
  perSubject: { most: 5, withinSeconds: 86400 }
  perRequester: { most: 1000, withinSeconds: 86400 }
# Which holders had a concern, and why. With reasons: false not why; with afterSeconds: 604800 a week after the answers.
tellsSubject: { concerns: true }`;

const setEnding = `limits:
  perRequester: { most: 4, withinSeconds: 86400 }
  records: { most: 20000 }
  matches: { least: 1, most: 200 }`;
