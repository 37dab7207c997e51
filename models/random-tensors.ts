/** Tensors made up from a seed, for checkpoints without training. */
import type { CheckpointTensor } from '@/lib/checkpoints/checkpoint';
import { createRng } from '@/lib/math/rng';

/**
 * Latent weights, for the quantizations 'none' and 'bi-vit-elastic'. Of the same seed, both have the same weights where both have any.
 * An attention's alpha is twice an even share, so that about every second entry is kept.
 */
export class RandomTensors {
  readonly tensors = new Map<string, CheckpointTensor>();

  constructor(
    readonly binary: boolean,
    private readonly seed: number,
  ) {}

  /** Each tensor has a generator of its own: what else there is does not change it. */
  normal(key: string, shape: readonly number[], mean = 0, deviation = 0.5): void {
    const rng = createRng(this.seed * 1_000_003 + hashOf(key));
    const length = shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length }, () => mean + deviation * rng.normal());
    this.tensors.set(key, { dtype: 'F32', shape, data });
  }

  norm(key: string, size: number): void {
    this.normal(`${key}.weight`, [size], 1, 0.1);
    this.normal(`${key}.bias`, [size], 0, 0.1);
  }

  linear(key: string, to: number, from: number): void {
    this.normal(`${key}.weight`, [to, from], 0, 1 / Math.sqrt(from));
    this.normal(`${key}.bias`, [to], 0, 0.1);
  }

  /** Positive, one for each of `size`. */
  alpha(key: string, size: number, mean: number): void {
    if (this.binary) this.normal(`${key}.alpha`, [size], mean, mean / 50);
  }

  attention(key: string, width: number, heads: number, tokens: number, qkNorm: boolean): void {
    this.linear(`${key}.qkv`, 3 * width, width);
    this.linear(`${key}.proj`, width, width);
    for (const name of ['q', 'k', 'v']) this.alpha(`${key}.${name}_act`, heads, 1);
    this.alpha(`${key}.attn_act`, heads, 2 / tokens);
    if (this.binary && qkNorm) for (const name of ['q', 'k']) this.norm(`${key}.norm_${name}`, width / heads);
  }

  mlp(key: string, width: number, hidden: number): void {
    this.linear(`${key}.fc1`, hidden, width);
    this.linear(`${key}.fc2`, width, hidden);
  }
}

/** FNV-1a of a key's letters. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const letter of key) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
