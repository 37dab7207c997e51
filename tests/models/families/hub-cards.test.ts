import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_REAL } from '@/lib/accounting/precision';
import { isRepoId } from '@/lib/checkpoints/hub-address';
import { HUB_CARDS } from '@/models/families/hub-cards';
import { parseSafetensors } from '@/lib/checkpoints/safetensors';
import { parseConfig, type ModelConfig } from '@/models/config';
import { configOf } from '@/models/infer-config';

const DEIT_TINY = '../shared/weights/deit_tiny_patch16_224.safetensors';

function configOfCard(repo: string): ModelConfig {
  const card = HUB_CARDS.find((card) => card.repo === repo);
  if (card === undefined) throw new Error(`there is no card of ${repo}`);
  return card.config;
}

describe('the cards', () => {
  it.each(HUB_CARDS)('have a configuration that would be believed of a file: $repo', ({ config }) => {
    expect(parseConfig(JSON.stringify(config))).toEqual(config);
    expect(config.quantization).toBe('none');
  });

  it.each(HUB_CARDS)('name a repository that may be asked for: $repo', ({ repo }) => {
    expect(isRepoId(repo)).toBe(true);
  });

  it('name each repository, and each model, once', () => {
    expect(new Set(HUB_CARDS.map(({ repo }) => repo)).size).toBe(HUB_CARDS.length);
    expect(new Set(HUB_CARDS.map(({ name }) => name)).size).toBe(HUB_CARDS.length);
  });

  it.each(HUB_CARDS)('say in the configuration what timm’s name says: $repo', ({ repo, config }) => {
    const [, patch, window, size] = /_patch(\d+)(?:_window(\d+))?_(\d+)\./.exec(repo) ?? [];
    expect([config.patchSize, config.imageSize]).toEqual([Number(patch), Number(size)]);
    if (config.architecture === 'swin') expect(config.windowSize).toBe(Number(window));
    else expect(config.distilled).toBe(repo.includes('_distilled_'));
  });

  it.each(HUB_CARDS)('have heads as wide as published: $repo', ({ config }) => {
    const heads = config.architecture === 'deit' ? [config.numHeads] : config.numHeads;
    const published = config.architecture === 'deit' ? 64 : 32;
    expect(heads.map((count, stage) => (config.embedDim * 2 ** stage) / count)).toEqual(heads.map(() => published));
  });
});

/** In millions, as the repositories' own cards state them ("Params (M)"). */
const PUBLISHED_MILLIONS: readonly (readonly [repo: string, millions: number])[] = [
  ['timm/deit_tiny_patch16_224.fb_in1k', 5.7],
  ['timm/deit_small_patch16_224.fb_in1k', 22.1],
  ['timm/deit_tiny_distilled_patch16_224.fb_in1k', 5.9],
  ['timm/vit_tiny_patch16_224.augreg_in21k_ft_in1k', 5.7],
  ['timm/swin_tiny_patch4_window7_224.ms_in1k', 28.3],
];

describe('the parameters that are counted from a card', () => {
  it.each(PUBLISHED_MILLIONS)('are those published: %s has %f million, within 2 %', (repo, millions) => {
    const counted = countCost(configOfCard(repo), ALL_REAL).total.parameters / 1e6;
    expect(Math.abs(counted / millions - 1)).toBeLessThan(0.02);
  });

  it('are held against the published ones for every card', () => {
    expect(PUBLISHED_MILLIONS.map(([repo]) => repo)).toEqual(HUB_CARDS.map(({ repo }) => repo));
  });
});

describe('the card of DeiT-Tiny', () => {
  it.skipIf(!existsSync(DEIT_TINY))('is what the shapes in its file tell', () => {
    const checkpoint = parseSafetensors(readFileSync(DEIT_TINY));
    expect(configOf(checkpoint)).toEqual(configOfCard('timm/deit_tiny_patch16_224.fb_in1k'));
  });
});
