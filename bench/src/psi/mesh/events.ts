// The data of server-sent events (HTML, section 9.2.6), as they come.

/** Yields the `data` of each event, parsed as JSON. Throws a SyntaxError for what is none. Ends with the stream. */
export async function* dataOfEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of stream) {
    rest += decoder.decode(bytes, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = block.split('\n').filter((line) => line.startsWith('data:'));
      if (lines.length > 0) yield JSON.parse(lines.map((line) => line.slice('data:'.length)).join('\n')) as unknown;
    }
  }
}
