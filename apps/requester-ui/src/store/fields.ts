// A person's fields in the requester's own store: it asked about this person, and needs them for a re-check.
import { Withheld, type SubjectFields } from '@anonymesh/protocol-asking';
import { z } from 'zod';

const written = z.record(z.string(), z.string());

export function writeFields(fields: SubjectFields): string {
  return JSON.stringify(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.reveal()])));
}

export function readFields(text: string): SubjectFields {
  const fields = written.parse(JSON.parse(text));
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, new Withheld(value)]));
}
