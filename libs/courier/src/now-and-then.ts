// What happens again and again is said the first time and then once a minute, with how often it happened: nobody who makes
// it happen fills the log.

const every = 60_000;

export function nowAndThen<Given extends unknown[]>(say: (times: number, ...given: Given) => void) {
  let next = -Infinity;
  let times = 0;
  return (...given: Given): void => {
    times += 1;
    if (performance.now() < next) return;
    next = performance.now() + every;
    say(times, ...given);
    times = 0;
  };
}
