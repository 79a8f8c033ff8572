// approvals: somebody at a holder decides which queries are evaluated, and which own records are released. Nobody else
// learns which way it went but by the outcome; the reason of a no stays at the holder.
import { approvalList, type Decision } from '@anonymesh/api';
import { Command } from 'commander';
import { nodeOptions, type NodeOptions } from '../calling/node-options.js';
import { openNode } from '../calling/open-node.js';
import { No } from '../telling/no.js';
import type { Say } from '../telling/run.js';
import { done } from '../telling/told.js';
import { listWords } from './waiting.js';

const ending = `
Exit codes: 0 listed, or decided; 2 used wrongly; 3 the node has refused: the role, nothing of that id that waits,
decided already by you; 4 the node does not answer. An id that begins with - goes last, after --.`;

const longestReason = 1000;

export function approvalsCommands(say: Say): Command {
  const approvals = new Command('approvals').description('what waits for a person at a holder, and the decision');

  nodeOptions(approvals.command('list'))
    .description('show the queries, and the own records that matched, on which nobody has decided')
    .action(async (at: NodeOptions) => {
      const list = await openNode(at).call(approvalList, 'GET', '/api/v1/approvals');
      say(done(listWords(list), list));
    });

  nodeOptions(approvals.command('approve'))
    .description('let a query be evaluated, or a record be released')
    .argument('<id>', 'of the query or the record')
    .action(async (id: string, at: NodeOptions) => {
      await decide(at, id, { decision: 'approve' });
      say(done(`${id}: approved`, { id, decision: 'approve' }));
    });

  nodeOptions(approvals.command('refuse'))
    .description('refuse it; one no is enough')
    .argument('<id>', 'of the query or the record')
    .requiredOption('--reason <text>', 'why; it stays at this holder. Name nobody in it')
    .action(async (id: string, { reason, ...at }: NodeOptions & { reason: string }) => {
      await decide(at, id, { decision: 'refuse', reason: reasonOf(reason) });
      say(done(`${id}: refused`, { id, decision: 'refuse' }));
    });
  for (const command of [approvals, ...approvals.commands]) command.addHelpText('after', ending);
  return approvals;
}

async function decide(at: NodeOptions, id: string, body: Decision): Promise<void> {
  if (!/^[\w-]{1,64}$/.test(id)) throw new No('usage', 'not an id, as `mesh approvals list` shows them');
  await openNode(at).send('POST', `/api/v1/approvals/${id}`, { body });
}

function reasonOf(given: string): string {
  const reason = given.trim();
  if (reason === '') throw new No('usage', 'a refusal needs a reason');
  if (reason.length > longestReason) throw new No('usage', `a reason has at most ${longestReason} characters`);
  return reason;
}
