/**
 * Architecture and quantization configurations: plain data, and the one place where a configuration that came from a file
 * (`__metadata__.config` of a checkpoint) is believed or refused.
 *
 * Full precision and binary models differ by the `Quantization` that `quantization` names, never by a second class.
 */
// The mini form: the page carries it, and the full one weighs several times as much.
import * as z from 'zod/mini';
import { epsilon, MAX_PARAMETERS, ratio, size } from '@/models/config-limits';
import { QUANTIZATION_NAMES, type QuantizationName } from '@/models/quantization';
import { swinSchema, type SwinConfig } from '@/models/swin-config';

/** zod would probe `new Function`, which the page's content security policy refuses and reports. */
z.config({ jitless: true });

export interface DeitConfig {
  readonly architecture: 'deit';
  readonly quantization: QuantizationName;
  /** Side of the square input, pixels. */
  readonly imageSize: number;
  /** Side of a square patch, pixels; divides `imageSize`. */
  readonly patchSize: number;
  readonly inChannels: number;
  /** C; divisible by `numHeads`. */
  readonly embedDim: number;
  readonly depth: number;
  readonly numHeads: number;
  /** Hidden size of the MLP is floor(embedDim * mlpRatio). */
  readonly mlpRatio: number;
  readonly numClasses: number;
  /** Two class tokens and two heads, whose mean is the output. */
  readonly distilled: boolean;
  readonly normEps: number;
  /** Epsilon of norm_q and norm_k, where the quantization has them. */
  readonly qkNormEps: number;
}

/** A union on `architecture`. */
export type ModelConfig = DeitConfig | SwinConfig;

/** Attention is quadratic in tokens: beyond this a trace would not fit a browser tab. */
const MAX_PATCHES = 4096;

const deitSchema = z
  .object({
    architecture: z.literal('deit'),
    quantization: z.enum(QUANTIZATION_NAMES),
    imageSize: size(2048),
    patchSize: size(256),
    inChannels: z._default(size(16), 3),
    embedDim: size(4096),
    depth: size(64),
    numHeads: size(64),
    mlpRatio: ratio,
    numClasses: size(100_000),
    distilled: z.boolean(),
    normEps: epsilon,
    qkNormEps: z._default(epsilon, 1e-5),
  })
  .check(
    z.superRefine((config, context) => {
      const refuse = (path: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [path], message });
      if (config.imageSize % config.patchSize !== 0) {
        refuse('patchSize', `${config.patchSize} does not divide imageSize ${config.imageSize}`);
      } else if ((config.imageSize / config.patchSize) ** 2 > MAX_PATCHES) {
        refuse('patchSize', `more than ${MAX_PATCHES} patches`);
      }
      if (config.embedDim % config.numHeads !== 0) {
        refuse('numHeads', `${config.numHeads} does not divide embedDim ${config.embedDim}`);
      }
      if (approximateParameters(config) > MAX_PARAMETERS) {
        refuse('embedDim', `a model of more than ${MAX_PARAMETERS} parameters`);
      }
    }),
  );

/** A configuration that cannot be used; the message is a sentence for the person who brought the file. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Checks a configuration as it stands in a checkpoint's header.
 *
 * @param json the string under `__metadata__.config`; unknown keys are tolerated and dropped
 * @throws ConfigError when it is not JSON, names an unknown architecture or quantization, or asks for hostile sizes
 */
export function parseConfig(json: string): ModelConfig {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new ConfigError('The configuration in the file is not valid JSON; export the checkpoint again.');
  }
  if (typeof value !== 'object' || value === null || !('architecture' in value)) {
    throw new ConfigError(
      'The configuration in the file names no "architecture"; this version runs "deit" and "swin".',
    );
  }
  if (value.architecture !== 'deit' && value.architecture !== 'swin') {
    const name = JSON.stringify(value.architecture)?.slice(0, 40);
    throw new ConfigError(
      `The architecture ${name} is not one this version runs; choose a "deit" or "swin" checkpoint.`,
    );
  }
  const result =
    value.architecture === 'swin' ? swinSchema(QUANTIZATION_NAMES).safeParse(value) : deitSchema.safeParse(value);
  if (!result.success) {
    const reasons = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration in the file cannot be used (${reasons.join('; ')}).`);
  }
  return result.data;
}

/** For what is about DeiTs alone: whole maps of [H, N, N] in every layer. @throws ConfigError for another architecture */
export function deitOnly(config: ModelConfig): DeitConfig {
  if (config.architecture === 'deit') return config;
  throw new ConfigError(`This works for the architecture "deit"; the model is a "${config.architecture}".`);
}

/** Patches and class tokens: N. */
export function numTokens(config: DeitConfig): number {
  return (config.imageSize / config.patchSize) ** 2 + numClassTokens(config);
}

/** 1 (cls), or 2 (cls, dist). */
export function numClassTokens(config: DeitConfig): number {
  return config.distilled ? 2 : 1;
}

/** D = C / H. */
export function headSize(config: DeitConfig): number {
  return config.embedDim / config.numHeads;
}

export function mlpHiddenSize(config: Pick<DeitConfig, 'embedDim' | 'mlpRatio'>): number {
  return Math.floor(config.embedDim * config.mlpRatio);
}

function approximateParameters(config: {
  readonly embedDim: number;
  readonly depth: number;
  readonly mlpRatio: number;
  readonly numClasses: number;
  readonly patchSize: number;
  readonly inChannels: number;
}): number {
  const { embedDim, depth, mlpRatio, numClasses, patchSize, inChannels } = config;
  return embedDim * (depth * embedDim * (4 + 2 * mlpRatio) + 2 * numClasses + patchSize ** 2 * inChannels);
}
