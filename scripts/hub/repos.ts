/**
 * The repositories of the hub on this machine: the project's own small models, which are in every checkout, and published weights where
 * there is a folder with them. Each has a config.json as timm writes it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HubRepo } from '@/scripts/hub/hub-server';

/** A config.json with the preprocessing that every DeiT was trained with. */
function timmConfig(architecture: string, size: number, crop: number): Uint8Array {
  const config = {
    architecture,
    pretrained_cfg: {
      input_size: [3, size, size],
      fixed_input_size: true,
      interpolation: 'bicubic',
      crop_pct: crop,
      crop_mode: 'center',
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
  };
  return new TextEncoder().encode(JSON.stringify(config, null, 2));
}

/** @param golden folder of the project's small models @param weights folder of published weights, which may be missing */
export function hubRepos(golden: string, weights: string): readonly HubRepo[] {
  const micro = (name: string): HubRepo => ({
    id: `lens/${name}`,
    licence: 'mit',
    files: new Map([
      ['config.json', timmConfig(name, 32, 0.875)],
      ['model.safetensors', readFileSync(join(golden, `${name}.safetensors`))],
    ]),
  });
  const repos: HubRepo[] = [
    micro('deit_micro'),
    micro('swin_micro'),
    micro('official_bi_deit_micro'),
    { id: 'lens/without-weights', licence: 'mit', files: new Map([['pytorch_model.bin', new Uint8Array([1, 2, 3])]]) },
  ];
  const deitTiny = join(weights, 'deit_tiny_patch16_224.safetensors');
  if (existsSync(deitTiny)) {
    const files = new Map([
      ['README.md', new TextEncoder().encode('DeiT-Tiny, as published.\n')],
      ['config.json', timmConfig('deit_tiny_patch16_224', 224, 0.9)],
      ['model.safetensors', readFileSync(deitTiny)],
    ]);
    repos.push({ id: 'timm/deit_tiny_patch16_224.fb_in1k', licence: 'apache-2.0', files });
  }
  return repos;
}
