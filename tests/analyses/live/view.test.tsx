// @vitest-environment jsdom
import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { forwardMs, stageParts } from '@/analyses/live/live-stages';
import LiveTab from '@/analyses/live/view';
import type { LiveFrame, LiveRequest } from '@/engine/protocol';
import { DEFAULT_FAMILY } from '@/models/families/registry';
import { greySample } from '@/state/sample-sources';
import { renderInApp } from '../../components/fake-app';

const SAMPLES = Array.from({ length: 40 }, (_, index) =>
  greySample({ index, label: index % 10, bytes: new Uint8Array(784).fill(100) }, DEFAULT_FAMILY.classNames, 28),
);
const IMAGE = { image: { samples: SAMPLES, current: null } };

const answerTo = ({ pixels, path }: LiveRequest): LiveFrame => ({
  pixels,
  logits: Float32Array.from({ length: 10 }, (_, i) => (i === 8 ? 5 : 0)),
  attention: Float32Array.from({ length: 50 }, (_, i) => (i === 34 ? 0.25 : 0.01)),
  map: 'softmaxed',
  path: path === 'float' ? 'float' : 'packed',
  pathReason: 'Because.',
  kernels: path === 'float' ? 'tfjs wasm, float32' : 'packed 1-bit kernels',
  stages: [
    { stage: 'normalize', ms: 0.1 },
    { stage: 'embed', ms: 1 },
    { stage: 'fc1', ms: 2 },
    { stage: 'fc2', ms: 3 },
  ],
  totalMs: 7,
  memoryBytes: 4_800_000,
  tensors: 412,
});

let repaint: FrameRequestCallback | null = null;
beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => {
    repaint = callback;
    return 1;
  });
  vi.stubGlobal('cancelAnimationFrame', () => (repaint = null));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The page is painted again, and what a worker answers is here. */
async function nextFrame(): Promise<void> {
  await act(async () => {
    repaint?.(performance.now());
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
}

function open(reducedMotion = false) {
  vi.stubGlobal('matchMedia', (media: string) =>
    Object.assign(new EventTarget(), { media, matches: reducedMotion && media.includes('reduce'), onchange: null }),
  );
  const rendered = renderInApp(<LiveTab />, IMAGE);
  rendered.actions.live.mockImplementation(async (request) => answerTo(request));
  return rendered;
}

const text = () => document.body.textContent.replaceAll('\u202f', ' ');
const lastAsked = (live: { readonly mock: { readonly lastCall?: readonly LiveRequest[] | undefined } }) =>
  live.mock.lastCall?.[0];

describe('the live tab', () => {
  it('asks for the selection’s row of the switches’ student, and shows what came', async () => {
    const { actions } = open();
    await nextFrame();
    await nextFrame();
    expect(lastAsked(actions.live)).toMatchObject({
      modelId: 'bi-vit',
      layer: 0,
      head: 2,
      query: 33,
      map: 'softmaxed',
      path: 'fastest',
    });
    expect(text()).toContain('packed 1-bit kernels');
    expect(text()).toContain('4.8 MB in 412 tensors');
    const bag = within(screen.getByRole('list', { name: 'Predictions' })).getByText('Bag').parentElement;
    expect(bag?.dataset.top).toBe('true');
  });

  it('is asked for floats, the teacher and the mean over heads', async () => {
    const { actions } = open();
    await userEvent.click(screen.getByRole('radio', { name: 'float' }));
    await userEvent.click(screen.getByRole('radio', { name: 'Teacher' }));
    await userEvent.click(screen.getByRole('radio', { name: 'mean' }));
    await nextFrame();
    await nextFrame();
    expect(lastAsked(actions.live)).toMatchObject({ modelId: 'teacher', head: null, path: 'float' });
  });

  it('describes a frame when it is asked, and when it is paused', async () => {
    open();
    await nextFrame();
    const said = () =>
      screen
        .getAllByRole('status')
        .map(({ textContent }) => textContent)
        .join(' ');
    await nextFrame();
    expect(said().trim()).toBe('');
    await userEvent.click(screen.getByRole('button', { name: 'Describe this frame' }));
    expect(said()).toMatch(/Bi-ViT sees Bag 94.*patch \(5, 5\) looks most at patch \(5, 6\), with 0\.250/);
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(said()).toMatch(/^Paused\. Bi-ViT sees Bag/);
    expect(screen.getByRole('button', { name: 'Start' })).toBeTruthy();
  });

  it('shows one still frame to those who want less motion, and another one when they ask for another layer', async () => {
    const { actions, app } = open(true);
    expect(screen.getByRole('button', { name: 'Start' })).toBeTruthy();
    for (let i = 0; i < 5; i++) await nextFrame();
    expect(actions.live).toHaveBeenCalledTimes(1);
    const { selection } = app.store.getState();
    act(() => app.store.setState({ selection: { ...selection, layer: 3 } }));
    for (let i = 0; i < 5; i++) await nextFrame();
    expect(actions.live).toHaveBeenCalledTimes(2);
    expect(lastAsked(actions.live)).toMatchObject({ layer: 3 });
  });

  it('stops with the tab', async () => {
    const { actions, unmount } = open();
    await nextFrame();
    unmount();
    const asked = actions.live.mock.calls.length;
    await nextFrame();
    await nextFrame();
    expect(actions.live).toHaveBeenCalledTimes(asked);
  });
});

describe('the stages of a frame', () => {
  const STAGES = [
    { stage: 'capture', ms: 1 },
    { stage: 'fc1', ms: 2 },
    { stage: 'fc2', ms: 3 },
    { stage: 'anything', ms: 4 },
    { stage: 'draw', ms: 5 },
  ];

  it('have names in their order, both linears of the feed-forward half in one', () => {
    const { parts, values } = stageParts(STAGES);
    expect(parts.map(({ name }) => name)).toEqual(['capture', 'MLP', 'anything', 'drawing']);
    expect(values).toEqual([1, 5, 4, 5]);
  });

  it('are the model’s own, or around it', () => {
    expect(forwardMs(STAGES)).toBe(9);
    expect(forwardMs([{ stage: 'draw', ms: 5 }])).toBeNull();
  });
});
