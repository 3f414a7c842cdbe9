import { FileSystemError, type Uri } from 'vscode'
import { type FaultKind, faultOf } from './fault.ts'

const makers: Record<FaultKind, (message: string) => FileSystemError> = {
  FileNotFound: (message) => FileSystemError.FileNotFound(message),
  FileExists: (message) => FileSystemError.FileExists(message),
  FileNotADirectory: (message) => FileSystemError.FileNotADirectory(message),
  FileIsADirectory: (message) => FileSystemError.FileIsADirectory(message),
  NoPermissions: (message) => FileSystemError.NoPermissions(message),
  Unavailable: (message) => FileSystemError.Unavailable(message),
  Unknown: (message) => new FileSystemError(message),
}

/** A failure as VS Code's file browser understands it. What is missing is told by its address, which VS Code words itself. */
export function toFileSystemError(failure: unknown, uri: Uri): FileSystemError {
  if (failure instanceof FileSystemError) return failure
  const { kind, message } = faultOf(failure)
  return kind === 'FileNotFound' ? FileSystemError.FileNotFound(uri) : makers[kind](message)
}
