// Compares what is imported with boundaries.mjs. Plain data in, plain data out: the same check runs on the real graph and
// on graphs that must fail.
import { allowedImports, libraries, parties, type PartyKind, tools, vocabularies } from '../../boundaries.mjs';
import type { ImportGraph } from './import-graph.js';

const apps = Object.values(parties).map(({ app }) => app);
// These play every party and are no part of any: every library is theirs to use, and no app's source.
const outsiders = ['app:sandbox', 'app:tests', 'app:bench', 'library:test-mesh'];
// Real servers and parties for specs, and the table itself: lint says which files may use them.
const forAll = ['library:test-servers', 'library:test-mesh', 'root'];

/** The tags that a project may import, or `undefined` where the table does not know the project. */
export function allowedFor(tag: string): string[] | undefined {
  if (outsiders.includes(tag)) return [...Object.keys(libraries).map((name) => `library:${name}`), ...forAll];
  if (forAll.includes(tag)) return [];
  const name = tag.replace(/^(app|library):/, '');
  const ofApp = apps.includes(name) ? allowedImports(name) : tools[name];
  const allowed = tag.startsWith('app:') ? ofApp : libraries[name];
  return allowed && [...allowed.map((library) => `library:${library}`), ...forAll];
}

/** `<project> -> <import>` for each import that the table does not allow. */
export function forbiddenImports(graph: ImportGraph): string[] {
  return Object.entries(graph).flatMap(([tag, imports]) => {
    const allowed = allowedFor(tag);
    if (allowed === undefined) return [`${tag} is not in boundaries.mjs`];
    return imports.filter((target) => !allowed.includes(target)).map((target) => `${tag} -> ${target}`);
  });
}

/** The vocabularies that a party's app can reach by any chain of imports, and does not speak. */
export function overheard(graph: ImportGraph, kind: PartyKind): string[] {
  const { app, speaks } = parties[kind];
  const reached = reach(graph, `app:${app}`);
  const unspoken = Object.entries(vocabularies).filter(([vocabulary]) => !speaks.some((own) => own === vocabulary));
  return unspoken.map(([, library]) => library).filter((library) => reached.has(`library:${library}`));
}

function reach(graph: ImportGraph, from: string, reached = new Set<string>()): Set<string> {
  for (const target of graph[from] ?? []) {
    if (reached.has(target) || forAll.includes(target)) continue;
    reached.add(target);
    reach(graph, target, reached);
  }
  return reached;
}
