import { say } from '@karvdash/local/progress'
import { endingFigures } from './endings.ts'
import { type Figure, lines } from './figure.ts'
import { gateFigures } from './gate.ts'
import { type Ground, makeTenant, openGround } from './ground.ts'
import { identityFigures } from './identity.ts'
import { launchFigures } from './launch.ts'
import { registryListFigures } from './registry-list.ts'
import { registryUploadFigures } from './registry-upload.ts'
import { scaleFigures } from './scale.ts'
import { signInFigures } from './sign-in.ts'
import { startFigures } from './start.ts'
import { storageFigures } from './storage.ts'
import { webhookFigures } from './webhook.ts'

const families = ['launch', 'webhook', 'gate', 'identity', 'sign-in', 'ends', 'storage', 'registry', 'start', 'scale'] as const
type Family = (typeof families)[number]

const wanted = wantedFamilies(process.argv.slice(2))
const ground = await openGround()
try {
  for (const line of lines(await measured(ground))) console.log(line)
} finally {
  await ground.close()
}

/** Everything that uses a running backend first; then how it starts, with no other beside it. */
async function measured(ground: Ground): Promise<Figure[]> {
  const figures: Figure[] = []
  const backend = await ground.start()
  const client = await makeTenant(backend)
  const measure = async (family: Family, work: () => Promise<Figure[]>) => {
    if (!wanted.has(family)) return
    say(`Measuring ${family}`)
    figures.push(...(await work()))
  }
  await measure('launch', () => launchFigures(ground, client))
  await measure('webhook', () => webhookFigures(ground))
  await measure('gate', () => gateFigures(ground, { backend, client }))
  await measure('identity', () => identityFigures(ground, backend))
  await measure('sign-in', () => signInFigures(ground, backend))
  await measure('ends', () => endingFigures(ground, backend))
  await measure('storage', () => storageFigures(ground, backend))
  await backend.stop()
  await measure('registry', async () => [...(await registryListFigures(ground)), ...(await registryUploadFigures(ground))])
  await measure('start', () => startFigures(ground))
  await measure('scale', () => scaleFigures(ground))
  return figures
}

function wantedFamilies(names: string[]): Set<Family> {
  const isFamily = (name: string): name is Family => families.some((family) => family === name)
  const unknown = names.filter((name) => !isFamily(name))
  if (unknown.length > 0) {
    console.error(`There is no figure "${unknown.join('", "')}". There are: ${families.join(', ')}`)
    process.exit(2)
  }
  return new Set(names.length > 0 ? names.filter(isFamily) : families)
}
