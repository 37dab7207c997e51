import type { ModelId } from '@/engine/protocol';

/** How panels call the five; short enough for a chip. */
export const MODEL_NAMES: { readonly [Id in ModelId]: string } = {
  teacher: 'Teacher',
  baseline: 'Baseline',
  scaling: '+ scaling',
  ranking: '+ ranking',
  'bi-vit': 'Bi-ViT',
};

/** What a model is, in a few words. */
export const MODEL_NOTES: { readonly [Id in ModelId]: string } = {
  teacher: 'full precision',
  baseline: 'binary, no cure',
  scaling: 'binary, scaling factor',
  ranking: 'binary, ranking distillation',
  'bi-vit': 'binary, both cures',
};
