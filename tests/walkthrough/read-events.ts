// Server-sent events as a browser reads them (HTML, section 9.2.6), until the stream ends.

export interface SeenEvent {
  readonly event: string;
  readonly data: unknown;
}

export async function readEvents(response: Response): Promise<readonly SeenEvent[]> {
  const blocks = (await response.text()).split('\n\n').map((block) => block.split('\n'));
  return blocks.flatMap((lines) => {
    const [event, data] = ['event', 'data'].map((name) => valueOf(lines, name));
    return event === undefined || data === undefined ? [] : [{ event, data: JSON.parse(data) as unknown }];
  });
}

function valueOf(lines: readonly string[], name: string): string | undefined {
  return lines
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1)
    .trim();
}
