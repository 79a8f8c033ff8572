import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agreement, base64url, type Agreement } from '@anonymesh/protocol';
import { newKey, publicBytes } from '@anonymesh/trust';
import { parse } from 'yaml';
import { atRiskChildren } from './folder.js';
import { readSetTemplate } from './try-set.js';

const names = readdirSync(join(atRiskChildren, 'templates')).map((file) => file.replace(/\.yaml$/, ''));

interface Draft {
  parties: { id: string; identity: string }[];
  holders: { id: string; receives: string[]; releases: string[]; template: Record<string, string> }[];
  keys: { fields: { name: string }[] }[];
  auditor: { name: string; contact: string };
  fields: Record<string, unknown>;
}

const readDraft = (name: string) => parse(readFileSync(join(atRiskChildren, `${name}.yaml`), 'utf8')) as Draft;

/** As it is filled in at signing, with anything that looks like a fingerprint. */
function filled(draft: Draft): unknown {
  let next = 0;
  const print = () => Buffer.alloc(32, ++next).toString('base64url');
  const template = () => ({ hash: print(), author: print(), reviewer: print() });
  const parties = draft.parties.map((party) => ({ ...party, identity: print() }));
  const auditor = { ...draft.auditor, sealing: base64url(publicBytes(newKey('X25519'))) };
  return { ...draft, parties, auditor, holders: draft.holders.map((holder) => ({ ...holder, template: template() })) };
}

describe.each(['agreement', 'at-least-two'])('the draft %s', (name) => {
  const draft = readDraft(name);

  it('is an agreement once fingerprints and hashes are filled in', () => {
    const content: Agreement = agreement.parse(filled(draft));
    expect(content.kind).toBe('set');
    expect(agreement.safeParse(draft).success).toBe(false);
  });

  it('has a template for each holder, written and reviewed by different ones', () => {
    for (const { id, template } of draft.holders) {
      expect(names.some((each) => each.split('.')[0] === id)).toBe(true);
      expect(template['author']).not.toBe(template['reviewer']);
    }
  });

  it('gives each template what it asks for, and gets a column for each field of the keys and of the release', () => {
    const ofKeys = draft.keys.flatMap(({ fields }) => fields.map((field) => field.name));
    for (const { id, receives, releases } of draft.holders)
      for (const each of names.filter((candidate) => candidate.split('.')[0] === id)) {
        const content = readSetTemplate(each);
        expect(content.parameters).toEqual(receives);
        const code = content.kind === 'sql' ? content.statement : JSON.stringify(content.stages);
        for (const column of [...ofKeys, ...releases]) expect(code).toContain(column);
      }
  });

  it('releases no key that only serves to match: neither NHS numbers nor where a child lives', () => {
    for (const { releases } of draft.holders)
      expect(releases.filter((field) => ['nhsNumber', 'postcode'].includes(field))).toEqual([]);
  });
});

describe('the two drafts', () => {
  it('agree on everything but the third holder and what follows from it', () => {
    const [both, three] = [readDraft('agreement'), readDraft('at-least-two')];
    expect(three.holders.slice(0, 2)).toEqual(both.holders);
    expect(three.keys).toEqual(both.keys);
    expect(three.parties.filter(({ id }) => id !== 'schools')).toEqual(both.parties);
  });
});

describe('the police’s templates', () => {
  it('differ between databases in their statement only', () => {
    const [sqlite, ...others] = ['sqlite', 'postgresql', 'mysql'].map((dialect) => {
      const content = readSetTemplate(`police.${dialect}`);
      expect(content).toMatchObject({ kind: 'sql', dialect });
      return { ...content, dialect: '', statement: '' };
    });
    for (const other of others) expect(other).toEqual(sqlite);
  });
});
