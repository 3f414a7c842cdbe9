import { Uri, workspace } from 'vscode'
import type { Disk } from './disk.ts'

/** In a browser a file is one piece, of memory; VS Code asks the person where it comes from and goes to. */
export const lentDisk: Disk = {
  home: Uri.from({ scheme: 'file', path: '/' }),
  mostBytes: () => 2 ** 30,
  async open(file) {
    const bytes = await workspace.fs.readFile(file)
    const slice = (start: number, end: number) => new Uint8Array(bytes.subarray(start, end))
    return { source: { size: bytes.length, slice }, close: async () => undefined }
  },
  async save(file, chunks) {
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for await (const chunk of chunks) pieces.push(new Uint8Array(chunk))
    await workspace.fs.writeFile(file, new Uint8Array(await new Blob(pieces).arrayBuffer()))
  },
}
