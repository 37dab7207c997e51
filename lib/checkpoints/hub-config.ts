/**
 * What a repository's config.json says about the pictures its model was evaluated on, and about its heads.
 *
 * timm writes `pretrained_cfg` (or, before 2023, the same fields at the top): a picture's shorter side becomes
 * floor(size / crop_pct) pixels, the middle square of `size` is cut out, then (x / 255 - mean) / std for each channel.
 * transformers writes `image_mean`, `image_std`, `size`, `crop_size`, `resample` into preprocessor_config.json, which `describeRepo`
 * puts under `preprocessor_config` (its resize of both sides at once is taken as one of the shorter side, then a crop).
 *
 * A text that is not JSON, or a field that cannot be meant, is nobody's answer: then ImageNet's usual values are assumed, and `source` says so.
 * Sources: timm, data/config.py and data/transforms_factory.py (transforms_imagenet_eval); ImageNet's mean and std as in torchvision.
 */
import * as z from 'zod/mini';

/** zod would probe `new Function`, which the page's content security policy refuses and reports. */
z.config({ jitless: true });

export type Triple = readonly [number, number, number];

export interface BackboneInput {
  /** Side of the square that the model is given, pixels. */
  readonly imageSize: number;
  readonly channels: number;
  /** What a picture's shorter side is resized to, pixels; at least `crop`. */
  readonly resize: number;
  /** Side of the square cut out of the middle, pixels. */
  readonly crop: number;
  /** For each channel, of values from 0 to 1. */
  readonly mean: Triple;
  readonly std: Triple;
  readonly interpolation: 'bicubic' | 'bilinear';
  readonly source: 'config.json' | 'assumed';
}

const IMAGENET_MEAN: Triple = [0.485, 0.456, 0.406];
const IMAGENET_STD: Triple = [0.229, 0.224, 0.225];
/** 224 of 256. */
const USUAL_CROP = 0.875;
/** Less of a picture than this is no crop but a mistake, and the picture would be made huge for it. */
const LEAST_CROP = 0.1;

const side = z.int().check(z.minimum(1), z.maximum(8192));
const mean = z.number().check(z.minimum(-10), z.maximum(10));
const std = z.number().check(z.minimum(1e-3), z.maximum(10));
const means = z.tuple([mean, mean, mean]);
const stds = z.tuple([std, std, std]);

const timmSchema = z.object({
  input_size: z.optional(z.tuple([z.int().check(z.minimum(1), z.maximum(16)), side, side])),
  crop_pct: z.optional(z.number().check(z.minimum(LEAST_CROP), z.maximum(1))),
  interpolation: z.optional(z.enum(['bicubic', 'bilinear'])),
  mean: means,
  std: stds,
});

const sizeSchema = z.union([side, z.object({ shortest_edge: side }), z.object({ height: side, width: side })]);
const transformersSchema = z.object({
  image_mean: means,
  image_std: stds,
  size: z.optional(sizeSchema),
  crop_size: z.optional(sizeSchema),
  /** Pillow's numbers: 2 is bilinear, 3 bicubic. */
  resample: z.optional(z.union([z.literal(2), z.literal(3)])),
});

const headsSchema = z.int().check(z.minimum(1), z.maximum(64));

type Json = Readonly<Record<string, unknown>>;

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}

function parseObject(json: string | null): Json | null {
  if (json === null) return null;
  try {
    return asObject(JSON.parse(json));
  } catch {
    return null;
  }
}

/** timm rounds down; a picture can be cut no larger than it is. */
function resizeFor(imageSize: number, cropShare: number): number {
  return Math.max(imageSize, Math.floor(imageSize / cropShare));
}

function fromTimm(config: Json, imageSize: number): BackboneInput | null {
  const parsed = timmSchema.safeParse(asObject(config.pretrained_cfg) ?? config);
  if (!parsed.success) return null;
  const { input_size, crop_pct, interpolation, mean, std } = parsed.data;
  return {
    imageSize,
    channels: input_size?.[0] ?? 3,
    resize: resizeFor(imageSize, crop_pct ?? USUAL_CROP),
    crop: imageSize,
    mean,
    std,
    interpolation: interpolation ?? 'bicubic',
    source: 'config.json',
  };
}

type Size = z.infer<typeof sizeSchema>;

function shorterSide(size: Size | undefined): number | null {
  if (size === undefined) return null;
  if (typeof size === 'number') return size;
  return 'shortest_edge' in size ? size.shortest_edge : Math.min(size.height, size.width);
}

function fromTransformers(config: Json, imageSize: number): BackboneInput | null {
  const parsed = transformersSchema.safeParse(asObject(config.preprocessor_config) ?? config);
  if (!parsed.success) return null;
  const { image_mean, image_std, size, crop_size, resample } = parsed.data;
  const resized = shorterSide(size);
  const cropped = shorterSide(crop_size) ?? resized;
  const share = resized === null || cropped === null || cropped > resized ? 1 : cropped / resized;
  if (share < LEAST_CROP) return null;
  return {
    imageSize,
    channels: 3,
    resize: resizeFor(imageSize, share),
    crop: imageSize,
    mean: image_mean,
    std: image_std,
    interpolation: resample === 2 ? 'bilinear' : 'bicubic',
    source: 'config.json',
  };
}

/**
 * How a picture becomes the input of this model.
 *
 * @param configJson the repository's config.json, or `null` where there is none
 * @param imageSize the side that the model itself takes, pixels; a configuration of another size gives its proportions
 */
export function inputOf(configJson: string | null, imageSize: number): BackboneInput {
  const config = parseObject(configJson);
  const stated = config === null ? null : (fromTimm(config, imageSize) ?? fromTransformers(config, imageSize));
  return (
    stated ?? {
      imageSize,
      channels: 3,
      resize: resizeFor(imageSize, USUAL_CROP),
      crop: imageSize,
      mean: IMAGENET_MEAN,
      std: IMAGENET_STD,
      interpolation: 'bicubic',
      source: 'assumed',
    }
  );
}

/** Heads by the size in timm's names of ViTs and DeiTs; every one of them has a head of 64. */
const HEADS_BY_SIZE: Readonly<Record<string, number>> = { tiny: 3, small: 6, base: 12, large: 16, huge: 16 };

/**
 * Heads of each layer of a ViT, which its shapes do not tell; `null` where the configuration does not say, and for a Swin, whose
 * stages differ.
 */
export function numHeadsOf(configJson: string | null): number | null {
  const config = parseObject(configJson);
  if (config === null) return null;
  const stated = headsSchema.safeParse(asObject(config.model_args)?.num_heads ?? config.num_attention_heads);
  if (stated.success) return stated.data;
  const architecture = typeof config.architecture === 'string' ? config.architecture : '';
  const size = /^(?:deit3?|vit)_(tiny|small|base|large|huge)_(?:distilled_)?patch\d+_\d+$/.exec(architecture)?.[1];
  return size === undefined ? null : (HEADS_BY_SIZE[size] ?? null);
}
