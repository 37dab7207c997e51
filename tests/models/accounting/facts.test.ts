import { describe, expect, it } from 'vitest';
import { distilledForm } from '@/models/architectures/configs';
import { ARCHITECTURES, type ArchitectureId } from '@/models/published';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_BINARY, ALL_REAL, AS_IN_THE_CODE, binaryParts, type CostPart } from '@/lib/accounting/precision';
import { PUBLISHED, ratioBounds } from '@/lib/accounting/published';
import type { ModelConfig } from '@/models/config';

/** FACTS 4, to its printed digits. */

const named = (id: ArchitectureId): ModelConfig => ARCHITECTURES[id].config;
function distilled(id: ArchitectureId): ModelConfig {
  const config = distilledForm(named(id));
  if (config === null) throw new Error(`${id} has no distilled form`);
  return config;
}
const mega = (operations: number | undefined, decimals: number): string =>
  ((operations ?? NaN) / 1e6).toFixed(decimals);
const partOf = (config: ModelConfig, part: CostPart): number | undefined =>
  countCost(config, ALL_REAL).byPart.find(({ key }) => key === part)?.ops;
const exceptHeads = binaryParts(['linears', 'attention', 'patchEmbed', 'patchMerging']);

describe('the operations of FACTS 4, in M', () => {
  it.each<[string, ModelConfig, Partial<Record<CostPart, string>>, string]>([
    [
      'DeiT-T, N = 197',
      named('deit_tiny'),
      { linears: '1045.76', attention: '178.83', patchEmbed: '28.90', heads: '0.192' },
      '1253.7',
    ],
    [
      'DeiT-T, N = 198',
      distilled('deit_tiny'),
      { linears: '1051.07', attention: '180.65', patchEmbed: '28.90', heads: '0.384' },
      '1261.0',
    ],
    [
      'DeiT-S, N = 198',
      distilled('deit_small'),
      { linears: '4204.3', attention: '361.3', patchEmbed: '57.80', heads: '0.768' },
      '4624.1',
    ],
    [
      'Swin-T',
      named('swin_tiny'),
      { linears: '4161.8', attention: '140.1', patchEmbed: '14.45', heads: '0.768', patchMerging: '173.4' },
      '4490.6',
    ],
  ])('%s', (_name, config, parts, total) => {
    for (const part of ['linears', 'attention', 'patchEmbed', 'heads', 'patchMerging'] as const) {
      const printed = parts[part];
      if (printed === undefined) expect(partOf(config, part)).toBeUndefined();
      else expect(mega(partOf(config, part), printed.split('.')[1]?.length ?? 0)).toBe(printed);
    }
    expect(mega(countCost(config, ALL_REAL).total.ops, 1)).toBe(total);
  });

  it('DeiT-T, N = 198, its blocks alone', () => {
    const blocks = countCost(distilled('deit_tiny'), ALL_REAL).byLayer.filter(({ key }) => key.startsWith('blocks.'));
    expect(blocks).toHaveLength(12);
    expect(
      mega(
        blocks.reduce((sum, { ops }) => sum + ops, 0),
        1,
      ),
    ).toBe('1231.7');
  });
});

describe('the ratios of FACTS 4', () => {
  it.each([
    ['DeiT-T, N = 198', distilled('deit_tiny'), ['62.8', '26.0']],
    ['Swin-T', named('swin_tiny'), ['63.3', '52.7']],
  ])('%s: everything binary, heads real, as in the code', (_name, config, [heads, code]) => {
    expect(countCost(config, ALL_REAL).ratio).toBe(1);
    expect(countCost(config, ALL_BINARY).ratio).toBeCloseTo(64, 10);
    expect(countCost(config, exceptHeads).ratio.toFixed(1)).toBe(heads);
    expect(countCost(config, AS_IN_THE_CODE).ratio.toFixed(1)).toBe(code);
  });

  it('Swin-T with real patch merging', () => {
    expect(countCost(named('swin_tiny'), binaryParts(['linears', 'attention'])).ratio.toFixed(1)).toBe('17.6');
  });

  it('match the printed ones only from entries that were rounded first', () => {
    for (const { ratio, realGigaOps, binaryGigaOps } of Object.values(PUBLISHED)) {
      expect((realGigaOps / binaryGigaOps).toFixed(1)).toBe(ratio.toFixed(1));
    }
    const entry = (operations: number): number => Number((operations / 1e9).toFixed(2));
    const deit = countCost(distilled('deit_tiny'), ALL_REAL).byLayer.filter(({ key }) => key.startsWith('blocks.'));
    const blocks = deit.reduce((sum, { ops }) => sum + ops, 0);
    expect(entry(blocks)).toBe(PUBLISHED.deit_tiny.realGigaOps);
    expect(entry(blocks / 64)).toBe(PUBLISHED.deit_tiny.binaryGigaOps);
    expect(entry(countCost(named('swin_tiny'), ALL_REAL).total.ops)).toBe(PUBLISHED.swin_tiny.realGigaOps);
  });

  it('leave a wide range for the rounded entries', () => {
    const bounds = ratioBounds(PUBLISHED.deit_tiny);
    expect([bounds.low, bounds.high].map((bound) => bound.toFixed(1))).toEqual(['49.0', '82.3']);
    const swin = ratioBounds(PUBLISHED.swin_tiny);
    expect([swin.low, swin.high].map((bound) => bound.toFixed(1))).toEqual(['52.8', '59.9']);
  });
});

describe('the parameters', () => {
  it.each([
    ['DeiT-Tiny: one class token, real-valued', named('deit_tiny'), ALL_REAL, 5_717_416],
    [
      'official Bi-DeiT-Tiny: two heads, norms of q and k, alphas, zero points, idle biases',
      distilled('deit_tiny'),
      AS_IN_THE_CODE,
      5_914_160,
    ],
    [
      'official Bi-Swin-Tiny: alphas and zero points of the heads and of patch merging',
      named('swin_tiny'),
      AS_IN_THE_CODE,
      28_296_178,
    ],
    // Less 8 for each of the 138 heads, 6,720 of the three mergings.
    ['Swin-Tiny, real-valued', named('swin_tiny'), ALL_REAL, 28_296_178 - 8 * 138 - 6720],
    // More by a token, its position and its head.
    ['DeiT-Tiny with two class tokens, real-valued', distilled('deit_tiny'), ALL_REAL, 5_717_416 + 192 + 192 + 193_000],
  ])('%s', (_name, config, bits, parameters) => {
    expect(countCost(config, bits).total.parameters).toBe(parameters);
  });
});
