// What is compiled from kernel/assembly (kernel/README.md), opened.
import { readFile } from 'node:fs/promises';

/** Addresses that its functions give are byte offsets into the memory, which never grows. */
export interface Opened {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** The part of the engine's WebAssembly that is used here: TypeScript has its types only for browsers. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: unknown } }>;
};

// The same place as seen from src/ and from dist/.
const folder = new URL('../../../kernel/dist/', import.meta.url);

/** The file's exports; `undefined` if it is not built, or V8 does not know its instructions. */
export async function openKernelFile<Kernel extends Opened>(name: string): Promise<Kernel | undefined> {
  const bytes = await bytesOf(name);
  if (bytes === undefined || !WebAssembly.validate(bytes)) return undefined;
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports as Kernel;
}

async function bytesOf(name: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(new URL(name, folder));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

/** Does some work, and puts the memory back after it to what it was when this was called: before any secret. */
export function wiperOf({ memory }: Opened): <Result>(work: () => Result) => Result {
  const bytes = new Uint8Array(memory.buffer);
  const clean = bytes.slice();
  return (work) => {
    try {
      return work();
    } finally {
      bytes.set(clean);
    }
  };
}
