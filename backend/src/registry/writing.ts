import { mountBlob, putBlob } from './blob-upload.ts'
import type { Registry } from './client.ts'
import { nonsense } from './failures.ts'
import { digestOf, toldDigest } from './manifest-answer.ts'
import { manifestPath } from './paths.ts'
import { dropped, type Send } from './transport.ts'

type Writing = 'putManifest' | 'deleteManifest' | 'mountBlob' | 'putBlob'

/** What changes the registry. */
export function createWriter(send: Send): Pick<Registry, Writing> {
  return {
    async putManifest(repository, reference, { mediaType, content }) {
      const answer = await send({
        ...{
          method: 'PUT',
          path: manifestPath(repository, reference),
          what: `anything be added to ${repository}`,
          accepted: [201],
        },
        ...{ access: [{ repository, actions: ['pull', 'push'] }], headers: { 'content-type': mediaType }, body: content },
      })
      await dropped(answer)
      const digest = digestOf(content)
      if ((toldDigest(answer) ?? digest) !== digest) throw nonsense('it took another manifest than it was sent')
    },
    async deleteManifest(repository, digest) {
      const answer = await send({
        ...{
          method: 'DELETE',
          path: manifestPath(repository, digest),
          what: 'images be deleted',
          accepted: [200, 202, 204, 404],
        },
        access: [{ repository, actions: ['pull', 'delete'] }],
      })
      await dropped(answer)
      return answer.statusCode !== 404
    },
    mountBlob: (repository, digest, from) => mountBlob(send, repository, digest, from),
    putBlob: (repository, content, options) => putBlob(send, repository, content, options),
  }
}
