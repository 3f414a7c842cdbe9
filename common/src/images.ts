import * as z from 'zod'
import { ImageName } from './image-name.ts'
import { EntryPlace } from './storage-jobs.ts'

/** One platform that an image is for. */
export const ImagePlatform = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
  digest: z.string(),
  /** What a pull for this platform transfers at most: its manifest's layers and configuration, compressed. */
  bytes: z.number(),
})
export type ImagePlatform = z.infer<typeof ImagePlatform>

/** A tag of a repository, and the image that it names. */
export const ImageTag = z.object({
  tag: z.string(),
  digest: z.string(),
  /** What a pod or a client names it by: `registry.example.org/alice/app:1`. */
  reference: z.string(),
  /** Empty for what is no image, such as a chart. */
  platforms: z.array(ImagePlatform),
  /** What it takes in the registry: each blob of all platforms, once. */
  storedBytes: z.number(),
  /** When it was built, where it says so. */
  createdAt: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  /** Who added it, and when, where that is known. */
  addedBy: z.string().optional(),
  addedAt: z.string().optional(),
})
export type ImageTag = z.infer<typeof ImageTag>

/** A repository: images under one name. */
export const ImageRepository = z.object({
  name: z.string(),
  /** How many tags it has. */
  tags: z.number(),
  /** What whoever asks may do with it, besides pulling. */
  mayPush: z.boolean(),
  mayDelete: z.boolean(),
})
export type ImageRepository = z.infer<typeof ImageRepository>

/** What is to be added from an exported image that lies in a domain. */
export const NewImage = z.strictObject({
  /** A file that `docker save`, `podman save`, `skopeo copy … oci-archive:` or the like wrote; plain, or packed with gzip or zstd. */
  from: EntryPlace,
  /** What to call it; left out, each image of the archive is `<user>/<its own name>` with its own tag. Of an archive of several images none can be named. */
  as: ImageName.optional(),
  /** Whether a tag that exists already may name this image from now on. */
  overwrite: z.boolean().default(false),
  /** Whether the file is deleted when all of it was added. */
  removeFile: z.boolean().default(false),
})
export type NewImage = z.infer<typeof NewImage>

/** What became of a layer: it waits, is being sent, was there already, was taken over from another repository, or has been sent. */
export const LayerState = z.enum(['waiting', 'sending', 'there', 'mounted', 'sent'])
export type LayerState = z.infer<typeof LayerState>

const ImageLayer = z.object({
  /** The layer's digest in the archive. */
  digest: z.string(),
  /** Its bytes in the archive, and how many of them were read. */
  bytes: z.number(),
  done: z.number(),
  state: LayerState,
})

/** How far an addition is: until `tagging` nobody sees anything of it, and it can be cancelled. */
export const AdditionPhase = z.enum(['queued', 'reading', 'sending', 'tagging', 'finished', 'failed', 'cancelled'])
export type AdditionPhase = z.infer<typeof AdditionPhase>

/** Images being added from a file, as whoever adds them sees it. */
export const ImageAddition = z.object({
  id: z.string(),
  from: EntryPlace,
  /** Under which names, as soon as they are known: `alice/app:1`. */
  names: z.array(z.string()),
  phase: AdditionPhase,
  /** Seconds as in `2026-11-22T03:36:22.000Z`. */
  createdAt: z.string(),
  endedAt: z.string().optional(),
  /** The layers of all images, each once; of more than 200 those that are at work come first. */
  layers: z.array(ImageLayer),
  done: z.object({ bytes: z.number() }),
  total: z.object({ bytes: z.number() }).optional(),
  /** What went wrong, or is to be known, in words. */
  detail: z.string().optional(),
})
export type ImageAddition = z.infer<typeof ImageAddition>

/** What changes among additions: the first events tell of all. */
export const AdditionEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('addition'), addition: ImageAddition }),
  z.object({ type: z.literal('gone'), id: z.string() }),
])
export type AdditionEvent = z.infer<typeof AdditionEvent>

/** What an archive holds, before it is added. */
export const ArchivedImages = z.object({
  format: z.enum(['docker-archive', 'oci-archive']),
  images: z.array(
    z.object({
      /** The names that it has in the archive, whatever registry they were for. */
      names: z.array(z.string()),
      platforms: z.array(z.object({ os: z.string(), architecture: z.string(), variant: z.string().optional() })),
      layers: z.number(),
      /** As they are in the archive. */
      bytes: z.number(),
    }),
  ),
})
export type ArchivedImages = z.infer<typeof ArchivedImages>

/** What deleting a tag takes along. */
export const ImageUses = z.object({
  digest: z.string(),
  /** Other tags that name the same image: a registry deletes an image with all its tags. */
  tags: z.array(z.string()),
  /** Services whose pods run it, or wait for it. */
  services: z.array(z.object({ user: z.string(), service: z.string() })),
})
export type ImageUses = z.infer<typeof ImageUses>
