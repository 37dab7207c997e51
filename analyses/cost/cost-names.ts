/** What parts, ops and layers are called in the tab of costs, and how parts are drawn. */
import type { PartStyle } from '@/components/charts/stacked-bars';
import {
  ALL_BINARY,
  ALL_REAL,
  AS_IN_THE_CODE,
  binaryParts,
  type CostPart,
  type PartBits,
} from '@/lib/accounting/precision';
import { architectureOf } from '@/models/architectures/configs';
import type { ModelConfig } from '@/models/config';

export type PartKey = CostPart | 'rest';

/** In the order in which they are stacked. */
export const PART_KEYS = ['linears', 'attention', 'patchMerging', 'patchEmbed', 'heads', 'rest'] as const;

export const PART_NAMES: { readonly [Part in PartKey]: string } = {
  linears: 'block linears',
  attention: 'attention products',
  patchMerging: 'patch merging',
  patchEmbed: 'patch embedding',
  heads: 'heads',
  rest: 'norms, tokens, positions',
};

export const PART_NOTES: { readonly [Part in CostPart]: string } = {
  linears: 'qkv, proj, fc1, fc2',
  attention: 'q·k, then ·v',
  patchMerging: 'between stages',
  patchEmbed: 'pixels to tokens',
  heads: 'token to classes',
};

export const PART_STYLES: { readonly [Part in PartKey]: PartStyle } = {
  linears: { color: 'var(--lens-model-teacher)', texture: 'plain' },
  attention: { color: 'var(--lens-accent)', texture: 'diagonal' },
  patchMerging: { color: 'var(--lens-model-bi-vit)', texture: 'crossed' },
  patchEmbed: { color: 'var(--lens-focus)', texture: 'dots' },
  heads: { color: 'var(--lens-good)', texture: 'upright' },
  rest: { color: 'var(--lens-edge)', texture: 'level' },
};

export interface BitsPreset {
  readonly label: string;
  readonly bits: PartBits;
  /** Only for an architecture that merges patches. */
  readonly merges: boolean;
}

export const BITS_PRESETS: readonly BitsPreset[] = [
  { label: 'full precision', bits: ALL_REAL, merges: false },
  { label: 'as in the released code', bits: AS_IN_THE_CODE, merges: false },
  { label: 'patch merging real too', bits: binaryParts(['linears', 'attention']), merges: true },
  {
    label: 'all but the heads',
    bits: binaryParts(['linears', 'attention', 'patchEmbed', 'patchMerging']),
    merges: false,
  },
  { label: 'all 1 bit', bits: ALL_BINARY, merges: false },
];

const OP_NAMES: ReadonlyMap<string, string> = new Map([
  ['patchEmbed', 'patch embedding'],
  ['patchEmbed.norm', 'patch norm'],
  ['tokens', 'class tokens'],
  ['posEmbed', 'positions'],
  ['attn.qk', 'q · k'],
  ['attn.av', 'attention · v'],
  ['attn.positionBias', 'position bias'],
  ['downsample.norm', 'merging: norm'],
  ['downsample.reduction', 'merging: reduction'],
  ['headDist', 'head of dist'],
]);

/** `attn.qkv`, or a word where the checkpoint has no key of that name. */
export function opName(key: string): string {
  return OP_NAMES.get(key) ?? key;
}

/** `blocks.0` is layer 1 on the page; Swin counts stages and blocks. */
export function layerName(key: string): string {
  const [, layer] = /^blocks\.(\d+)$/.exec(key) ?? [];
  if (layer !== undefined) return `layer ${Number(layer) + 1}`;
  const [, stage, block] = /^layers\.(\d+)\.(?:blocks\.(\d+)|downsample)$/.exec(key) ?? [];
  if (stage === undefined) return opName(key);
  return `stage ${Number(stage) + 1}, ${block === undefined ? 'merging' : `block ${Number(block) + 1}`}`;
}

/** `224 px, 198 tokens, 192 wide, 12 deep, 3 heads`. */
export function sizeLine(config: ModelConfig): string {
  return `${config.imageSize} px, ${architectureOf(config).sizes(config)}`;
}
