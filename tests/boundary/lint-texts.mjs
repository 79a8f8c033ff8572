// Lints texts as if they were files of this workspace, with its own configuration: [{ file, text }] as JSON on standard
// input, the ids of the rules that each breaks on standard output. Rules that need types are off, for there is no file.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const untyped = tseslint.configs.disableTypeChecked;
const switchedOff = { ...untyped.rules, '@typescript-eslint/switch-exhaustiveness-check': 'off' };
const eslint = new ESLint({ overrideConfig: { ...untyped, files: ['**/*.ts'], rules: switchedOff } });

const broken = [];
for (const { file, text: source } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(source, { filePath: file });
  broken.push(result.messages.map(({ ruleId }) => ruleId ?? 'no rule'));
}
process.stdout.write(JSON.stringify(broken));
