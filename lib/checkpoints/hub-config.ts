/**
 * What a repository's config.json says about how images were prepared for its model, and about its heads.
 *
 * timm writes `pretrained_cfg` (before 2023, the same fields at the top): the shorter side becomes floor(size / crop_pct) pixels, the
 * middle square of `size` is cropped, then (x / 255 - mean) / std for each channel. transformers writes `image_mean`, `image_std`,
 * `size`, `crop_size` and `resample` into preprocessor_config.json, which `describeRepo` puts under `preprocessor_config` (where it
 * resizes both sides, the shorter side and a crop are used here).
 *
 * Text that is not JSON, or values that make no sense, count as missing: then ImageNet's usual values are assumed, and `source` says so.
 * Sources: timm, data/config.py and data/transforms_factory.py (transforms_imagenet_eval); ImageNet's mean and std as in torchvision.
 */
import * as z from 'zod/mini';
import type { PhotoPreprocessing } from '@/lib/images/preprocessing';

/** zod would probe `new Function`, which the page's content security policy refuses and reports. */
z.config({ jitless: true });

type PreparedInput = Pick<PhotoPreprocessing, 'resize' | 'mean' | 'std' | 'interpolation' | 'source'>;

const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_STD = [0.229, 0.224, 0.225];
/** 224 of 256. */
const USUAL_CROP = 0.875;
/** A smaller crop is a mistake, and would make the resized picture huge. */
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
  try {
    return asObject(JSON.parse(json ?? 'null'));
  } catch {
    return null;
  }
}

/** timm rounds down; a picture cannot be cropped to more than its size. */
function resizeFor(imageSize: number, cropShare: number): number {
  return Math.max(imageSize, Math.floor(imageSize / cropShare));
}

function fromTimm(config: Json, imageSize: number): PreparedInput | null {
  const { data } = timmSchema.safeParse(asObject(config.pretrained_cfg) ?? config);
  if (data === undefined) return null;
  const { crop_pct = USUAL_CROP, interpolation = 'bicubic', mean, std } = data;
  return { resize: resizeFor(imageSize, crop_pct), mean, std, interpolation, source: 'config.json' };
}

function shorterSide(size: z.infer<typeof sizeSchema> | undefined): number | null {
  if (size === undefined) return null;
  if (typeof size === 'number') return size;
  return 'shortest_edge' in size ? size.shortest_edge : Math.min(size.height, size.width);
}

function fromTransformers(config: Json, imageSize: number): PreparedInput | null {
  const { data } = transformersSchema.safeParse(asObject(config.preprocessor_config) ?? config);
  if (data === undefined) return null;
  const resized = shorterSide(data.size);
  const cropped = shorterSide(data.crop_size) ?? resized;
  const share = resized === null || cropped === null || cropped > resized ? 1 : cropped / resized;
  if (share < LEAST_CROP) return null;
  return {
    resize: resizeFor(imageSize, share),
    mean: data.image_mean,
    std: data.image_std,
    interpolation: data.resample === 2 ? 'bilinear' : 'bicubic',
    source: 'config.json',
  };
}

/**
 * How an image is prepared for this model.
 *
 * @param configJson the repository's config.json, or `null` where there is none
 * @param imageSize side of the model's input, pixels; a configuration for another size gives the proportions
 */
export function inputOf(configJson: string | null, imageSize: number): PreparedInput {
  const config = parseObject(configJson) ?? {};
  return (
    fromTimm(config, imageSize) ??
    fromTransformers(config, imageSize) ?? {
      resize: resizeFor(imageSize, USUAL_CROP),
      mean: IMAGENET_MEAN,
      std: IMAGENET_STD,
      interpolation: 'bicubic',
      source: 'assumed',
    }
  );
}

/** Heads by size in timm's names of ViTs and DeiTs, all with a head size of 64. */
const HEADS_BY_SIZE: ReadonlyMap<string | undefined, number> = new Map([
  ['tiny', 3],
  ['small', 6],
  ['base', 12],
  ['large', 16],
  ['huge', 16],
]);

/** Heads per layer of a ViT, which its shapes do not give; `null` where the configuration does not say, and for a Swin, whose stages differ. */
export function numHeadsOf(configJson: string | null): number | null {
  const config = parseObject(configJson) ?? {};
  const stated = headsSchema.safeParse(asObject(config.model_args)?.num_heads ?? config.num_attention_heads);
  if (stated.success) return stated.data;
  const architecture = typeof config.architecture === 'string' ? config.architecture : '';
  const name = /^(?:deit3?|vit)_(tiny|small|base|large|huge)_(?:distilled_)?patch\d+_\d+$/.exec(architecture);
  return HEADS_BY_SIZE.get(name?.[1]) ?? null;
}
