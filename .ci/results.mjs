// What Jest's results say: `failed FIRST` lists the suites that failed; `counts FIRST SECOND` the tests, after those of the
// second run have taken the places of the same suites in the first.
import { existsSync, readFileSync } from 'node:fs';

const [, , command, first, second] = process.argv;
const say = (line) => process.stdout.write(`${line}\n`);
const suites = new Map(suitesOf(first));

if (command === 'failed') {
  for (const [name, { status }] of suites) if (status === 'failed') say(name);
} else {
  for (const [name, suite] of second !== undefined && existsSync(second) ? suitesOf(second) : []) {
    if (suite.status !== 'failed') say(`unsteady: ${name} failed, and passed by itself`);
    suites.set(name, suite);
  }
  // Once more at the end, where a long output is still read.
  for (const { name, message } of [...suites.values()].filter(({ status }) => status === 'failed'))
    say(`failed: ${name}\n${message.split('\n').slice(0, 60).join('\n')}`);
  const tests = [...suites.values()].flatMap(({ assertionResults }) => assertionResults);
  const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  // A suite that cannot be loaded has no tests.
  const broken = [...suites.values()].filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = count('failed') + broken + (suites.size === 0 ? 1 : 0);
  say(`${count('passed')} passed, ${failed} failed, ${count('pending', 'todo', 'skipped', 'disabled')} skipped`);
}

function suitesOf(file) {
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, 'utf8')).testResults.map((suite) => [suite.name, suite]);
}
