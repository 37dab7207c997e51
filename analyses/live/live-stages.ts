/** What the stages of a live frame are called, and how they are drawn. */
import type { PartStyle, StackPart } from '@/components/charts/stacked-bars';
import type { StageMs } from '@/state/live-window';

interface StageName {
  readonly name: string;
  readonly style: PartStyle;
}

const PAGE = 'var(--lens-edge)';
const ATTENTION = 'var(--lens-accent)';

/** By the names that the loop and the models give. */
const NAMES: { readonly [Stage in string]: StageName } = {
  capture: { name: 'capture', style: { color: PAGE, texture: 'dots' } },
  prepare: { name: 'crop, resize, normalize', style: { color: PAGE, texture: 'diagonal' } },
  transfer: { name: 'queue and transfer', style: { color: 'var(--lens-warn)', texture: 'level' } },
  embed: { name: 'patch embedding', style: { color: 'var(--lens-focus)', texture: 'dots' } },
  norm: { name: 'LayerNorms', style: { color: 'var(--lens-model-teacher)', texture: 'level' } },
  qkv: { name: 'q, k, v', style: { color: 'var(--lens-model-teacher)', texture: 'plain' } },
  scores: { name: 'scores and softmax', style: { color: ATTENTION, texture: 'diagonal' } },
  'attention-v': { name: 'attention × v', style: { color: ATTENTION, texture: 'crossed' } },
  attention: { name: 'scores, softmax, attention × v', style: { color: ATTENTION, texture: 'plain' } },
  proj: { name: 'projection', style: { color: 'var(--lens-model-bi-vit)', texture: 'plain' } },
  mlp: { name: 'MLP', style: { color: 'var(--lens-good)', texture: 'upright' } },
  merge: { name: 'patch merging', style: { color: 'var(--lens-good)', texture: 'diagonal' } },
  classify: { name: 'classifier', style: { color: 'var(--lens-model-ranking)', texture: 'plain' } },
  read: { name: 'reading logits and the row', style: { color: 'var(--lens-focus)', texture: 'plain' } },
  draw: { name: 'drawing', style: { color: PAGE, texture: 'plain' } },
};

/** Both linears of the feed-forward half. */
const TOGETHER: { readonly [Stage in string]: string } = { fc1: 'mlp', fc2: 'mlp' };

const UNKNOWN: PartStyle = { color: 'var(--lens-border-strong)', texture: 'plain' };

/** Stages as parts of one bar, in the order in which they first happen. */
export function stageParts(stages: readonly StageMs[]): {
  readonly parts: readonly StackPart[];
  readonly values: readonly number[];
} {
  const sums = new Map<string, number>();
  for (const { stage, ms } of stages) {
    const id = TOGETHER[stage] ?? stage;
    sums.set(id, (sums.get(id) ?? 0) + ms);
  }
  const parts = [...sums.keys()].map((id) => ({ id, name: NAMES[id]?.name ?? id, style: NAMES[id]?.style ?? UNKNOWN }));
  return { parts, values: [...sums.values()] };
}

/** What is not the model's own work. */
const AROUND: ReadonlySet<string> = new Set(['capture', 'prepare', 'transfer', 'read', 'draw']);

/** Milliseconds that the model itself takes; `null` without frames. */
export function forwardMs(stages: readonly StageMs[]): number | null {
  const own = stages.filter(({ stage }) => !AROUND.has(stage));
  return own.length === 0 ? null : own.reduce((total, { ms }) => total + ms, 0);
}
