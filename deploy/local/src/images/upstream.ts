const limitMs = 3000
const answers = new Map<string, Promise<boolean>>()

/** Whether a registry answers from here; each is asked once in the life of the program. */
export function reachable(registry: string): Promise<boolean> {
  const answer = answers.get(registry) ?? ask(registry)
  answers.set(registry, answer)
  return answer
}

async function ask(registry: string): Promise<boolean> {
  // docker.io is a name for people; its API lives at another.
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry
  try {
    const { status } = await fetch(`https://${host}/v2/`, { signal: AbortSignal.timeout(limitMs) })
    return status === 200 || status === 401
  } catch {
    return false
  }
}
