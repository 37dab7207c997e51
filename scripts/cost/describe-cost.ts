/** An account as lines of text, and as plain data for `--json`. */
import { EMBEDDED_FAMILIES } from '@/models/families/registry';
import { ARCHITECTURES } from '@/models/published';
import { countCost, type GroupCost } from '@/models/accounting/count-cost';
import type { Amounts } from '@/lib/accounting/op-cost';
import { COST_PARTS } from '@/lib/accounting/precision';
import { NOT_MEASURED, publishedRatio, ratioBounds } from '@/lib/accounting/published';
import { formatCount, formatOperations } from '@/lib/viz/format';
import type { ModelConfig } from '@/models/config';
import { distilledForm, layersOf } from '@/models/architectures/configs';
import { queryCount } from '@/models/architectures/layer-shape';
import type { CostRequest } from '@/scripts/cost/read-request';

export function describeCost({ model, config, bits, layers }: CostRequest): readonly string[] {
  const { byName, byPart, byLayer, total, real, ratio } = countCost(config, bits);
  const present = COST_PARTS.filter((part) => byPart.some(({ key }) => key === part));
  const binary = present.filter((part) => bits[part] === 1);
  const published = publishedRatio(model);
  return [
    `${titleOf(model, config)}; one bit: ${binary.length === 0 ? 'nothing' : binary.join(', ')}. One image; k, M, G: 1e3, 1e6, 1e9 multiply-accumulates.`,
    '',
    ...table('op', byName, total),
    '',
    ...table('part', byPart, total),
    ...(layers ? ['', ...table('layer', byLayer, total)] : []),
    '',
    'OPs = BOPs / 64 + FLOPs. Norms, softmax, GELU, residuals, biases and scales are no products and not counted.',
    `weights: ${formatCount(total.bytes)} bytes; ${formatCount(real.bytes)} at full precision, ${times(real.bytes / total.bytes)} as many`,
    '',
    published === null
      ? 'as published  n/a    the paper prints none for this model'
      : `as published  ${times(published.ratio)}  ${published.realGigaOps} / ${published.binaryGigaOps} G, entries rounded to two decimals, which may stand for anything from ${times(ratioBounds(published).low)} to ${times(ratioBounds(published).high)}`,
    `recomputed    ${times(ratio)}  ${formatOperations(real.ops)} / ${formatOperations(total.ops)} OPs, exact counts, for the parts that are one bit here`,
    `measured      n/a    ${NOT_MEASURED}`,
  ];
}

/** `ops` one by one; `measured` is `null`: nothing is run here. */
export function costData({ model, config, bits }: CostRequest): object {
  const { ratio, ...cost } = countCost(config, bits);
  const published = publishedRatio(model);
  const ratios = {
    published: published && { ...published, ...ratioBounds(published) },
    recomputed: ratio,
    measured: null,
  };
  return { model, config, bits, ratios, ...cost };
}

function titleOf(model: string, config: ModelConfig): string {
  const family = EMBEDDED_FAMILIES.find((each) => each.config === config);
  const name = family?.name ?? Object.entries(ARCHITECTURES).find(([id]) => id === model)?.[1].name ?? 'Custom DeiT';
  const tokens = distilledForm(config) === null ? '' : `, ${queryCount(layersOf(config))} tokens`;
  return `${name}, ${config.imageSize} px${tokens}`;
}

const HEADINGS = ['count', 'bits', 'parameters', 'MACs', 'BOPs', 'FLOPs', 'OPs', 'share', 'bytes'] as const;

function table(what: string, groups: readonly GroupCost[], total: Amounts): readonly string[] {
  const row = ({ key, count, bits, ...amounts }: GroupCost): readonly string[] => [
    key,
    String(count),
    bits === null ? 'both' : String(bits),
    ...cells(amounts, total),
  ];
  const rows = [[what, ...HEADINGS], ...groups.map(row), ['total', '', '', ...cells(total, total)]];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cellsOf) => cellsOf[column]?.length ?? 0))) ?? [];
  return rows.map((cellsOf) =>
    cellsOf
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

function cells(amounts: Amounts, total: Amounts): readonly string[] {
  const { parameters, macs, bops, flops, ops, bytes } = amounts;
  const operations = [macs, bops, flops, ops].map((n) => (n === 0 ? '-' : formatOperations(n)));
  const share = ops === 0 ? '-' : `${((100 * ops) / total.ops).toFixed(1)} %`;
  return [formatCount(parameters), ...operations, share, formatCount(bytes)];
}

function times(ratio: number): string {
  return `${ratio.toFixed(1)}x`;
}
