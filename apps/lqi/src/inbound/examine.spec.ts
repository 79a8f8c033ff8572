import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BodyOf, dispatch } from '@anonymesh/protocol';
import { makeSetMesh } from '../fixtures/set-mesh.js';
import { makeParties, makeParty } from '../../../../tests/mesh/make-parties.js';
import {
  checkOf,
  makeDispatch,
  makeLqiMesh,
  person,
  taxTemplate,
  type DispatchOptions,
  type LqiMesh,
} from '../fixtures/made-dispatch.js';
import { examine, type Holder, type No } from './examine.js';
import type { Question } from './question.js';

let mesh: LqiMesh;
beforeAll(async () => {
  mesh = await makeLqiMesh();
});

interface Circumstances {
  readonly holder?: Holder;
  readonly coordinator?: LqiMesh['coordinator'];
  readonly now?: number;
  readonly queryId?: string;
}

async function examined(options: DispatchOptions = {}, given: Circumstances = {}): Promise<Question | No> {
  const { holder = mesh.holder('hmrc'), coordinator = mesh.coordinator, now = Date.now() } = given;
  const { body, queryId } = await makeDispatch(mesh, 'hmrc', options);
  return examine({ body, queryId: given.queryId ?? queryId }, coordinator, holder, now);
}

const codeOf = (found: Question | No) => ('code' in found ? found.code : 'taken');
const refused = async (options: DispatchOptions, given: Circumstances = {}) => codeOf(await examined(options, given));
const minute = 60_000;

describe('a dispatch', () => {
  it('is taken up with the agreed fields, the pinned template and the keys of others', async () => {
    const question = checkOf(await examined());
    const fields = Object.entries(question.fields).map(([name, value]) => [name, value.reveal()]);
    expect(Object.fromEntries(fields)).toEqual({ niNumber: person.niNumber, birthDate: person.birthDate });
    expect(question.template.id).toBe('tax-returns');
    expect([...question.maskKeys.others.keys()]).toEqual(['dwp', 'council']);
    expect(question.due).toBe(question.verified.manifest.issuedAt + 55_000);
    expect(JSON.stringify(question.fields)).not.toContain(person.niNumber);
  });

  it.each<[string, DispatchOptions, string]>([
    ['asks about fewer holders', { manifest: ({ parts }) => ({ parts: parts.slice(0, 2) }) }, 'parts-not-matching'],
    [
      'asks about a holder more',
      {
        manifest: ({ parts: [one, ...parts] }) => ({
          parts: [{ holder: 'police', hash: one?.hash ?? '' }, ...(one ? [one] : []), ...parts],
        }),
      },
      'parts-not-matching',
    ],
    [
      'asks about another holder',
      {
        manifest: ({ parts }) => ({
          parts: parts.map((part) => (part.holder === 'dwp' ? { ...part, holder: 'police' } : part)),
        }),
      },
      'parts-not-matching',
    ],
    [
      'asks one holder twice',
      { manifest: ({ parts: [one, two] }) => ({ parts: [one, two, one].flatMap((part) => part ?? []) }) },
      'parts-not-matching',
    ],
    ['asks in a role that may not ask', { manifest: () => ({ role: 'minister' }) }, 'role-not-allowed'],
    ['is late', { manifest: () => ({ issuedAt: Date.now() - minute }) }, 'deadline-passed'],
    ['is from the future', { manifest: () => ({ issuedAt: Date.now() + 6 * minute }) }, 'from-the-future'],
    [
      'has the part of another holder',
      { body: (_body, parts) => ({ part: parts.get('dwp') ?? '' }) },
      'parts-not-matching',
    ],
    ['has a part of the coordinator’s own', { body: () => ({ part: 'e30.AA.AA.AA.AA' }) }, 'parts-not-matching'],
    [
      'has a part that its manifest moved here from another query',
      { manifest: () => ({ nonce: 'A'.repeat(22) }) },
      'part-not-bound',
    ],
    [
      'names no mask key of one holder',
      { body: ({ maskKeys: { dwp: _dwp, ...rest } }) => ({ maskKeys: rest }) },
      'unknown-key',
    ],
    [
      'names a mask key of one too many',
      { body: ({ maskKeys }) => ({ maskKeys: { ...maskKeys, police: maskKeys['dwp'] ?? '' } }) },
      'unknown-key',
    ],
    [
      'names one holder’s mask key for another',
      { body: ({ maskKeys }) => ({ maskKeys: { ...maskKeys, dwp: maskKeys['council'] ?? '' } }) },
      'unknown-key',
    ],
    [
      'names our own mask key for another',
      { body: ({ maskKeys }) => ({ maskKeys: { ...maskKeys, dwp: maskKeys['hmrc'] ?? '' } }) },
      'unknown-key',
    ],
    [
      'names a mask key that nobody published',
      { body: ({ maskKeys }) => ({ maskKeys: { ...maskKeys, dwp: makeParty('dwp', 'holder').mask?.kid ?? '' } }) },
      'unknown-key',
    ],
    [
      'names a mask key of ours that we do not have',
      { body: ({ maskKeys }) => ({ maskKeys: { ...maskKeys, hmrc: maskKeys['dwp'] ?? '' } }) },
      'unknown-key',
    ],
    ['is by a requester who is no asker', { requester: 'council' }, 'wrong-sender'],
    ['has a manifest that is not signed', { body: () => ({ manifest: 'e30.e30.AA' }) }, 'malformed'],
  ])('that %s is refused', async (_what, options, code) => {
    expect(await refused(options)).toBe(code);
  });

  it('with a signature of another key than the requester’s is refused', async () => {
    const honest = await makeDispatch(mesh, 'hmrc');
    const [head, payload, signature = ''] = honest.body.manifest.split('.');
    const forged = [
      head,
      payload,
      `${signature.slice(0, 10)}${signature[10] === 'A' ? 'B' : 'A'}${signature.slice(11)}`,
    ];
    const body = { ...honest.body, manifest: forged.join('.') };
    expect(codeOf(examine({ ...honest, body }, mesh.coordinator, mesh.holder('hmrc'), Date.now()))).toBe(
      'bad-signature',
    );
  });

  it('of one query with the manifest of another is refused, in the envelope as in the part', async () => {
    const [one, other] = [await makeDispatch(mesh, 'hmrc'), await makeDispatch(mesh, 'hmrc')];
    const look = (body: typeof one.body, queryId: string) =>
      codeOf(examine({ body, queryId }, mesh.coordinator, mesh.holder('hmrc'), Date.now()));
    expect(look(other.body, one.queryId)).toBe('query-differs');
    expect(look({ ...one.body, manifest: other.body.manifest }, other.queryId)).toBe('parts-not-matching');
    expect(look({ ...one.body, part: other.body.part }, one.queryId)).toBe('parts-not-matching');
    expect(look(one.body, one.queryId)).toBe('taken');
  });

  it('from a coordinator that the agreement does not pin is refused, and nobody is told', async () => {
    const { coordinator } = mesh;
    const holderAsCoordinator = { ...mesh.coordinator, id: 'dwp', identity: mesh.parties.party('dwp').identity.kid };
    for (const other of [
      { ...coordinator, identity: makeParty('coordinator', 'coordinator').identity.kid },
      { ...coordinator, id: 'other-coordinator' },
      holderAsCoordinator,
    ])
      expect(await examined({}, { coordinator: other })).toEqual({ code: 'key-not-pinned', agreement: undefined });
  });

  it('under an agreement that is unknown, or that one party has not signed, is refused', async () => {
    const { agreement, parties } = mesh;
    const signers = parties.all.map(({ id }) => id).filter((id) => id !== 'council');
    const partly = await parties.agree({ ...agreement.content, version: 2 }, signers);
    expect(await refused({}, { holder: mesh.holder('hmrc', partly) })).toBe('unknown-agreement');
    expect(await refused({ agreement: partly }, { holder: mesh.holder('hmrc', partly) })).toBe('agreement-not-signed');
    const late = { agreement: partly, manifest: () => ({ issuedAt: Date.now() - minute }) };
    expect(await refused(late, { holder: mesh.holder('hmrc', partly) })).toBe('deadline-passed'); // nobody is told
  });

  it('under a draft that we have not signed is refused, and nobody is told', async () => {
    const { agreement, parties } = mesh;
    const others = parties.all.map(({ id }) => id).filter((id) => id !== 'hmrc');
    const draft = await parties.agree({ ...agreement.content, version: 2 }, others);
    const asked = examined({ agreement: draft }, { holder: mesh.holder('hmrc', draft) });
    expect(await asked).toEqual({ code: 'agreement-not-signed', agreement: undefined });
  });

  it('under an agreement that is over, or that does not name us, is refused', async () => {
    const over = await mesh.parties.agree({
      ...mesh.agreement.content,
      validity: { from: '2024-01-01', until: '2024-12-31' },
    });
    expect(await refused({ agreement: over }, { holder: mesh.holder('hmrc', over) })).toBe('agreement-not-in-force');
    const stranger = { ...mesh.holder('hmrc'), id: 'police' };
    expect(await refused({}, { holder: stranger })).toBe('not-for-you');
  });

  it('under an agreement that pins another template is refused', async () => {
    const { agreement, parties } = mesh;
    expect(await refused({ agreement: parties.agreement }, { holder: mesh.holder('hmrc', parties.agreement) })).toBe(
      'template-not-pinned',
    );
    const swapped = agreement.content.holders.map((terms) => {
      return {
        ...terms,
        template: { ...terms.template, reviewer: terms.template.author, author: terms.template.hash },
      };
    });
    const other = await parties.agree({ ...agreement.content, holders: swapped });
    expect(await refused({ agreement: other }, { holder: mesh.holder('hmrc', other) })).toBe('template-not-pinned');
  });

  it('by a requester with another identity than the agreement pins is refused', async () => {
    const impostors = await makeParties({ requesters: ['immigration', 'childrens-services'] });
    const { directory } = impostors;
    const { body, queryId } = await makeDispatch({ ...mesh, parties: impostors }, 'hmrc');
    const holder = { ...mesh.holder('hmrc'), trust: { ...mesh.holder('hmrc').trust, directory } };
    expect(examine({ body, queryId }, mesh.coordinator, holder, Date.now())).toEqual({
      code: 'key-not-pinned',
      agreement: undefined,
    });
  });

  it('that cannot be opened with a key of ours is refused', async () => {
    const other = mesh.parties.party('dwp').keyring;
    const keyring = { ...mesh.parties.party('hmrc').keyring, sealing: other.sealing };
    expect(await refused({}, { holder: { ...mesh.holder('hmrc'), keyring } })).toBe('unknown-key');
  });

  it('tells the aggregator only where the question was authentic', async () => {
    const told = async (options: DispatchOptions, given?: Circumstances) =>
      ((await examined(options, given)) as No).agreement?.hash;
    expect(await told({ body: () => ({ part: 'e30.AA.AA.AA.AA' }) })).toBe(mesh.agreement.hash);
    expect(await told({ body: () => ({ manifest: 'e30.e30.AA' }) })).toBe(undefined);
    expect(await told({}, { queryId: 'ab'.repeat(16) })).toBe(undefined);
  });
});

describe('a dispatch of a set query', () => {
  const examineSet = async (
    change: (body: BodyOf<typeof dispatch>) => Partial<BodyOf<typeof dispatch>> = () => ({}),
  ) => {
    const sets = await makeSetMesh(['health-trust', 'police']);
    const agreement = await sets.agree();
    const { queryId, bodies } = await sets.ask(agreement);
    const { id, kind, identity } = sets.parties.party('coordinator');
    const trust = { directory: sets.parties.directory, agreements: sets.agreements };
    const { keyring } = sets.parties.party('police');
    const body = bodies.get('police') as BodyOf<typeof dispatch>;
    const look = (templates = sets.templates) => {
      const holder = { id: 'police', keyring, trust, templates };
      return examine(
        { body: { ...body, ...change(body) }, queryId },
        { id, kind, identity: identity.kid },
        holder,
        Date.now(),
      );
    };
    return { look, agreement, queryId };
  };

  it('is taken up with its template and the keys of others, and no person', async () => {
    const { look, agreement, queryId } = await examineSet();
    const question = look();
    expect(question).toMatchObject({ kind: 'set', queryId, fields: {}, agreement: agreement.content });
    if ('code' in question) throw new Error(question.code);
    expect([...question.maskKeys.others.keys()]).toEqual(['health-trust']);
  });

  it('is refused where it pins a template of a check, or is told of wrong keys or another part', async () => {
    const { look } = await examineSet();
    expect(codeOf(look(() => taxTemplate))).toBe('source-unfit');
    const keyless = await examineSet(() => ({ maskKeys: {} }));
    expect(codeOf(keyless.look())).toBe('unknown-key');
    const moved = await examineSet(() => ({ part: 'e30.AA.AA.AA.AA' }));
    expect(codeOf(moved.look())).toBe('parts-not-matching');
  });

  it('under an agreement of checks is refused, and a check under one of sets', async () => {
    const sets = await makeSetMesh(['hmrc', 'dwp', 'council']);
    const { agreement: check } = sets.parties;
    const asked = await sets.ask({ ...(await sets.agree({ askers: check.content.askers })), hash: check.hash });
    const { id, kind, identity } = sets.parties.party('coordinator');
    const trust = { directory: sets.parties.directory, agreements: new Map([[check.hash, check]]) };
    const holder = { id: 'hmrc', keyring: sets.parties.party('hmrc').keyring, trust, templates: sets.templates };
    const body = asked.bodies.get('hmrc') as BodyOf<typeof dispatch>;
    const examinedOf = examine(
      { body, queryId: asked.queryId },
      { id, kind, identity: identity.kid },
      holder,
      Date.now(),
    );
    expect(codeOf(examinedOf)).toBe('malformed');
  });
});
