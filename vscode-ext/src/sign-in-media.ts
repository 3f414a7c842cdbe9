import { env, FileSystemError, type SecretStorage, UIKind, Uri, workspace } from 'vscode'
import type { Medium } from './oauth/vault.ts'

const secretName = 'karvdash.tokens'

/** What the windows of this VS Code have in common. A browser gives each of its windows a copy of the secrets as they were when it loaded. */
export function sharedMedium(secrets: SecretStorage, folder: Uri): Medium {
  return env.uiKind === UIKind.Desktop ? inSecrets(secrets) : inFile(Uri.joinPath(folder, 'tokens'))
}

function inSecrets(secrets: SecretStorage): Medium {
  return {
    get: async () => secrets.get(secretName),
    set: async (text) => secrets.store(secretName, text),
    remove: async () => secrets.delete(secretName),
  }
}

function inFile(file: Uri): Medium {
  const unlessMissing = (failure: unknown) => {
    if (!(failure instanceof FileSystemError) || failure.code !== 'FileNotFound') throw failure
    return undefined
  }
  return {
    get: () => Promise.resolve(workspace.fs.readFile(file)).then((bytes) => new TextDecoder().decode(bytes), unlessMissing),
    set: async (text) => workspace.fs.writeFile(file, new TextEncoder().encode(text)),
    remove: async () => Promise.resolve(workspace.fs.delete(file)).catch(unlessMissing),
  }
}
