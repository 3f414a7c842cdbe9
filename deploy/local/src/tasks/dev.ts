/** To come. */
export async function dev(_args: string[]): Promise<number> {
  return 1
}
