import type { Authority } from './certificates.ts'

/** All that the configuration of a node is made of. */
export interface NodePlan {
  name: string
  domain: string
  serviceDomain: string
  httpsPort: number
  /** The instance's data. */
  folder: string
  /** Images of the mirror: shared by all instances, since they are only copies of what can be built again. */
  mirrorFolder: string
  nodeIp: string
  hostIp: string
  authority: Authority
  /** Certificate of the authority that the ingress controller's is signed by. */
  webAuthorityFile: string
  durable: boolean
}
