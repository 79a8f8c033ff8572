// How many bytes the broker has received so far, from all parties, as its status page says (`in_bytes` of /varz).

/** `monitoring`: the address of the broker's status pages. */
export async function bytesTakenIn(monitoring: string): Promise<number> {
  const response = await fetch(`${monitoring}/varz`);
  const said: unknown = await response.json();
  const bytes: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, 'in_bytes') : undefined;
  if (typeof bytes !== 'number') throw new Error('the broker does not say what it has received');
  return bytes;
}
