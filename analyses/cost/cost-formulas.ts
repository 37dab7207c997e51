/** The formulas behind the account. */
import type { AboutFormula } from '@/components/ui/about';

const OWN = { text: 'Counted by this project from the shapes of the products', url: null };

export const COST_FORMULAS: readonly AboutFormula[] = [
  {
    label: 'Operations',
    latex: String.raw`\mathrm{OPs} = \frac{\mathrm{BOPs}}{64} + \mathrm{FLOPs}`,
    source: { text: 'As in ReActNet, ECCV 2020 (arXiv 2003.03488)', url: 'https://arxiv.org/abs/2003.03488' },
    note: 'Both in multiply-accumulates: BOPs those of two one-bit numbers, of which one XNOR and one popcount of a 64-bit word make 64; FLOPs all others. Norms, softmax, GELU, residuals, biases and scales are no products and are left out.',
  },
  {
    label: 'A linear, and both products of an attention',
    latex: String.raw`\mathrm{MACs} = N \, C_{\mathrm{in}} \, C_{\mathrm{out}}, \qquad \mathrm{MACs} = 2 \, N \, K \, C`,
    source: OWN,
    note: 'N tokens of width C; K keys that each query sees: all N in DeiT, the 49 of a window in Swin.',
  },
  {
    label: 'Bytes of a matrix',
    latex: String.raw`4 \, C_{\mathrm{in}} C_{\mathrm{out}} \quad\text{or}\quad C_{\mathrm{out}} \left( \lceil C_{\mathrm{in}} / 8 \rceil + 4 \right)`,
    source: OWN,
    note: 'At 32 bits, or at one bit with a 32-bit scale for each row. With the norms, biases and scales that a forward uses this is, to the byte, what the tensors of the embedded checkpoints take.',
  },
];

export const RATIO_FORMULAS: readonly AboutFormula[] = [
  {
    label: 'Theoretical acceleration',
    latex: String.raw`\frac{\mathrm{OPs}\ \text{at 32 bits}}{\mathrm{OPs}\ \text{at this precision}} \;\le\; 64`,
    source: OWN,
    note: 'It is 64 where every product is of one-bit numbers. What stays real-valued bounds it, as in Amdahl’s law.',
  },
];
