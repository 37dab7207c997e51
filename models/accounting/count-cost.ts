/** The cost of a model: its ops, and their sums by part, by layer, by name and in total. */
import { opsOf } from '@/models/architectures/configs';
import { sumAmounts, type Amounts, type OpCost } from '@/lib/accounting/op-cost';
import { ALL_REAL, type Bits, type PartBits } from '@/lib/accounting/precision';
import type { ModelConfig } from '@/models/architectures/configs';

export interface GroupCost extends Amounts {
  /** A part, a layer, or the name of an op. */
  readonly key: string;
  /** Of ops. */
  readonly count: number;
  /** Of its products, or of its parameters where it has none; `null`: both widths. */
  readonly bits: Bits | null;
}

export interface Cost {
  readonly ops: readonly OpCost[];
  readonly total: Amounts;
  /** In the order of the forward, like all groups; without parts that the architecture lacks. */
  readonly byPart: readonly GroupCost[];
  /** `blocks.0`, ...; ops outside of the layers are under their own names. */
  readonly byLayer: readonly GroupCost[];
  /** The same op of all layers: `attn.qkv`. */
  readonly byName: readonly GroupCost[];
  /** All parts at 32 bits. */
  readonly real: Amounts;
  /** OPs at full precision over OPs at this precision: the theoretical speedup. */
  readonly ratio: number;
}

/**
 * @param config validated: patches divide the image, heads the width
 */
export function countCost(config: ModelConfig, bits: PartBits): Cost {
  const ops = opsOf(config, bits);
  const total = sumAmounts(ops);
  const real = sumAmounts(opsOf(config, ALL_REAL));
  return {
    ops,
    total,
    byPart: groupBy(ops, ({ part }) => part),
    byLayer: groupBy(ops, ({ layer, name }) => layer ?? name),
    byName: groupBy(ops, ({ layer, name }) => (/\.downsample$/.test(layer ?? '') ? `downsample.${name}` : name)),
    real,
    ratio: real.ops / total.ops,
  };
}

function groupBy(ops: readonly OpCost[], keyOf: (op: OpCost) => string): readonly GroupCost[] {
  const groups = new Map<string, OpCost[]>();
  for (const op of ops) {
    const key = keyOf(op);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [op]);
    else members.push(op);
  }
  return [...groups].map(([key, members]) => {
    const products = members.filter(({ macs }) => macs > 0);
    const widths = new Set((products.length === 0 ? members : products).map(({ bits }) => bits));
    const [bits = 32] = widths;
    return { key, count: members.length, bits: widths.size === 1 ? bits : null, ...sumAmounts(members) };
  });
}
