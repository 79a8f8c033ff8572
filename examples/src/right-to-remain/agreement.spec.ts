import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { rightToRemain } from './folder.js';
import { applicant } from './samples.js';
import { readTemplate } from './try-template.js';

interface Agreement {
  parties: { id: string; kind: string }[];
  fields: Record<string, unknown>;
  subjectKey: string;
  holders: { id: string; receives: string[]; template: { author: string; reviewer: string } }[];
}

const agreement = parse(readFileSync(join(rightToRemain, 'agreement.yaml'), 'utf8')) as Agreement;
const templates = readdirSync(join(rightToRemain, 'templates')).map((file) => file.replace(/\.yaml$/, ''));
const receivedByAll = agreement.holders
  .map(({ receives }) => new Set(receives))
  .reduce((all, some) => new Set([...all].filter((field) => some.has(field))));

describe('the draft agreement', () => {
  it('names every holder as a party, and each has a template', () => {
    const parties = agreement.parties.filter(({ kind }) => kind === 'holder').map(({ id }) => id);
    expect(agreement.holders.map(({ id }) => id)).toEqual(parties);
    for (const holder of parties) expect(templates.some((name) => name.split('.')[0] === holder)).toBe(true);
  });

  it('has every template reviewed by somebody other than its author', () => {
    for (const { template } of agreement.holders) expect(template.reviewer).not.toBe(template.author);
  });

  it('gives each holder only fields that it defines, the subject key among them', () => {
    for (const { receives } of agreement.holders) {
      expect(receives).toContain(agreement.subjectKey);
      for (const field of receives) expect(Object.keys(agreement.fields)).toContain(field);
    }
    expect(Object.keys(applicant.fields)).toEqual(Object.keys(agreement.fields));
  });
});

describe('the templates', () => {
  it.each(templates)('%s is asked only with what every holder receives, and the day', (name) => {
    const template = readTemplate(name);
    const parameters = template['parameters'] as string[];
    for (const parameter of parameters) expect([...receivedByAll, 'asOf']).toContain(parameter);
    const placed = template['kind'] === 'sql' ? /:(\w+)/g : /"\$param":"(\w+)"/g;
    const named = JSON.stringify(template['statement'] ?? template['stages']).matchAll(placed);
    expect(new Set(Array.from(named, ([, parameter]) => parameter))).toEqual(new Set(parameters));
  });

  it.each(templates)('%s gives only reasons that it explains', (name) => {
    const { reason, reasons, statement } = readTemplate(name) as Record<string, string> & { reasons: object };
    const given = Array.from((statement ?? '').matchAll(/(?:THEN|ELSE) '([a-z-]+)'/g), ([, code]) => code);
    for (const code of [reason, ...given]) expect(Object.keys(reasons)).toContain(code);
  });

  it.each(['hmrc', 'council'])('of %s differ between databases in their statement only', (holder) => {
    const variants = ['sqlite', 'postgresql', 'mysql'].map((dialect) => {
      const template = readTemplate(`${holder}.${dialect}`);
      expect(template['dialect']).toBe(dialect);
      return { ...template, dialect: '', statement: '' };
    });
    expect(variants[1]).toEqual(variants[0]);
    expect(variants[2]).toEqual(variants[0]);
  });
});
