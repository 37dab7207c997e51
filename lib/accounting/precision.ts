/** What can be binary, part by part, and the choices of parts that people speak of. */

export const COST_PARTS = ['linears', 'attention', 'patchEmbed', 'heads', 'patchMerging'] as const;
export type CostPart = (typeof COST_PARTS)[number];

/** Bits of both operands of a part's products. */
export type Bits = 1 | 32;

export type PartBits = { readonly [Part in CostPart]: Bits };

export const ALL_REAL: PartBits = binaryParts([]);
export const ALL_BINARY: PartBits = binaryParts(COST_PARTS);
/** As Bi-ViT's released code has it: patch embedding and heads stay real-valued. */
export const AS_IN_THE_CODE: PartBits = binaryParts(['linears', 'attention', 'patchMerging']);

/** 1 bit for the parts that are named, 32 for the others. */
export function binaryParts(parts: readonly CostPart[]): PartBits {
  const bitsOf = (part: CostPart): Bits => (parts.includes(part) ? 1 : 32);
  return {
    linears: bitsOf('linears'),
    attention: bitsOf('attention'),
    patchEmbed: bitsOf('patchEmbed'),
    heads: bitsOf('heads'),
    patchMerging: bitsOf('patchMerging'),
  };
}
