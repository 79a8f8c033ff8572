// Spill files that are needed together are closed when what was done with them has ended, also where one of them could
// not be opened: a fault that is tried again must not leave handles behind each time.

interface Closable {
  close(): Promise<void>;
}

/** Resolves to a file that is being opened, and has it closed in the end. */
export type Open = <File extends Closable>(opening: Promise<File>) => Promise<File>;

export async function whileOpen<Result>(use: (open: Open) => Promise<Result>): Promise<Result> {
  const files: Closable[] = [];
  try {
    return await use(async (opening) => {
      const file = await opening;
      files.push(file);
      return file;
    });
  } finally {
    await closeAll(files);
  }
}

export async function closeAll(files: readonly Closable[]): Promise<void> {
  await Promise.all(files.map((file) => file.close()));
}
