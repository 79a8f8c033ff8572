// Tells the story on the terminal, step by step.
export interface Teller {
  chapter(title: string): void;
  step(text: string): void;
  line(text: string): void;
}

export function openTeller(write: (text: string) => void): Teller {
  let step = 0;
  return {
    chapter: (title) => {
      step = 0;
      write(`\n${title}\n${'='.repeat(title.length)}\n`);
    },
    step: (text) => {
      step += 1;
      write(`\n${step}. ${text}\n`);
    },
    line: (text) => write(`   ${text}\n`),
  };
}
