/** A path in a domain as the API wants it: no slash at either end, no empty names. */
export function cleaned(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
}

/** The path of an entry of a folder. */
export function inside(folder: string, name: string): string {
  return cleaned(`${folder}/${name}`)
}

/** The folder that an entry is in; '' is the domain's root. */
export function folderOf(path: string): string {
  return cleaned(path).split('/').slice(0, -1).join('/')
}

/** The name of an entry. */
export function nameOf(path: string): string {
  return cleaned(path).split('/').at(-1) ?? ''
}

/** A path whose name does not begin with its drive's: JupyterLab offers `local:Untitled.ipynb` as a name in a drive's root. */
export function withoutDrive(drive: string, path: string): string {
  const name = nameOf(path)
  return name.startsWith(`${drive}:`) ? inside(folderOf(path), name.slice(drive.length + 1)) : cleaned(path)
}

/** The name of what nobody has named yet: `untitled.txt`, `untitled1.txt`, `Untitled Folder 1`. */
export function untitledName(type: string, extension: string, count: number): string {
  const number = count === 0 ? '' : String(count)
  if (type === 'directory') return count === 0 ? 'Untitled Folder' : `Untitled Folder ${number}`
  return type === 'notebook' ? `Untitled${number}.ipynb` : `untitled${number}${extension}`
}
