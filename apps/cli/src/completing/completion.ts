// Shell completion: `mesh completion bash` prints what the shell is to read; the shell then asks `mesh complete` for the
// words that may come next.
import { Argument, type Command } from 'commander';
import { done } from '../telling/told.js';
import type { Say } from '../telling/run.js';
import { candidates } from './candidates.js';

const scripts = {
  bash: `_mesh() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(mesh complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _mesh mesh`,
  zsh: `#compdef mesh
_mesh() {
  local -a found
  found=("\${(@f)$(mesh complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "$found" ]] && compadd -a found || _files
}
compdef _mesh mesh`,
  fish: `complete -c mesh -a '(mesh complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};

export function addCompletion(program: Command, say: Say): void {
  program
    .command('completion')
    .description('print the completion script of a shell, such as: source <(mesh completion bash)')
    .addArgument(new Argument('<shell>').choices(Object.keys(scripts)))
    .action((shell: keyof typeof scripts) => say(done(scripts[shell].split('\n'), { shell, script: scripts[shell] })));
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => {
      const found = candidates(program, words);
      say(done(found, { candidates: found }));
    });
}
