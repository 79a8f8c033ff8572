// Whether the holder's own database answers: it is asked for next to nothing, in the way of a template that is in force.
import { amiss, unknown, well, type Found } from '@anonymesh/runtime';
import type { Template } from '@anonymesh/trust';
import type { OwnAgreement } from '../agreed/own-agreements.js';
import { SourceFault, type SourceFaultCode } from '../sources/source-fault.js';
import type { Source, Statement } from '../sources/source.js';

export async function checkSource(source: Source, agreements: readonly OwnAgreement[]): Promise<Found> {
  const template = agreements.map((own) => own.template).find((found) => found !== undefined);
  if (template === undefined) {
    const reason = 'No template says how the database is asked, so it was not looked at.';
    return unknown(reason, 'Put the template of an agreement into the folder of templates.');
  }
  try {
    await source.run(nextToNothing(template), {}, { rows: 1, milliseconds: 2000 });
    return well('The database answers.');
  } catch (fault) {
    const code = fault instanceof SourceFault ? fault.code : 'unavailable';
    return amiss(`database-${code}`, words[code].reason, words[code].todo);
  }
}

function nextToNothing(template: Template): Statement {
  return template.kind === 'sql'
    ? { kind: 'sql', dialect: template.dialect, text: 'select 1 as answer' }
    : { kind: 'pipeline', collection: template.collection, stages: [{ $limit: 1 }, { $project: { _id: 1 } }] };
}

const waits = 'Queries wait, and are refused at their deadline.';
const words: Readonly<Record<SourceFaultCode, { readonly reason: string; readonly todo: string }>> = {
  unavailable: {
    reason: `The database cannot be reached or read. ${waits}`,
    todo: 'Look whether it runs, and whether the connection and the account in the config file still hold.',
  },
  timeout: {
    reason: `The database did not answer within two seconds. ${waits}`,
    todo: 'Look at the load of the database.',
  },
  statement: {
    reason: 'The database does not take statements of the kind that the templates are written in.',
    todo: 'Look whether the config file names the database for which the templates were written.',
  },
  'too-many-rows': { reason: 'The database answered more than it was asked.', todo: 'Look at the database.' },
};
