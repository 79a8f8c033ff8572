import { describe, expect, it } from '@jest/globals';
import { agreement, type Agreement, type HolderTerms } from '@anonymesh/protocol';
import { stringify } from 'yaml';
import { wholeCheck, wholeSet } from '../../../../tests/mesh/whole-agreements.js';
import { parseYaml } from '../yaml-flaws.js';
import { lintAgreements } from './lint-agreements.js';

/** What the lint says of the time for deciding. `approval`: of all holders, where it is not what the agreement says. */
function remarksOn(content: Agreement, approval?: HolderTerms['approval']): string[] {
  const holders = content.holders.map((holder) => ({ ...holder, approval: approval ?? holder.approval }));
  const text = stringify({ ...content, holders });
  const parsed = parseYaml('one.yaml', text, agreement);
  if (!parsed.ok) throw new Error(parsed.flaws.map(({ path, message }) => `${path} ${message}`).join());
  const findings = lintAgreements([{ file: 'one.yaml', content: parsed.value, flawAt: parsed.flawAt }], '2026-06-01');
  return findings
    .filter(({ rule }) => rule === 'time-to-decide')
    .map(({ severity, flaw }) => {
      expect(severity).toBe('remark');
      expect(text.split('\n')[flaw.line - 1]).toMatch(/^deadlineSeconds:/);
      return flaw.message;
    });
}

describe('the lint of agreements under which people decide', () => {
  it.each(['each query', 'each query by two people'] as const)('remarks on minutes for approving %s', (approval) => {
    const [remark = '', ...others] = remarksOn({ ...wholeCheck, deadlineSeconds: 60 }, approval);
    expect(others).toEqual([]);
    expect(remark).toMatch(/leaves people who must approve 50 seconds/);
    expect(remark).toMatch(/Give them 4 hours \(14400\) or more$/);
  });

  it('remarks where one holder of many asks its people', () => {
    const [first, ...rest] = wholeCheck.holders.map((holder) => ({ ...holder, approval: 'none' as const }));
    if (first === undefined) throw new Error('there is a holder');
    const holders = [...rest, { ...first, approval: 'each query' as const }];
    expect(remarksOn({ ...wholeCheck, holders, deadlineSeconds: 60 })).toHaveLength(1);
  });

  it('remarks on records that people approve one by one', () => {
    const set = { ...wholeSet, release: 'on-approval' as const, deadlineSeconds: 600 };
    expect(remarksOn(set, 'none')).toHaveLength(1);
    expect(remarksOn({ ...set, release: 'on-match' }, 'none')).toEqual([]);
  });

  it('says nothing of four hours, or where machines alone decide', () => {
    expect(remarksOn({ ...wholeCheck, deadlineSeconds: 14_400 })).toEqual([]);
    expect(remarksOn({ ...wholeCheck, deadlineSeconds: 14_399 })).toHaveLength(1);
    expect(remarksOn({ ...wholeCheck, deadlineSeconds: 60 }, 'none')).toEqual([]);
  });
});
