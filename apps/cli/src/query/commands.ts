// query: asks as the caseworker whose token it is, follows what was asked, and takes it back. Whom it is about comes from
// the input or a file, goes to the organisation's own node, and is not said again.
import { Command } from 'commander';
import { queryId } from '@anonymesh/protocol';
import { z } from 'zod';
import { nodeOptions, type NodeOptions } from '../calling/node-options.js';
import { openNode } from '../calling/open-node.js';
import { No } from '../telling/no.js';
import type { Say } from '../telling/run.js';
import { columns, done } from '../telling/told.js';
import { listWords, queryList } from './query-list.js';
import { hasEnded, passingWords, queryView, tellQuery, tellRetracted } from './query-view.js';
import { readSubject } from './read-fields.js';
import { releasedRecords, tellRecords } from './released-records.js';
import { watch } from './watch.js';

const asked = z.object({ queryId, reference: z.string().max(100).optional(), state: z.enum(['asking', 'waiting']) });

const ending = `
Exit codes: 0 done, or decided; 1 not decided yet (status), or not all could be opened (records); 2 used wrongly; 3 the
node or the mesh has refused; 4 the node does not answer, or not now.`;

export function queryCommands(say: Say): Command {
  const query = new Command('query')
    .description('ask, follow what was asked, and take it back')
    .addHelpText('after', ending);

  nodeOptions(query.command('ask'))
    .description('ask under an agreement; the reference for the applicant is printed now and never again')
    .argument('<agreement>', 'the agreement’s id, such as right-to-remain')
    .option('--subject-file <file>', 'the fields, as JSON or as lines `name: value`; the input unless told', '-')
    .action(async (agreement: string, { subjectFile, ...at }: NodeOptions & { subjectFile: string }) => {
      const node = openNode(at);
      const body = { agreement, subject: await readSubject(subjectFile) };
      const told = await node.call(asked, 'POST', '/api/v1/queries', { body }).catch(perhapsAsked);
      const { queryId: id, reference, state } = told;
      const rows = [['query', id], ...(reference === undefined ? [] : [['reference', reference]]), ['state', state]];
      const next =
        reference === undefined ? [] : ['', 'Give the applicant the reference: nobody can print it a second time.'];
      say(done([...columns(rows), ...next], told));
    });

  nodeOptions(query.command('list'))
    .description('show the queries that you have asked, newest first, 50 at a time')
    .option('--before <query>', 'only those that were asked before this one')
    .action(async ({ before, ...at }: NodeOptions & { before?: string }) => {
      const older = before === undefined ? '' : `?before=${idOf(before)}`;
      const list = await openNode(at).call(queryList, 'GET', `/api/v1/queries${older}`);
      say(done(listWords(list), list));
    });

  nodeOptions(query.command('status'))
    .description('show how a query stands')
    .argument('<query>', 'the query’s id')
    .action(async (given: string, at: NodeOptions) => {
      const id = idOf(given);
      say(tellQuery(sameAs(id, await openNode(at).call(queryView, 'GET', `/api/v1/queries/${id}`))));
    });

  nodeOptions(query.command('watch'))
    .description('follow a query until it has ended; with --json the end alone')
    .argument('<query>', 'the query’s id')
    .action(async (given: string, at: NodeOptions) => {
      for await (const view of watch(openNode(at), idOf(given)))
        if (hasEnded(view)) say(tellQuery(view));
        else say({ lines: [passingWords(view)], ok: true });
    });

  nodeOptions(query.command('retract'))
    .description('take a query back, until it is decided; the same again has no further effect')
    .argument('<query>', 'the query’s id')
    .action(async (given: string, at: NodeOptions) => {
      const id = idOf(given);
      const view = await openNode(at).call(queryView, 'DELETE', `/api/v1/queries/${id}`);
      say(tellRetracted(sameAs(id, view)));
    });

  nodeOptions(query.command('records'))
    .description('show the records that a set query released: they are about people, mind who sees them')
    .argument('<query>', 'the query’s id')
    .action(async (given: string, at: NodeOptions) => {
      const id = idOf(given);
      say(tellRecords(sameAs(id, await openNode(at).call(releasedRecords, 'GET', `/api/v1/queries/${id}/records`))));
    });
  for (const command of query.commands) command.addHelpText('after', ending);
  return query;
}

function idOf(given: string): string {
  const id = queryId.safeParse(given).data;
  if (id === undefined) throw new No('usage', 'not the id of a query: 32 digits and letters from a to f');
  return id;
}

function sameAs<Told extends { readonly queryId: string }>(id: string, told: Told): Told {
  if (told.queryId !== id) throw new No('declined', 'the node tells of another query');
  return told;
}

/** Two askings are two queries: whoever lost the answer must look before asking again. */
function perhapsAsked(cause: unknown): never {
  if (!(cause instanceof No) || cause.kind !== 'unanswered') throw cause;
  const { lines, details } = cause;
  const notAsked = 'sent' in details ? details.sent === false : 'code' in details && details.code !== 'unavailable';
  if (notAsked) throw cause;
  const advice = 'It may have been asked all the same: look for it with `mesh query list` before you ask again.';
  throw new No('unanswered', [...lines, advice], { cause, details });
}
