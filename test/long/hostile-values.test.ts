import { expect, test } from '@jest/globals'
import { hostileText, printedObjects, printingTemplate, randomFrom } from '@karvdash/backend/templates/hostile-values'
import { samplePlatform } from '@karvdash/backend/templates/platform'
import { render } from '@karvdash/backend/templates/render'

test('whatever a hundred thousand pairs of values are, they are in their places and nothing else changes', () => {
  const random = randomFrom(2026)
  for (let round = 0; round < 100_000; round++) {
    const values = { one: hostileText(random), two: hostileText(random) }
    const { objects } = render(printingTemplate, values, samplePlatform)
    const expected = printedObjects(values)
    // Comparing texts takes a tenth of the time, and says as much while they are equal: members come in the order of the template.
    if (JSON.stringify(objects) !== JSON.stringify(expected)) expect(objects).toStrictEqual(expected)
  }
}, 600_000)
