import type { MemberId } from '@/models/families/family';
import { MantineProvider } from '@mantine/core';
import { render, type RenderResult } from '@testing-library/react';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createRng } from '@/lib/math/rng';
import { softmax } from '@/lib/math/softmax';
import type { AppStore } from '@/state/app-store';
import type { AppActions, AppState, FamilySample } from '@/state/app-state';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { INITIAL_IMAGE } from '@/state/image-slice';
import { INITIAL_RESULTS } from '@/state/results-slice';
import { greyImage, greySample } from '@/state/sample-sources';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { layerAt } from '@/models/architectures/layer-shape';
import { AppStoreContext } from '@/state/use-app-state';
import { type Exploration, type Trace } from '@/engine/protocol';
import { FAMILY, SAMPLE_COUNT } from '@/tests/fashion-mnist';

/**
 * A store without engine and address: a store in any state, and actions that only remember that they were called.
 */

const { tokens, layers, heads, classes } = FAMILY;

// What jsdom lacks and Mantine and the charts ask for; without a context a canvas stays blank.
if (typeof window !== 'undefined') {
  window.matchMedia ??= (media) =>
    Object.assign(new EventTarget(), {
      media,
      matches: false,
      onchange: null,
      addListener: () => {},
      removeListener: () => {},
    });
  HTMLCanvasElement.prototype.getContext = () => null;
  window.ResizeObserver ??= class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
}

/** What a layer has only where gradients were asked for. */
const WITHOUT_GRADIENTS = {
  q: null,
  k: null,
  v: null,
  quantizers: null,
  gradScores: null,
  gradAttention: null,
  gradAttentionBinary: null,
  gradQ: null,
  gradK: null,
  gradV: null,
} as const;

/** A trace with random scores, their true softmax, and what an elastic binarizer with this alpha makes of it. */
export function makeTrace(seed: number, alpha: number | null): Trace {
  const rng = createRng(seed);
  const layer = (): Trace['layers'][number] => {
    const scores = Float32Array.from({ length: heads * tokens * tokens }, () => 2 * rng.normal());
    const attention = new Float32Array(scores.length);
    for (let start = 0; start < scores.length; start += tokens) {
      attention.set(softmax(scores.subarray(start, start + tokens)), start);
    }
    const attentionBinary = alpha === null ? null : attention.map((p) => alpha * Math.round(Math.min(1, p / alpha)));
    return {
      ...WITHOUT_GRADIENTS,
      heads,
      layout: layerAt(DEFAULT_FAMILY.layers, 0).layout,
      qBinary: null,
      kBinary: null,
      vBinary: null,
      scores,
      attention,
      attentionBinary,
      output: new Float32Array(tokens * 64),
    };
  };
  return {
    config: {
      architecture: 'deit',
      quantization: alpha === null ? 'none' : 'bi-vit-elastic',
      imageSize: 28,
      patchSize: 4,
      inChannels: 1,
      embedDim: 64,
      depth: layers,
      numHeads: heads,
      mlpRatio: 4,
      numClasses: classes,
      distilled: false,
      normEps: 1e-6,
      qkNormEps: 1e-5,
    },
    numTokens: tokens,
    logits: Float32Array.from({ length: classes }, () => rng.normal()),
    layers: Array.from({ length: layers }, layer),
    loss: null,
  };
}

export function makeExploration(traces: { readonly [id: MemberId]: Trace }): Exploration {
  const logits = Object.fromEntries(Object.entries(traces).map(([id, trace]) => [id, trace.logits]));
  return { traces, logits, forwardMs: {}, paths: {} };
}

export function makeState(change: Partial<AppState> = {}): AppState {
  return {
    selection: DEFAULT_SELECTION,
    history: { past: [], future: [], last: null },
    family: DEFAULT_FAMILY,
    opening: { phase: 'open', report: null, otherCheckpoints: [] },
    image: INITIAL_IMAGE,
    results: INITIAL_RESULTS,
    engine: {
      phase: 'cold',
      backend: null,
      reason: null,
      lastRunMs: null,
      memoryBytes: null,
      kernels: null,
      progress: null,
      restarts: 0,
    },
    analyses: {},
    notices: [],
    ...change,
  };
}

/** As many samples as the default family has, all of one grey. */
export function allSamples(): readonly FamilySample[] {
  const bytes = new Uint8Array(784);
  return Array.from({ length: SAMPLE_COUNT }, (_, index) => greySample({ index, label: index % 10, bytes }, [], 28));
}

export function showing(exploration: Exploration): Partial<AppState> {
  return { results: { ...INITIAL_RESULTS, current: exploration, key: 'test' } };
}

type Spied = { readonly [Name in keyof AppActions]: ReturnType<typeof vi.fn<AppActions[Name]>> };

export function renderInApp(
  element: ReactNode,
  change: Partial<AppState> = {},
): RenderResult & { readonly app: AppStore; readonly actions: Spied } {
  const actions: Spied = {
    select: vi.fn<AppActions['select']>(),
    undo: vi.fn<AppActions['undo']>(),
    redo: vi.fn<AppActions['redo']>(),
    addOwnImage: vi.fn<AppActions['addOwnImage']>(),
    setPictureOptions: vi.fn<AppActions['setPictureOptions']>(),
    sampleImage: vi.fn<AppActions['sampleImage']>(async (sample) => greyImage(sample)),
    notify: vi.fn<AppActions['notify']>(),
    dismiss: vi.fn<AppActions['dismiss']>(),
    replaceMember: vi.fn<AppActions['replaceMember']>(),
    live: vi.fn<AppActions['live']>(() => new Promise(() => {})),
    restartEngine: vi.fn<AppActions['restartEngine']>(),
    analyze: vi.fn<AppActions['analyze']>(() => () => {}),
    cachedAnalysis: vi.fn<AppActions['cachedAnalysis']>(() => null),
    cancelAnalysis: vi.fn<AppActions['cancelAnalysis']>(),
    retryAnalysis: vi.fn<AppActions['retryAnalysis']>(),
  };
  // A mock of a generic function is not generic itself.
  const app = {
    store: createStore(() => makeState(change)),
    actions,
    start: () => () => {},
  } as unknown as AppStore;
  const result = render(
    <MantineProvider env="test">
      <AppStoreContext value={app}>{element}</AppStoreContext>
    </MantineProvider>,
  );
  return { ...result, app, actions };
}
