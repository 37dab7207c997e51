/**
 * `npm run causes [-- --images 200] [--backend wasm|cpu]`: what each cure does to the two causes, over the shipped images.
 *
 * Asks the app's own engine what its Gradient and Ranking tabs ask, picture by picture, and prints means by layer; the loss is that of
 * the true class.
 */
import { DEFAULT_FAMILY } from '@/models/families/registry';
import type { MemberId } from '@/models/families/family';
import { TOP_K } from '@/lib/metrics/top-k-overlap';
import { GRADIENTS } from '@/analyses/gradient/protocol';
import { RANKING, type RankingGrid } from '@/analyses/ranking/protocol';
import { parseArgs } from 'node:util';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';
import type { Engine } from '@/engine/protocol';
import type { CellValue } from '@/lib/metrics/cell';
import { createNodeEngine, familyPictures, startWithFamily } from '@/scripts/node-engine';

/** A mean that grows: what is undefined does not count. */
class Mean {
  private sum = 0;
  private count = 0;

  add(value: number | null, weight = 1): void {
    if (value === null || weight === 0) return;
    this.sum += weight * value;
    this.count += weight;
  }

  get text(): string {
    return this.count === 0 ? 'n/a' : (this.sum / this.count).toFixed(3);
  }
}

/** Rows of the tables: a model, a quantity, and a mean for each layer. */
class Table {
  private readonly rows = new Map<string, Mean[]>();

  add(model: MemberId, quantity: string, layer: number, value: number | null, weight = 1): void {
    const key = `${model.padEnd(10)}${quantity.padEnd(33)}`;
    const row = this.rows.get(key) ?? [];
    this.rows.set(key, row);
    (row[layer] ??= new Mean()).add(value, weight);
  }

  print(): void {
    for (const [key, means] of this.rows) console.log(key + means.map(({ text }) => text.padStart(8)).join(''));
  }
}

const NORMS = ['gradScores', 'gradAttention', 'gradQ'] as const;

function addFlow(table: Table, model: MemberId, layer: number, { passShare, softmaxSlope, ...head }: HeadFlow): void {
  for (const [part, share] of Object.entries(passShare)) table.add(model, `pass share at ${part}`, layer, share);
  table.add(model, 'mean p(1 - p)', layer, softmaxSlope);
  for (const norm of NORMS) {
    table.add(model, `log10 |${norm}|, not 0`, layer, head[norm] === 0 ? null : Math.log10(head[norm]));
    table.add(model, `share of heads ${norm} = 0`, layer, head[norm] === 0 ? 1 : 0);
  }
}

function addRanking(table: Table, model: MemberId, when: string, { tauB, tieShare, topKOverlap }: RankingGrid): void {
  const add = (name: string, grid: readonly (readonly CellValue[])[]): void =>
    grid.forEach((heads, layer) => {
      for (const { value, definedRows } of heads) table.add(model, `${name}, ${when}`, layer, value, definedRows);
    });
  add('tau-b', tauB);
  add('tie share', tieShare);
  add(`top-${TOP_K} overlap`, topKOverlap);
}

async function analyze(
  engine: Engine,
  table: Table,
  ticket: number,
  pixels: Float32Array,
  label: number,
): Promise<void> {
  const ignore = (): void => {};
  const { models } = await engine.analyze(ticket, GRADIENTS, { target: label }, pixels, ignore);
  const { students } = await engine.analyze(ticket, RANKING, { k: TOP_K }, pixels, ignore);
  for (const [id, { flow }] of Object.entries(models)) {
    flow.forEach((heads, layer) => heads.forEach((head) => addFlow(table, id, layer, head)));
  }
  for (const [id, { before, after }] of Object.entries(students)) {
    addRanking(table, id, 'scores', before);
    addRanking(table, id, 'binarized', after);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { images: { type: 'string', default: '200' }, backend: { type: 'string', default: 'wasm' } },
  });
  if (values.backend !== 'wasm' && values.backend !== 'cpu') throw new Error('--backend is wasm or cpu');
  const samples = await familyPictures().samples(Number(values.images), DEFAULT_FAMILY.preprocessing);
  const engine = createNodeEngine();
  await startWithFamily(engine, values.backend);
  const table = new Table();
  for (const [i, { pixels, label }] of samples.entries()) await analyze(engine, table, i + 1, pixels, label ?? 0);
  console.log(`Means over ${samples.length} shipped images and all heads, by layer; ${values.backend}.`);
  table.print();
}

await main();
