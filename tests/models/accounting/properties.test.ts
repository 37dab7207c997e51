import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCHITECTURE_IDS, ARCHITECTURES } from '@/models/published';
import { countCost } from '@/models/accounting/count-cost';
import { customConfig, CUSTOM_RANGES, CUSTOM_SIZES, type CustomSizes } from '@/models/accounting/custom-config';
import { sumAmounts, type Amounts } from '@/lib/accounting/op-cost';
import { ALL_BINARY, binaryParts, COST_PARTS } from '@/lib/accounting/precision';
import { parseConfig, type ModelConfig } from '@/models/config';
import type { DeitConfig } from '@/models/architectures/deit/config';
import { QUANTIZATION_NAMES } from '@/models/quantization';
import type { SwinConfig } from '@/models/architectures/swin/config';

const AMOUNTS = ['parameters', 'macs', 'bops', 'flops', 'ops', 'bytes'] as const satisfies readonly (keyof Amounts)[];
const int = (min: number, max: number) => fc.integer({ min, max });

const deit: fc.Arbitrary<DeitConfig> = fc
  .record({
    heads: int(1, 6),
    size: int(1, 24),
    patches: int(1, 8),
    patch: int(1, 16),
    depth: int(1, 6),
    classes: int(1, 50),
  })
  .chain(({ heads, size, patches, patch, depth, classes }) =>
    fc.record({
      architecture: fc.constant('deit' as const),
      quantization: fc.constantFrom(...QUANTIZATION_NAMES),
      imageSize: fc.constant(patches * patch),
      patchSize: fc.constant(patch),
      inChannels: int(1, 4),
      embedDim: fc.constant(heads * size),
      depth: fc.constant(depth),
      numHeads: fc.constant(heads),
      mlpRatio: fc.constantFrom(0.5, 2, 3.3, 4),
      numClasses: fc.constant(classes),
      distilled: fc.boolean(),
      normEps: fc.constant(1e-6),
      qkNormEps: fc.constant(1e-5),
    }),
  );

const swin: fc.Arbitrary<SwinConfig> = fc
  .record({ window: int(1, 4), stages: int(1, 3), depth: int(1, 3), size: int(1, 8) })
  .chain(({ window, stages, depth, size }) =>
    fc.record({
      architecture: fc.constant('swin' as const),
      quantization: fc.constantFrom(...QUANTIZATION_NAMES),
      imageSize: fc.constant(window * 2 ** stages * 4),
      patchSize: fc.constant(4),
      inChannels: int(1, 4),
      embedDim: fc.constant(2 * size),
      depths: fc.constant(Array.from({ length: stages }, () => depth)),
      numHeads: fc.constant(Array.from({ length: stages }, (_, s) => 2 ** s)),
      windowSize: fc.constant(window),
      mlpRatio: fc.constantFrom(2, 4),
      numClasses: int(1, 50),
      normEps: fc.constant(1e-5),
    }),
  );

const anyConfig: fc.Arbitrary<ModelConfig> = fc.oneof(deit, swin);
const anyBits = fc.subarray([...COST_PARTS]).map(binaryParts);

describe('the cost of a model', () => {
  it('is the sum of its groups, however grouped', () => {
    fc.assert(
      fc.property(anyConfig, anyBits, (config, bits) => {
        const cost = countCost(config, bits);
        for (const groups of [cost.ops, cost.byPart, cost.byLayer, cost.byName]) {
          const sum = sumAmounts(groups);
          for (const amount of AMOUNTS) expect(sum[amount]).toBeCloseTo(cost.total[amount], 5);
        }
      }),
    );
  });

  it('has every multiply-accumulate in one bit or in floating point, and counts 64 of the former as one', () => {
    fc.assert(
      fc.property(anyConfig, anyBits, (config, bits) => {
        for (const op of countCost(config, bits).ops) {
          expect(op.bops + op.flops).toBe(op.macs);
          expect(op.ops).toBe(op.bops / 64 + op.flops);
          expect(op.part === 'rest' ? op.macs : bits[op.part]).toBe(op.part === 'rest' ? 0 : op.bits);
        }
      }),
    );
  });

  it('doubles in the blocks, and nowhere else, when the depth doubles', () => {
    const inBlocks = (config: ModelConfig, bits: Parameters<typeof countCost>[1], wanted: boolean): Amounts =>
      sumAmounts(countCost(config, bits).byLayer.filter(({ key }) => key.includes('blocks.') === wanted));
    fc.assert(
      fc.property(anyConfig, anyBits, (config, bits) => {
        const deeper: ModelConfig =
          config.architecture === 'deit'
            ? { ...config, depth: 2 * config.depth }
            : { ...config, depths: config.depths.map((depth) => 2 * depth) };
        const once = inBlocks(config, bits, true);
        const twice = inBlocks(deeper, bits, true);
        for (const amount of AMOUNTS) expect(twice[amount]).toBeCloseTo(2 * once[amount], 5);
        expect(inBlocks(deeper, bits, false)).toEqual(inBlocks(config, bits, false));
      }),
    );
  });

  it('falls 64 times where all is binary, less where something is not, and never rises', () => {
    fc.assert(
      fc.property(anyConfig, anyBits, (config, bits) => {
        expect(countCost(config, ALL_BINARY).ratio).toBeCloseTo(64, 8);
        const { ratio, byPart } = countCost(config, bits);
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(64 + 1e-9);
        if (byPart.some(({ macs, bits: width }) => macs > 0 && width === 32)) expect(ratio).toBeLessThan(64);
      }),
    );
  });

  it('does not rise when one more part is binary', () => {
    fc.assert(
      fc.property(anyConfig, anyBits, fc.constantFrom(...COST_PARTS), (config, bits, part) => {
        const more = countCost(config, { ...bits, [part]: 1 });
        expect(more.total.ops).toBeLessThanOrEqual(countCost(config, { ...bits, [part]: 32 }).total.ops);
        expect(more.total.macs).toBe(more.real.macs);
      }),
    );
  });
});

describe('a published configuration', () => {
  it.each(ARCHITECTURE_IDS)('is valid in a checkpoint: %s', (id) => {
    const { config } = ARCHITECTURES[id];
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
  });
});

describe('a custom configuration', () => {
  const SIZES: CustomSizes = {
    embedDim: 192,
    depth: 12,
    numHeads: 3,
    imageSize: 224,
    patchSize: 16,
    numClasses: 1000,
    mlpRatio: 4,
    distilled: false,
  };

  it('is DeiT-Tiny for its sizes', () => {
    expect(customConfig(SIZES)).toEqual({ kind: 'config', config: ARCHITECTURES.deit_tiny.config });
  });

  it.each<[string, Partial<CustomSizes>, string]>([
    ['patches that do not fill the image', { patchSize: 15 }, 'for example 14.'],
    ['heads that do not share the width', { numHeads: 5 }, 'for example 4.'],
    ['half a layer', { depth: 1.5 }, 'Depth 1.5 is not a whole number.'],
    ['no classes', { numClasses: 0 }, 'Classes 0 is outside 1 to 22000.'],
    ['NaN', { embedDim: NaN }, 'Width NaN is outside 8 to 2048.'],
  ])('is rejected for %s, with a sentence that proposes a fix', (_what, change, words) => {
    const result = customConfig({ ...SIZES, ...change });
    expect(result.kind === 'refused' ? result.sentence : '').toContain(words);
  });

  it('is counted or rejected, and the proposed fix is accepted', () => {
    const numbers = fc.record(
      Object.fromEntries(
        CUSTOM_SIZES.map((size) => [size, int(Math.ceil(CUSTOM_RANGES[size].min), CUSTOM_RANGES[size].max)]),
      ),
    );
    fc.assert(
      fc.property(numbers, (chosen) => {
        const result = customConfig({ ...SIZES, ...chosen });
        if (result.kind === 'config') {
          expect(countCost(result.config, ALL_BINARY).ratio).toBeCloseTo(64, 8);
          return;
        }
        const proposed = Number(/for example (\d+)\.$/.exec(result.sentence)?.[1]);
        const what = result.sentence.includes('heads') ? 'numHeads' : 'patchSize';
        const second = customConfig({ ...SIZES, ...chosen, [what]: proposed });
        expect(second.kind === 'config' || second.sentence.includes('heads')).toBe(true);
      }),
    );
  });
});
