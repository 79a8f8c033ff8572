import { beforeAll, describe, expect, it } from '@jest/globals';
import { ownAgreements, type OwnAgreement } from '../agreed/own-agreements.js';
import { makeLqiMesh } from '../fixtures/made-dispatch.js';
import { SourceFault } from '../sources/source-fault.js';
import type { Source, Statement } from '../sources/source.js';
import { checkAgreements } from './check-agreements.js';
import { checkRights } from './check-rights.js';
import { checkSource } from './check-source.js';

let own: OwnAgreement;
beforeAll(async () => {
  const mesh = await makeLqiMesh();
  [own] = ownAgreements(mesh.holder('hmrc'), Date.now()) as [OwnAgreement];
});

describe('agreements', () => {
  const stateOf = (...agreements: readonly OwnAgreement[]) => checkAgreements(agreements).state;

  it('are well where all can be answered under, and last', () => {
    expect(stateOf({ ...own, daysLeft: 100 })).toBe('well');
    expect(stateOf({ ...own, daysLeft: 100 }, { ...own, faults: ['over'] })).toBe('well');
  });

  it('want attention where there is none, one is held up, or one ends soon', () => {
    expect(stateOf()).toBe('attention');
    expect(stateOf({ ...own, daysLeft: 3 })).toBe('attention');
    const held = checkAgreements([
      { ...own, daysLeft: 100 },
      { ...own, faults: ['not-signed'] },
    ]);
    expect(held).toMatchObject({ state: 'attention', todo: expect.stringContaining('who has not signed') });
  });

  it('that wait for another party want attention, by its name, and do not make this node unready', () => {
    const waiting = { ...own, faults: ['waiting'] as const, inWords: 'waiting for the node of DWP to say so' };
    expect(checkAgreements([waiting])).toMatchObject({
      state: 'attention',
      code: 'agreement-waits',
      reason: expect.stringContaining('node of DWP'),
    });
    expect(stateOf({ ...own, daysLeft: 100 }, { ...own, faults: ['withdrawn'] })).toBe('well');
    const held = checkAgreements([
      { ...own, daysLeft: 100 },
      { ...own, faults: ['in-conflict'] },
    ]);
    expect(held).toMatchObject({ state: 'attention', code: 'agreement-held-up' });
  });

  it('fail where none is in force', () => {
    expect(stateOf({ ...own, faults: ['template-missing'] })).toBe('failing');
  });
});

describe('the database', () => {
  const sourceOf = (run: (statement: Statement) => Promise<readonly []>): Source => ({
    run,
    stream: () => {
      throw new Error('no set');
    },
    close: async () => undefined,
  });

  it('is asked for next to nothing, and is well where it answers', async () => {
    const asked: Statement[] = [];
    const source = sourceOf(async (statement) => {
      asked.push(statement);
      return [];
    });
    expect((await checkSource(source, [own])).state).toBe('well');
    expect(asked).toEqual([{ kind: 'sql', dialect: 'sqlite', text: 'select 1 as answer' }]);
  });

  it.each(['unavailable', 'timeout', 'statement', 'too-many-rows'] as const)(
    'that answers %s is failing, and what to do is told, but not what the driver said',
    async (code) => {
      const found = await checkSource(
        sourceOf(() => Promise.reject(new SourceFault(code, new Error('password of AB123456C')))),
        [own],
      );
      expect(found.state).toBe('failing');
      expect(found.todo.length).toBeGreaterThan(10);
      expect(JSON.stringify(found)).not.toContain('AB123456C');
    },
  );

  it('is not looked at where no template says how', async () => {
    const source = sourceOf(() => Promise.reject(new Error('asked')));
    expect((await checkSource(source, [])).state).toBe('unknown');
    expect((await checkSource(source, [{ ...own, template: undefined }])).state).toBe('unknown');
  });
});

describe('the account in the config file', () => {
  it('that may write is warned of; nobody is frightened where that is not known', async () => {
    expect(await checkRights(async () => true)).toMatchObject({ state: 'attention', code: 'database-may-write' });
    expect((await checkRights(async () => false)).state).toBe('well');
    expect((await checkRights(async () => undefined)).state).toBe('unknown');
  });
});
