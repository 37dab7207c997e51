import { describe, expect, it } from 'vitest';
import { ALL_BINARY, AS_IN_THE_CODE, binaryParts } from '@/lib/accounting/precision';
import { costData, describeCost } from '@/scripts/cost/describe-cost';
import { readRequest } from '@/scripts/cost/read-request';

const ask = (line: string) => readRequest(line.split(' ').filter((word) => word !== ''));
const line = (text: string, start: string): string =>
  describeCost(ask(text)).find((each) => each.startsWith(start)) ?? '';

describe('npm run cost reads', () => {
  it('a model, its tokens and which parts are one bit', () => {
    expect(ask('--model deit_tiny').config).toMatchObject({ embedDim: 192, distilled: false });
    expect(ask('--model deit_tiny --tokens 198').config).toMatchObject({ distilled: true });
    for (const name of ['fashion-mnist', 'embedded'])
      expect(ask(`--model ${name} --tokens 50`).config).toMatchObject({ embedDim: 64, distilled: false });
    expect(ask('--model swin_tiny').bits).toEqual(AS_IN_THE_CODE);
    expect(ask('--model swin_tiny --binary all').bits).toEqual(ALL_BINARY);
    expect(ask('--model swin_tiny --binary linears,patch-merging').bits).toEqual(
      binaryParts(['linears', 'patchMerging']),
    );
  });

  it('the sizes of a custom model', () => {
    const { config } = ask('--model custom --width 256 --heads 8 --depth 6 --image 64 --patch 8 --mlp-ratio 2');
    expect(config).toMatchObject({ embedDim: 256, numHeads: 8, depth: 6, imageSize: 64, patchSize: 8, mlpRatio: 2 });
  });

  it.each([
    ['', /Models: fashion-mnist, deit_tiny, deit_small, deit_base, swin_tiny, swin_small, custom\.$/],
    ['--model vit', /no model "vit"; the known ones are fashion-mnist, deit_tiny/],
    ['--model deit_tiny --binary linear', /no part "linear"; the known ones are linears, attention, patch-embed/],
    ['--model deit_tiny --tokens 200', /has 197 tokens, or 198 .* "200" is neither/],
    ['--model swin_tiny --tokens 198', /no class tokens: leave --tokens out/],
    ['--model deit_tiny --width 64', /--width goes with --model custom/],
    ['--model custom --width 100', /cannot be shared among 3 heads/],
    ['--model custom --depth many', /Depth NaN is outside 1 to 48/],
  ])('and rejects "%s" with a sentence', (text, sentence) => {
    expect(() => ask(text)).toThrow(sentence);
  });
});

describe('npm run cost prints', () => {
  it('three labelled numbers', () => {
    const command = '--model deit_tiny --tokens 198';
    expect(line(command, 'as published')).toMatch(/61\.5x {2}1\.23 \/ 0\.02 G, entries rounded/);
    expect(line(command, 'recomputed')).toMatch(/26\.0x {2}1261\.0\sM \/ 48\.53\sM/);
    expect(line(command, 'measured')).toMatch(/n\/a .*npm run bench/);
    expect(line('--model deit_small', 'as published')).toMatch(/n\/a .*prints none/);
  });

  it('a line for each op with the totals beneath, and for layers on request', () => {
    const lines = describeCost(ask('--model swin_tiny'));
    expect(lines.find((each) => each.startsWith('attn.qkv '))).toMatch(/ 12 {5}1 .*1040\.4\sM/);
    expect(lines.filter((each) => each.startsWith('total'))).toHaveLength(2);
    expect(lines.some((each) => each.startsWith('layers.0.downsample'))).toBe(false);
    expect(line('--model swin_tiny --layers', 'layers.0.downsample')).toMatch(/57\.80\sM/);
    expect(new Set(lines.slice(2, 18).map((each) => each.length)).size).toBe(1);
  });

  it('the same as JSON', () => {
    expect(costData(ask('--model swin_tiny --json'))).toMatchObject({
      model: 'swin_tiny',
      total: { parameters: 28_296_178 },
      ratios: { published: { ratio: 56.1 }, recomputed: expect.closeTo(52.74, 2), measured: null },
    });
  });
});
