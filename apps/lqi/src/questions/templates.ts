// The holder's templates, read from its own folder. Which of them may run, agreements say.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HolderTerms } from '@anonymesh/protocol';
import {
  isPinned,
  readDocument,
  readYaml,
  template,
  templateHashOf,
  templateSignatures,
  type Template,
} from '@anonymesh/trust';

/** The template that the terms pin, if it is here and signed by the author and the reviewer that they name. */
export type Templates = (terms: HolderTerms) => Template | undefined;

/** Throws, naming the file and what is wrong with it. */
export function readTemplates(folder: string): Templates {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const read = files.map((file) => readTemplate(join(folder, file)));
  const byHash = new Map(read.map((each) => [templateHashOf(each.content), each]));
  // Neither these files nor an agreement's terms change while we run: signatures are verified once for each terms.
  const verified = new WeakMap<HolderTerms, { readonly template: Template | undefined }>();
  return (terms) => {
    const known = verified.get(terms);
    if (known !== undefined) return known.template;
    const found = byHash.get(terms.template.hash);
    const pinned = found !== undefined && isPinned(found.content, found.signatures, terms.template);
    const template = pinned ? found.content : undefined;
    verified.set(terms, { template });
    return template;
  };
}

function readTemplate(file: string) {
  const beside = file.replace(/\.yaml$/, '.signatures.json');
  const signatures = existsSync(beside) ? readDocument(beside, templateSignatures, JSON.parse) : [];
  return { content: readYaml(file, template), signatures };
}
