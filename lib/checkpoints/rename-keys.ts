/**
 * Parameter names. This code reads DeiT, ViT and Swin under timm's names; those of transformers and of wrappers are renamed to them.
 * Bi-ViT's released code uses timm's names with quantizers beside them.
 * Sources: the parameter names of timm 1.0, of the Swin release (arXiv 2103.14030) and of Hugging Face transformers 4.
 */
import { CheckpointError, shortName, type CheckpointTensor } from '@/lib/checkpoints/checkpoint';

type Tensors = ReadonlyMap<string, CheckpointTensor>;

export interface Renamed {
  /** As in the file. */
  readonly naming: 'timm' | 'transformers';
  readonly tensors: Tensors;
  /** Keys in the file that no model here reads. */
  readonly ignored: readonly { readonly key: string; readonly why: string }[];
}

/**
 * The timm key of a parameter, from its path in this code, the same in camel case:
 *
 *     blocks.0.attn.qAct.zeroPoint -> blocks.0.attn.q_act.zero_point
 */
export function checkpointKey(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

type Rule = readonly [pattern: RegExp, replacement: string];

const BLOCK = String.raw`((?:encoder\.)?(?:layer|layers\.\d+\.blocks)\.\d+)`;

/** The first match decides. `$1` is the block's old name. */
const TRANSFORMERS: readonly Rule[] = [
  [/^embeddings\.cls_token$/, 'cls_token'],
  [/^embeddings\.distillation_token$/, 'dist_token'],
  [/^embeddings\.position_embeddings$/, 'pos_embed'],
  [/^embeddings\.patch_embeddings\.projection\.(weight|bias)$/, 'patch_embed.proj.$1'],
  [/^embeddings\.norm\.(weight|bias)$/, 'patch_embed.norm.$1'],
  [new RegExp(`^${BLOCK}\\.layernorm_before\\.(weight|bias)$`), '$1.norm1.$2'],
  [new RegExp(`^${BLOCK}\\.layernorm_after\\.(weight|bias)$`), '$1.norm2.$2'],
  [new RegExp(`^${BLOCK}\\.attention\\.(?:attention|self)\\.(query|key|value)\\.(weight|bias)$`), '$1.attn.$2.$3'],
  [new RegExp(`^${BLOCK}\\.attention\\.self\\.(relative_position_\\w+)$`), '$1.attn.$2'],
  [new RegExp(`^${BLOCK}\\.attention\\.output\\.dense\\.(weight|bias)$`), '$1.attn.proj.$2'],
  [new RegExp(`^${BLOCK}\\.intermediate\\.dense\\.(weight|bias)$`), '$1.mlp.fc1.$2'],
  [new RegExp(`^${BLOCK}\\.output\\.dense\\.(weight|bias)$`), '$1.mlp.fc2.$2'],
  [/^encoder\.layers\.(\d+)\.downsample\.(norm|reduction)\.(weight|bias)$/, 'layers.$1.downsample.$2.$3'],
  [/^layernorm\.(weight|bias)$/, 'norm.$1'],
  [/^(?:cls_)?classifier\.(weight|bias)$/, 'head.$1'],
  [/^distillation_classifier\.(weight|bias)$/, 'head_dist.$1'],
];

const UNUSED: readonly Rule[] = [
  [/(^|\.)pooler\./, 'The pooler is for tasks other than classification.'],
  [/^embeddings\.mask_token$/, 'The mask token is only for pretraining.'],
];

/** @throws CheckpointError for a file with transformers' names when one of them belongs to no model here */
export function renameKeys(tensors: Tensors): Renamed {
  const bare = withoutWrapper(tensors);
  const isTransformers = [...bare.keys()].some((key) => /^((vit|deit|swin)\.)?embeddings\./.test(key));
  return isTransformers ? fromTransformers(bare) : { naming: 'timm', tensors: fromTimm(bare), ignored: [] };
}

/** Without the prefix that training on several devices, or inside a larger module, gives every name. */
function withoutWrapper(tensors: Tensors): Tensors {
  for (const prefix of ['module.', 'model.', 'backbone.']) {
    const keys = [...tensors.keys()];
    if (keys.length > 0 && keys.every((key) => key.startsWith(prefix))) {
      return withoutWrapper(new Map([...tensors].map(([key, tensor]) => [key.slice(prefix.length), tensor])));
    }
  }
  return tensors;
}

/** Since 0.9, timm's Swin stages begin with the merging that used to end the stage before, and the head is `head.fc`. */
function fromTimm(tensors: Tensors): Tensors {
  const isMoved =
    tensors.has('layers.1.downsample.reduction.weight') && !tensors.has('layers.0.downsample.reduction.weight');
  const rename = (key: string): string => {
    const [, stage, rest] = /^layers\.(\d+)\.(downsample\..+)$/.exec(key) ?? [];
    if (isMoved && stage !== undefined) return `layers.${Number(stage) - 1}.${rest}`;
    return key.replace(/^head\.fc\.(weight|bias)$/, 'head.$1');
  };
  return new Map([...tensors].map(([key, tensor]) => [rename(key), tensor]));
}

function fromTransformers(tensors: Tensors): Renamed {
  const renamed = new Map<string, CheckpointTensor>();
  const ignored: { key: string; why: string }[] = [];
  for (const [key, tensor] of tensors) {
    const bare = key.replace(/^(vit|deit|swin)\./, '');
    const why = UNUSED.find(([pattern]) => pattern.test(bare))?.[1];
    if (why !== undefined) ignored.push({ key, why });
    else renamed.set(transformersToTimm(bare), tensor);
  }
  return { naming: 'transformers', tensors: withJoinedQkv(renamed), ignored };
}

/** @throws CheckpointError */
function transformersToTimm(key: string): string {
  const rule = TRANSFORMERS.find(([pattern]) => pattern.test(key));
  if (rule === undefined) {
    throw new CheckpointError(
      `The file uses the parameter names of Hugging Face transformers, but "${shortName(key)}" belongs to no ViT, DeiT or Swin. Choose another checkpoint.`,
    );
  }
  return key
    .replace(...(rule as [RegExp, string]))
    .replace(/^encoder\.layers\./, 'layers.')
    .replace(/^(?:encoder\.)?layer\./, 'blocks.');
}

/** transformers stores q, k and v separately; timm stacks them. */
function withJoinedQkv(tensors: Tensors): Tensors {
  const joined = new Map<string, CheckpointTensor>();
  for (const [key, tensor] of tensors) {
    const [, block, part, kind] = /^(.+\.attn)\.(query|key|value)\.(weight|bias)$/.exec(key) ?? [];
    if (part === undefined) joined.set(key, tensor);
    else if (part === 'query') {
      const parts = ['query', 'key', 'value'].map((name) => tensors.get(`${block}.${name}.${kind}`));
      joined.set(`${block}.qkv.${kind}`, stack(`${block}.qkv.${kind}`, parts));
    }
  }
  return joined;
}

function stack(key: string, parts: readonly (CheckpointTensor | undefined)[]): CheckpointTensor {
  const [first] = parts;
  const [rows = 0, ...rest] = first?.shape ?? [];
  const data = new Float32Array(3 * (first?.data.length ?? 0));
  parts.forEach((part, i) => {
    if (part === undefined || !(part.data instanceof Float32Array) || String(part.shape) !== String(first?.shape)) {
      throw new CheckpointError(
        `The query, key and value of "${shortName(key)}" are not three float tensors of the same shape, so the file is damaged. Download it again.`,
      );
    }
    data.set(part.data, i * part.data.length);
  });
  return { dtype: 'F32', shape: [3 * rows, ...rest], data };
}
