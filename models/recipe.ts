/**
 * How a full-precision model is binarized on the spot, without training: plain data, importable by anyone.
 *
 * Each part by itself: the linears of the blocks, q, k and v, the softmaxed attention; in some layers only. FACTS 5 lists the
 * binarizers of attention.
 */
import type { BinarizerId } from '@/lib/worker/analysis';

/** Where a scaling factor comes from: it stays at 1; 2 mean |x|, as Bi-ViT's released code starts; or least squares. */
export const ALPHA_RULES = ['one', 'official', 'calibrated'] as const;
export type AlphaRule = (typeof ALPHA_RULES)[number];

export interface BinarizationRecipe {
  /** sign(w) mean |w| for each output row; what enters them by sign and one scale a token. */
  readonly linears: boolean;
  /** alpha sign(x / alpha) for each head. */
  readonly qkv: boolean;
  /** `null`: the attention stays real-valued. */
  readonly attention: BinarizerId | null;
  readonly alpha: AlphaRule;
  /** 0-based, inclusive, over the blocks that attend, in order. */
  readonly layers: { readonly from: number; readonly to: number };
}

/** More layers than any model here has. */
const ALL_LAYERS = 512;

/** The attention alone, in every layer: what this app is about. */
export const DEFAULT_RECIPE: BinarizationRecipe = {
  linears: false,
  qkv: true,
  attention: 'elastic',
  alpha: 'calibrated',
  layers: { from: 0, to: ALL_LAYERS - 1 },
};

const BINARIZERS: readonly BinarizerId[] = [
  'sign-alpha',
  'bool',
  'elastic',
  'softmax-aware',
  'group-superposition',
  'decomposition',
  'q-k-only',
];

/** For the address: `qkv.elastic.calibrated.1-512`, parts that are off left out, layers counted from 1. */
export function formatRecipe({ linears, qkv, attention, alpha, layers }: BinarizationRecipe): string {
  const parts = [linears ? 'lin' : null, qkv ? 'qkv' : null, attention, alpha, `${layers.from + 1}-${layers.to + 1}`];
  return parts.filter((part) => part !== null).join('.');
}

/** @returns `null` for a text that is no recipe */
export function parseRecipe(text: string): BinarizationRecipe | null {
  const match = /^(lin\.)?(qkv\.)?(?:([a-z-]{1,24})\.)?(one|official|calibrated)\.(\d{1,3})-(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const [, lin, qkv, name, rule, first, last] = match;
  const attention = name === undefined ? null : BINARIZERS.find((id) => id === name);
  const alpha = ALPHA_RULES.find((each) => each === rule);
  const layers = { from: Number(first) - 1, to: Number(last) - 1 };
  const isRange = layers.from >= 0 && layers.to >= layers.from && layers.to < ALL_LAYERS;
  if (attention === undefined || alpha === undefined || !isRange) return null;
  return { linears: lin !== undefined, qkv: qkv !== undefined, attention, alpha, layers };
}

const NAMES: { readonly [Id in BinarizerId]: string } = {
  'sign-alpha': 'sign with α and z',
  bool: 'bool',
  elastic: 'elastic',
  'softmax-aware': 'softmax-aware',
  'group-superposition': 'group superposition',
  decomposition: 'decomposition',
  'q-k-only': 'q and k only',
};

const RULES: { readonly [Rule in AlphaRule]: string } = {
  one: 'α stays at 1',
  official: 'α = 2 mean |x| per head',
  calibrated: 'α by least squares per head',
};

/** In words: `Binarized: q, k and v; attention (elastic). α by least squares per head.` */
export function recipeSentence({ linears, qkv, attention, alpha, layers }: BinarizationRecipe): string {
  const parts = [
    ...(linears ? ['linears'] : []),
    ...(qkv ? ['q, k and v'] : []),
    ...(attention === null ? [] : [`attention (${NAMES[attention]})`]),
  ];
  if (parts.length === 0) return 'Nothing is binarized.';
  const isAll = layers.from === 0 && layers.to >= ALL_LAYERS - 1;
  const where = isAll ? '' : ` in layers ${layers.from + 1} to ${layers.to + 1}`;
  return `Binarized: ${parts.join('; ')}${where}. ${RULES[alpha]}.`;
}
