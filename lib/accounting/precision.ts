/** Which parts of a model are binary. */

export const COST_PARTS = ['linears', 'attention', 'patchEmbed', 'heads', 'patchMerging'] as const;
export type CostPart = (typeof COST_PARTS)[number];

/** Of both operands of a part's products. */
export type Bits = 1 | 32;

export type PartBits = { readonly [Part in CostPart]: Bits };

export const ALL_REAL: PartBits = binaryParts([]);
export const ALL_BINARY: PartBits = binaryParts(COST_PARTS);
/** As in Bi-ViT's released code: patch embedding and heads stay real-valued. */
export const AS_IN_THE_CODE: PartBits = binaryParts(['linears', 'attention', 'patchMerging']);

/** 1 bit for these parts, 32 for the others. */
export function binaryParts(parts: readonly CostPart[]): PartBits {
  return Object.fromEntries(COST_PARTS.map((part) => [part, parts.includes(part) ? 1 : 32])) as PartBits;
}
