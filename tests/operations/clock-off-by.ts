/** Options by which all of a process sees another time; its timers run as ever. */
export function clockOffBy(milliseconds: number): string[] {
  const shifted = `const True = Date;
    globalThis.Date = class Date extends True {
      constructor(...given) { super(...(given.length === 0 ? [Date.now()] : given)); }
      static now() { return True.now() + ${milliseconds}; }
    };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(shifted)}`];
}
