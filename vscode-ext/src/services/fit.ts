import { contract, type Gauge, gaugeOf, type Launch, type TransferClient } from '@karvdash/common'

/** What a launch asks for of the own quota beyond what is free of it; nothing where it fits. @throws Problem with the values that are wrong */
export async function tooMuch(
  client: Pick<TransferClient, 'call'>,
  launch: Pick<Launch, 'template' | 'values'>,
): Promise<Gauge[]> {
  const { template, values } = launch
  const preview = client.call(contract.renderTemplate, { params: { template }, body: { values } })
  // Where the quota cannot be had now, the launch itself tells.
  const quota = client.call(contract.listResources).catch(() => ({ items: [] }))
  const [{ asks }, { items }] = await Promise.all([preview, quota])
  const gauges = items.flatMap((resource) => gaugeOf(resource, asks[resource.resource] ?? '0') ?? [])
  return gauges.filter(({ isTooMuch }) => isTooMuch)
}
