import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { Problem } from '@karvdash/common'
import { randomFrom } from '../../templates/hostile-values.ts'
import { openArchive } from './archive.ts'
import { dockerEntries, fileOf, type Made, type MadeImage, ociEntries, pax, sha256, tarOf } from './make-archive.ts'
import { archivedImages, toldOf } from './read.ts'

const { signal } = new AbortController()
const layers = ['one', 'two'].map((word) => Buffer.from(word.repeat(500)))
const image: MadeImage = { names: ['app:1'], layers }

async function read(content: Buffer) {
  return archivedImages(await openArchive(fileOf(content), signal))
}
const told = async (content: Buffer) => toldOf(await read(content))
const refusal = (content: Buffer) =>
  read(content).then(
    () => 'taken',
    (error: unknown) => (error instanceof Problem && error.status === 422 ? String(error.detail) : Promise.reject(error)),
  )
const refused = (entries: Made[]) => refusal(tarOf(entries))
const replaced = (entries: Made[], name: string, change: Partial<Made>) =>
  entries.map((entry) => (entry.name === name ? { ...entry, ...change } : entry))

const docker = dockerEntries([image])
const saved = {
  format: 'docker-archive',
  images: [{ names: ['app:1'], platforms: [{ os: 'linux', architecture: 'amd64' }], layers: 2, bytes: 3000 }],
}

describe('an archive is read', () => {
  test.each([
    ['plain', (content: Buffer) => content],
    ['packed with gzip', gzipSync],
    ['packed with zstd', zstdCompressSync],
    [
      'packed with gzip in members',
      (content: Buffer) => Buffer.concat([gzipSync(content.subarray(0, 700)), gzipSync(content.subarray(700))]),
    ],
  ])('%s', async (_, pack) => {
    expect(await told(pack(tarOf(docker)))).toEqual(saved)
    const oci = tarOf(ociEntries([{ name: 'app:1', platforms: [image] }]))
    expect(await told(pack(oci))).toEqual({ ...saved, format: 'oci-archive' })
  })

  test('with its list of images first, in the middle or last', async () => {
    for (let at = 0; at < docker.length; at++)
      expect(await told(tarOf([...docker.slice(at), ...docker.slice(0, at)]))).toEqual(saved)
  })

  test('with names that begin with ./, or are in pax records or as GNU writes long ones', async () => {
    const hidden = (before: (name: string) => Made) =>
      tarOf(docker.flatMap((entry) => [before(entry.name), { ...entry, name: 'short' }]))
    expect(await told(tarOf(docker.map((entry) => ({ ...entry, name: `./${entry.name}` }))))).toEqual(saved)
    expect(await told(hidden((path) => pax({ path })))).toEqual(saved)
    expect(await told(hidden((name) => ({ name: '././@LongLink', type: 'L', content: `${name}\0` })))).toEqual(saved)
  })

  test('with sizes as GNU writes large ones, and in pax records', async () => {
    const binary = (length: number) =>
      Buffer.from([0x80, ...Buffer.alloc(7), ...Buffer.from(length.toString(16).padStart(8, '0'), 'hex')])
    const sizeOf = ({ content = '' }: Made) => Buffer.from(content).length
    expect(await told(tarOf(docker.map((entry) => ({ ...entry, size: binary(sizeOf(entry)) }))))).toEqual(saved)
    const inPax = docker.flatMap((entry) => [pax({ size: String(sizeOf(entry)) }), { ...entry, size: 0 }])
    expect(await told(tarOf(inPax))).toEqual(saved)
  })

  test.each([
    ['hard', '1', (name: string) => name],
    ['symbolic', '2', (name: string) => `../${name}`],
  ])('with layers that are %s links to others, as docker save and skopeo write them', async (_, type, targetOf) => {
    const [first, , ...rest] = docker
    const name = first?.name ?? ''
    const config = docker[2]
    const twice = dockerEntries([{ names: ['app:1'], layers: [layers[0], layers[0]] as Buffer[] }])
    const linked = twice.map((entry) =>
      entry.name === 'manifest.json'
        ? { ...entry, content: String(entry.content).replace(`["${name}","${name}"]`, `["${name}","a/layer.tar"]`) }
        : entry,
    )
    expect([rest.length, config?.name]).toEqual([2, expect.stringMatching(/json$/)])
    const all = tarOf([...linked, { name: 'a/layer.tar', type, target: targetOf(name) }])
    expect((await told(all)).images).toMatchObject([{ layers: 2, bytes: 3000 }])
  })

  test('of several images, and for several platforms with what is attested of them', async () => {
    const other = { ...image, names: ['b:2', 'b:latest'], layers: [layers[0] as Buffer] }
    expect((await told(tarOf(dockerEntries([image, other])))).images.map(({ names }) => names)).toEqual([
      ['app:1'],
      ['b:2', 'b:latest'],
    ])
    const platforms = [image, { ...image, architecture: 'arm64' }]
    const several = await read(tarOf(ociEntries([{ name: 'app:1', platforms }])))
    expect(toldOf(several).images).toMatchObject([
      { platforms: [{ architecture: 'amd64' }, { architecture: 'arm64' }], layers: 2 },
    ])
    expect(
      several.images[0]
        ?.manifests(() => ({ digest: '', bytes: 0, packing: 'gzip' }))
        .map(({ mediaType }) => mediaType.split('.').at(-2)),
    ).toHaveLength(3)
  })

  test('whose list is itself the image: platforms without a name', async () => {
    const entries = ociEntries([{ platforms: [image] }, { platforms: [{ ...image, architecture: 'arm64' }] }])
    const { images } = await read(tarOf(entries))
    expect(images).toHaveLength(1)
    expect(images[0]?.digest).toBe(sha256(String(entries.at(-1)?.content)))
  })
})

describe('what is no sound archive is refused in words', () => {
  const config = docker.find(({ name }) => name.endsWith('.json')) as Made
  const layer = docker[0] as Made
  const manifestWith = (change: object) =>
    JSON.stringify(JSON.parse(String(docker.at(-1)?.content)).map((one: object) => ({ ...one, ...change })))
  const oci = ociEntries([{ name: 'app:1', platforms: [image] }])
  const manifestOf = (entries: Made[]) => entries.at(-2) as Made
  const ociWith = (change: (manifest: { layers: object[]; [name: string]: unknown }) => object) => {
    const old = manifestOf(oci)
    const content = JSON.stringify(change(JSON.parse(String(old.content))))
    const index = String(oci.at(-1)?.content)
      .replace(sha256(String(old.content)), sha256(content))
      .replace(`"size":${String(old.content).length},"platform"`, `"size":${content.length},"platform"`)
    return [
      ...oci.slice(0, -2),
      { name: `blobs/${sha256(content).replace(':', '/')}`, content },
      { name: 'index.json', content: index },
    ]
  }

  test.each<[string, Made[], RegExp]>([
    ['no image in it', [{ name: 'etc/passwd', content: 'root' }], /no archive of images/],
    ['an empty list', [{ name: 'manifest.json', content: '[]' }], /no image/],
    ['a list that is no JSON', replaced(docker, 'manifest.json', { content: '[{' }), /cannot be understood/],
    ['a list of something else', replaced(docker, 'manifest.json', { content: '[{"Config":1}]' }), /cannot be understood/],
    ['a layer that is missing', docker.slice(1), /missing/],
    ['a configuration that is missing', docker.filter((entry) => entry !== config), /missing/],
    [
      'a configuration that is not what its name says',
      replaced(docker, config.name, { content: `${config.content} ` }),
      /digest/,
    ],
    [
      'attack: a layer outside',
      replaced(docker, 'manifest.json', { content: manifestWith({ Layers: ['../../etc/shadow', '/etc/passwd'] }) }),
      /missing/,
    ],
    [
      'attack: a configuration outside',
      replaced(docker, 'manifest.json', { content: manifestWith({ Config: '../../../etc/karvdash.json' }) }),
      /missing/,
    ],
    [
      'attack: a link outside',
      replaced(docker, layer.name, { type: '2', target: '../../../../etc/shadow', content: '' }),
      /missing/,
    ],
    ['attack: a link to itself', replaced(docker, layer.name, { type: '1', target: layer.name, content: '' }), /leads nowhere/],
    [
      'fewer layers than its configuration',
      replaced(docker, 'manifest.json', { content: manifestWith({ Layers: [layer.name] }) }),
      /not whole/,
    ],
    [
      'attack: 10,000 layers',
      replaced(docker, 'manifest.json', { content: manifestWith({ Layers: Array(10_000).fill(layer.name) }) }),
      /more than 1,000 layers/,
    ],
    [
      'attack: 101 images',
      replaced(docker, 'manifest.json', { content: JSON.stringify(Array(101).fill(JSON.parse(manifestWith({}))[0])) }),
      /100 images/,
    ],
    [
      'attack: 5,000 names',
      replaced(docker, 'manifest.json', { content: manifestWith({ RepoTags: Array(5_000).fill('a:1') }) }),
      /200 names/,
    ],
    [
      'foreign layers',
      replaced(docker, 'manifest.json', { content: manifestWith({ LayerSources: { a: { urls: ['http://192.0.2.1/x'] } } }) }),
      /foreign/,
    ],
    ['attack: sparse files', [{ name: 'a', type: 'S' }, ...docker], /sparse/],
    ['attack: sparse files by pax', [pax({ 'GNU.sparse.major': '1' }), ...docker], /sparse/],
    ['attack: sizes that are none', [{ name: 'a', size: Buffer.from('99999999999\0') }, ...docker], /damaged/],
    ['attack: negative sizes', [{ name: 'a', size: Buffer.alloc(12, 0xff) }, ...docker], /damaged/],
    ['attack: impossible sizes', [{ name: 'a', size: Buffer.from([0x80, ...Buffer.alloc(11, 0xff)]) }, ...docker], /1 TiB/],
    ['attack: a size of pax records that is no number', [pax({ size: '1e3' }), ...docker], /makes no sense/],
    [
      'attack: records longer than they are',
      [{ name: 'p', type: 'x', content: '999999999 path=a\n' }, ...docker],
      /makes no sense/,
    ],
    [
      'attack: a name of 2 MiB',
      [{ name: 'p', type: 'L', content: Buffer.alloc(2 * 1024 * 1024, 'a') }, ...docker],
      /longer than any/,
    ],
    ['attack: a manifest of 100 MB', replaced(docker, 'manifest.json', { content: Buffer.alloc(5_000_000, '[') }), /4 MiB/],
    ['an OCI layer that is missing', oci.filter((_, i) => i !== 2), /missing/],
    ['an OCI layer of another size', replaced(oci, oci[2]?.name ?? '', { content: 'x' }), /digest/],
    [
      'a manifest that is not what its digest says',
      replaced(oci, manifestOf(oci).name, {
        content: String(manifestOf(oci).content).replace('"schemaVersion":2', '"schemaVersion":3'),
      }),
      /digest/,
    ],
    [
      'a manifest that says of itself to be another',
      ociWith((one) => ({ ...one, mediaType: 'application/vnd.oci.image.index.v1+json' })),
      /kind/,
    ],
    [
      'foreign OCI layers',
      ociWith((one) => ({ ...one, layers: one.layers.map((each) => ({ ...each, urls: ['http://192.0.2.1/'] })) })),
      /foreign/,
    ],
    [
      'attack: an OCI image of 10,000 layers',
      ociWith((one) => ({ ...one, layers: Array(10_000).fill(one.layers[0]) })),
      /more than 1,000 layers/,
    ],
    [
      'attack: a digest that is a path',
      ociWith((one) => ({ ...one, layers: [{ ...one.layers[0], digest: 'sha256:../../../../etc/shadow' }] })),
      /cannot be understood/,
    ],
  ])('%s', async (_, entries, words) => {
    expect(await refused(entries)).toMatch(words)
    expect(await refusal(gzipSync(tarOf(entries)))).toMatch(words.source === '4 MiB' ? /4 MiB|cannot be understood/ : words)
  })

  test('attack: indexes within indexes without end', async () => {
    let inner = oci.at(-1)?.content as string
    const nested: Made[] = []
    for (let depth = 0; depth < 20; depth++) {
      nested.push({ name: `blobs/${sha256(inner).replace(':', '/')}`, content: inner })
      const descriptor = { mediaType: 'application/vnd.oci.image.index.v1+json', digest: sha256(inner), size: inner.length }
      inner = JSON.stringify({ schemaVersion: 2, manifests: [descriptor] })
    }
    expect(await refused([...oci.slice(0, -1), ...nested, { name: 'index.json', content: inner }])).toMatch(/deeper/)
  })

  test('attack: 50,001 entries', async () => {
    expect(await refused([...Array.from({ length: 50_001 }, (_, i) => ({ name: `f${i}` })), ...docker])).toMatch(/50,000 entries/)
  })

  test('attack: many large descriptions', async () => {
    const many = Array.from({ length: 5 }, (_, i) => ({ name: `d${i}`, content: Buffer.alloc(4_000_000, '{') }))
    expect(await refusal(gzipSync(tarOf([...many, ...docker])))).toMatch(/16 MiB/)
  })

  test('attack: zstd that takes a gigabyte to unpack', async () => {
    // A frame whose header tells of a window of 1 GiB (RFC 8878 §3.1.1.1.2).
    const frame = Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa0), Buffer.of(0x01, 0, 0)])
    expect(await refusal(frame)).toMatch(/memory/)
  })

  test.each([
    ['a text', Buffer.from('hello')],
    ['nothing', Buffer.alloc(0)],
    ['a disk of zeros', Buffer.alloc(100_000)],
    ['a picture', Buffer.from('89504e470d0a1a0a'.repeat(200), 'hex')],
    ['a packed text', gzipSync('hello')],
  ])('%s', async (_, content) => {
    expect(await refusal(content)).toMatch(/no archive of images/)
  })
})

test.each([
  ['xz', 'fd377a585a000004'],
  ['bzip2', '425a683931415926'],
  ['zip', '504b030414000000'],
])('what is packed with %s is told how it can be packed', async (name, head) => {
  expect(await refusal(Buffer.from(head.padEnd(2000, '0'), 'hex'))).toMatch(new RegExp(`packed with ${name}.*gzip or zstd`))
})

describe('an archive that was cut or changed', () => {
  const whole = tarOf(docker)
  const needed = whole.length - 1024
  const random = randomFrom(9)
  const next = (limit: number) => Math.floor(random() * limit)

  test('is refused wherever it was cut', async () => {
    for (let run = 0; run < 60; run++)
      expect(await refusal(whole.subarray(0, 1 + next(needed)))).toMatch(/ends in the middle|no archive/)
    const packed = gzipSync(whole)
    for (let run = 0; run < 30; run++)
      expect(await refusal(packed.subarray(0, 30 + next(packed.length - 60)))).toMatch(/ends in the middle/)
  })

  test('is refused, or is what it was but for what is in its layers', async () => {
    for (let run = 0; run < 200; run++) {
      const changed = Buffer.from(whole)
      for (let change = 0; change <= run % 4; change++) changed[next(whole.length)] = next(256)
      for (const content of [changed, gzipSync(changed)])
        if ((await refusal(content)) === 'taken') expect((await told(content)).images).toMatchObject([{ layers: 2 }])
    }
  })
})
