// The data of server-sent events (WHATWG HTML, 9.2.6), however the stream is cut into pieces. What had no end yet when
// the stream broke off was no event.

const longest = 64 * 1024;

/** Throws a RangeError at an event that does not end. */
export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  let data: string[] = [];
  for await (const line of linesOf(bytes)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n');
      [rest, data] = ['', []];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line[5] === ' ' ? 6 : 5));
      rest += line;
    }
    if (rest.length > longest) throw new RangeError('an event that does not end');
  }
}

async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of bytes) {
    const text = rest + decoder.decode(piece, { stream: true });
    // A carriage return at the end may be half a line break.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\r|\n/);
    rest = (lines.pop() ?? '') + text.slice(whole.length);
    if (rest.length > longest) throw new RangeError('a line that does not end');
    yield* lines;
  }
}
