// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { ModelsPanels } from '@/components/models/models-panels';
import type { CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import type { ModelsStore } from '@/state/models/models-store';
import { INITIAL_MODELS, UNASKED, type ModelsState, type Offer } from '@/state/models/models-state';
import type { CheckpointReport } from '@/engine/protocol';
import { parseConfig } from '@/models/config';
import { renderInMantine } from '@/tests/components/ui/in-mantine';

afterEach(cleanup);

const DEIT_TINY = 'timm/deit_tiny_patch16_224.fb_in1k';

function show(state: Partial<ModelsState>) {
  const actions = {
    add: vi.fn(() => false),
    ask: vi.fn(async () => {}),
    fetch: vi.fn(async () => {}),
    cancel: vi.fn(),
    remove: vi.fn(async () => {}),
    removeAll: vi.fn(async () => {}),
    take: vi.fn(async () => {}),
    answerHeads: vi.fn(async () => {}),
    look: vi.fn(async () => {}),
    setHeads: vi.fn(async () => {}),
    cancelWork: vi.fn(),
    dismiss: vi.fn(),
  };
  const store = createStore<ModelsState>(() => ({ ...INITIAL_MODELS, kept: [], ...state }));
  const desk: ModelsStore = { store, actions, start: () => () => {} };
  renderInMantine(<ModelsPanels create={() => desk} hubUrl="https://hub.example" />);
  return actions;
}

const card = (name: string) => within(screen.getByRole('article', { name }));
const offers = (offer: Partial<Offer>): Pick<ModelsState, 'offers'> => ({
  offers: new Map([[DEIT_TINY, { ...UNASKED, ...offer }]]),
});
const file = {
  repo: DEIT_TINY,
  revision: 'a'.repeat(40),
  bytes: 22_884_912,
  sha256: 'b'.repeat(64),
  url: 'https://hub.example/x',
  configJson: null,
  licence: 'apache-2.0',
};
const entry: CachedCheckpoint = {
  id: DEIT_TINY,
  label: 'deit_tiny_patch16_224.fb_in1k',
  source: { kind: 'hub', repo: DEIT_TINY, revision: 'a'.repeat(40) },
  bytes: 22_884_912,
  sha256: 'b'.repeat(64),
  verified: 'hub',
  savedAtMs: Date.UTC(2026, 10, 26),
  configJson: null,
};

describe('a card of the hub', () => {
  it('counts what is counted, says what is published, and offers to ask for the size', async () => {
    const actions = show({});
    const deit = card('DeiT-Tiny');
    expect(deit.getByText('5,717,416')).toBeTruthy();
    expect(deit.getByText('72.2 %')).toBeTruthy();
    expect(deit.getByText(/as published: arXiv 2012\.12877/)).toBeTruthy();
    expect(deit.getByText(/about 22\.9/)).toBeTruthy();
    await userEvent.click(deit.getByRole('button', { name: /^Ask for its size/ }));
    expect(actions.ask).toHaveBeenCalledWith(DEIT_TINY);
  });

  it('offers to fetch what the hub described, and to go on with what arrived', async () => {
    const actions = show(offers({ file }));
    await userEvent.click(card('DeiT-Tiny').getByRole('button', { name: /^Fetch .*: DeiT-Tiny$/ }));
    expect(actions.fetch).toHaveBeenCalledWith(DEIT_TINY);
    cleanup();
    show(offers({ file, partialBytes: 9_000_000 }));
    expect(card('DeiT-Tiny').getByRole('button', { name: 'Resume DeiT-Tiny' }).textContent).toMatch(
      /9\.0.MB of 22\.9.MB are here/,
    );
  });

  it('shows how far a download is, and can stop it', async () => {
    const progress = { kind: 'downloading', loadedBytes: 5e6, totalBytes: 20e6, resumedFromBytes: 0 } as const;
    const actions = show(offers({ file, phase: 'fetching', progress }));
    expect(card('DeiT-Tiny').getByRole('progressbar').getAttribute('aria-valuenow')).toBe('25');
    expect(card('DeiT-Tiny').getByText(/5\.0.MB of 20\.0.MB/)).toBeTruthy();
    await userEvent.click(card('DeiT-Tiny').getByRole('button', { name: 'Cancel' }));
    expect(actions.cancel).toHaveBeenCalledWith(DEIT_TINY);
  });

  it('says why the last try ended, and what is kept', () => {
    show({ ...offers({ trouble: 'The hub is in trouble.' }) });
    expect(card('DeiT-Tiny').getByRole('alert').textContent).toBe('The hub is in trouble.');
    cleanup();
    show({ kept: [entry] });
    expect(card('DeiT-Tiny').getByText('Kept in this browser')).toBeTruthy();
    expect(card('DeiT-Tiny').getByText(/its SHA-256 is the hub’s/)).toBeTruthy();
    expect(card('DeiT-Tiny').getByRole('link', { name: 'Explore DeiT-Tiny' }).getAttribute('href')).toBe(
      `/?family=${encodeURIComponent(DEIT_TINY)}`,
    );
  });

  it('refuses a name that is none', async () => {
    const actions = show({});
    await userEvent.type(screen.getByLabelText(/Another repository/), 'nonsense{Enter}');
    expect(actions.add).toHaveBeenCalledWith('nonsense');
    expect(screen.getByText(/That is no name of a repository/)).toBeTruthy();
  });
});

describe('a file of one’s own', () => {
  const config = parseConfig(
    JSON.stringify({
      architecture: 'deit',
      quantization: 'none',
      imageSize: 32,
      patchSize: 8,
      embedDim: 192,
      depth: 2,
      numHeads: 3,
      mlpRatio: 4,
      numClasses: 10,
      distilled: false,
      normEps: 1e-6,
    }),
  );
  const report: CheckpointReport = {
    config,
    isBinary: false,
    parameters: 1234,
    used: 30,
    ignored: [{ key: 'head_dist.bias', why: 'no forward uses it' }],
    missing: [],
  };

  it('lists what was ignored and why, and lets the heads be stated', async () => {
    const actions = show({ inspected: { id: 'file-1', label: 'mine.pth', report, numHeads: null } });
    const held = within(screen.getByRole('region', { name: 'What mine.pth holds' }));
    expect(held.getByText('30 used, 1 ignored, 0 missing')).toBeTruthy();
    expect(held.getByText('head_dist.bias').parentElement?.textContent).toBe('head_dist.bias: no forward uses it');
    const heads = held.getByLabelText('Heads of each layer');
    await userEvent.clear(heads);
    await userEvent.type(heads, '5');
    expect(held.getByText('The width, 192, must be a multiple of it.')).toBeTruthy();
    await userEvent.clear(heads);
    await userEvent.type(heads, '6{Enter}');
    expect(actions.setHeads).toHaveBeenCalledExactlyOnceWith('file-1', 6);
  });

  it('that is a part names what is missing and is not offered to explore', () => {
    const missing = ['norm.weight', 'head.weight'];
    show({ inspected: { id: '', label: 'half.pth', report: { ...report, missing }, numHeads: null } });
    const held = within(screen.getByRole('region', { name: 'What half.pth holds' }));
    expect(held.getByRole('alert').textContent).toMatch(/No model can be made of it/);
    expect(held.getByText('norm.weight')).toBeTruthy();
    expect(held.queryByRole('link', { name: /Explore/ })).toBeNull();
    expect(held.getByText('Parameters').nextElementSibling?.textContent).toBe('n/a');
  });

  it.each([
    [2e-7, /The logits match: they differ from PyTorch’s by at most 2/],
    [0.3, /The logits differ: by up to 0\.3 over 3 images/],
  ])('is said to match or to differ by what was measured: %d', (logitsMaxError, sentence) => {
    const rows = [{ stage: 'blocks.0.q_binary', entries: 96, maxError: logitsMaxError, flips: 2 }];
    show({
      compared: { checkpoint: 'a.pth', golden: 'a.golden.safetensors', report: { rows, logitsMaxError, images: 3 } },
    });
    const compared = within(screen.getByRole('region', { name: 'a.pth against PyTorch' }));
    expect(compared.getByRole('status').textContent).toMatch(sentence);
    expect(compared.getByRole('row', { name: /blocks\.0\.q_binary/ }).textContent).toMatch(/96.*2$/);
  });

  it('asks for heads that the file does not tell', async () => {
    const actions = show({ question: { fileName: 'mine.pth', sentence: 'Say how many there are.', files: [] } });
    const question = within(screen.getByRole('region', { name: 'A question about mine.pth' }));
    expect(question.getByText('Say how many there are.')).toBeTruthy();
    await userEvent.type(question.getByLabelText('Heads of each layer'), '4{Enter}');
    expect(actions.answerHeads).toHaveBeenCalledWith(4);
  });
});

describe('what is kept', () => {
  it('says how large it is, whence, since when, and how much room there is', async () => {
    const actions = show({ kept: [entry], storage: { usageBytes: 23e6, quotaBytes: 10e9 } });
    const kept = within(screen.getByRole('region', { name: 'Kept in this browser' }));
    expect(kept.getByText(/22\.9.MB, from timm\/deit_tiny.* at aaaaaaa, since 2026-11-26/)).toBeTruthy();
    expect(kept.getByText(/uses 23\.0.MB of the 10\.0.GB/)).toBeTruthy();
    await userEvent.click(kept.getByRole('button', { name: /^Remove deit/ }));
    expect(actions.remove).toHaveBeenCalledWith(DEIT_TINY);
    await userEvent.click(kept.getByRole('button', { name: 'Remove all' }));
    expect(actions.removeAll).toHaveBeenCalledOnce();
  });

  it('says when nothing lasts, and n/a where the browser tells no room', () => {
    show({ isLasting: false });
    expect(screen.getByText(/models are gone when you leave it/)).toBeTruthy();
    expect(screen.getByText(/Storage in this browser: n\/a/)).toBeTruthy();
  });
});
