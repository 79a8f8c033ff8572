// A template's code as its author wrote it, for people to read.
import type { Template } from '@anonymesh/trust';
import { stringify } from 'yaml';

export interface TemplateCode {
  readonly language: string;
  readonly code: string;
}

const dialects = { postgresql: 'PostgreSQL', mysql: 'MySQL or MariaDB', sqlite: 'SQLite' } as const;

export function templateCode(template: Template): TemplateCode {
  return template.kind === 'sql'
    ? { language: `SQL for ${dialects[template.dialect]}`, code: template.statement.trim() }
    : {
        language: `Aggregation pipeline on the collection ${template.collection}`,
        code: stringify(template.stages).trim(),
      };
}
