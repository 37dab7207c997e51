// @vitest-environment jsdom
import { SPEED, type SpeedStudy } from '@/analyses/cost/protocol';
import { act, cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import CostTab from '@/analyses/cost/view';
import { requestKey } from '@/state/analyses-slice';
import type { RequestOf } from '@/engine/analysis';
import { renderInApp } from '../../components/fake-app';

const plain = (text: string | null | undefined): string => (text ?? '').replaceAll('\u202f', ' ');
const block = (name: string): HTMLElement => screen.getByRole('region', { name });
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const card = (name: string) => plain(screen.getByRole('heading', { name }).parentElement?.textContent);
const row = (name: string | RegExp): readonly string[] =>
  within(within(block('The account')).getByRole('row', { name }))
    .getAllByRole('cell')
    .map(({ textContent }) => plain(textContent));

let rendered: ReturnType<typeof renderInApp>;
beforeEach(() => {
  rendered = renderInApp(<CostTab />);
});
const actions = () => rendered.actions;
const app = () => rendered.app;

const STUDY: SpeedStudy = {
  fullMs: { low: 110, median: 120, high: 140 },
  binaryMs: { low: 9, median: 10, high: 11 },
  ratio: 12,
  rounds: 15,
  backend: 'wasm',
  path: { kind: 'packed' },
  isRelaxed: true,
};
afterEach(cleanup);

describe('the tab of costs', () => {
  it('keeps apart what is published, what is recomputed and what is measured', async () => {
    expect(card('As published')).toMatch(/^As published61\.5×DeiT-Tiny/);
    expect(card('As published')).toMatch(/1\.23 G \/ 0\.02 G = 61\.5×.*4\.49 G \/ 0\.08 G = 56\.1×/);
    expect(card('Recomputed')).toMatch(/^Recomputed26\.0×1261\.0 M \/ 48\.53 M OPs, exact/);
    expect(card('Measured here')).toMatch(/^Measured heren\/anot measured yet.*Measure here$/);
    await press('Swin-Tiny');
    expect(card('As published')).toMatch(/^As published56\.1×Swin-Tiny/);
    expect(card('Recomputed')).toMatch(/^Recomputed52\.7×/);
    await press('DeiT-Small');
    expect(card('As published')).toMatch(/^As publishedn\/athe paper prints none for DeiT-Small/);
    expect(card('Measured here')).toMatch(/^Measured heren\/a/);
  });

  it('counts anew with every switch, and the published number follows none', async () => {
    await userEvent.click(
      within(screen.getByRole('radiogroup', { name: 'Bits of the patch embedding' })).getByRole('radio', {
        name: '1 bit',
      }),
    );
    expect(card('Recomputed')).toMatch(/^Recomputed62\.8×/);
    expect(screen.getByRole('button', { name: 'all but the heads: 62.8×' }).getAttribute('aria-pressed')).toBe('true');
    await press('all 1 bit: 64.0×');
    expect(card('Recomputed')).toMatch(/^Recomputed64\.0×.*as far as the ratio goes/);
    expect(card('As published')).toMatch(/^As published61\.5×/);
  });

  it('has the account by part, by op and by layer, with the same total', async () => {
    const total = ['', '5,914,160', '1261.0 M', '1231.7 M', '29.29 M', '48.53 M', '100.0 %', '3,086,528'];
    expect(row(/^total/)).toEqual(total);
    expect(row(/^block linears/)).toEqual([
      '1',
      '5,329,152',
      '1051.1 M',
      '1051.1 M',
      '–',
      '16.42 M',
      '33.8 %',
      '746,496',
    ]);
    const cut = within(screen.getByRole('radiogroup', { name: 'Cut by' }));
    await userEvent.click(cut.getByRole('radio', { name: 'by op' }));
    expect(row(/^attn\.qkv × 12/)[2]).toBe('262.77 M');
    expect(row(/^total/)).toEqual(total);
    await userEvent.click(cut.getByRole('radio', { name: 'by layer' }));
    expect(row(/^layer 12 /)[2]).toBe('102.64 M');
    expect(row(/^total/)).toEqual(total);
  });

  it('draws shares that can be read as a table, of operations and of bytes', async () => {
    const parts = within(block('Where it goes'));
    expect(plain(parts.getByRole('img').getAttribute('aria-label'))).toMatch(
      /full precision 1261\.0 M: block linears 83\.4 %, .*at this precision 48\.53 M: block linears 33\.8 %/,
    );
    await userEvent.click(parts.getByRole('radio', { name: 'bytes' }));
    await userEvent.click(parts.getByRole('button', { name: 'View as table' }));
    const heads = plain(parts.getByRole('row', { name: /^heads/ }).textContent);
    expect(heads).toBe('heads1.5 MB6.5 %1.5 MB50.0 %');
  });

  it('takes sizes of one’s own, and answers those that do not fit with a sentence', async () => {
    await press('Custom');
    const status = () => screen.getByRole('status').textContent ?? '';
    const heads = screen.getByRole('textbox', { name: /^Heads, 1 to 32/ });
    await userEvent.clear(heads);
    await userEvent.type(heads, '5');
    expect(status()).toMatch(/192 cannot be shared among 5 heads.*last sizes that fit/);
    expect(card('Recomputed')).toMatch(/^Recomputed26\.0×/);
    await userEvent.clear(heads);
    await userEvent.type(heads, '6');
    expect(status()).not.toMatch(/cannot/);
    const depth = screen.getByRole('textbox', { name: /^Depth/ });
    await userEvent.clear(depth);
    await userEvent.type(depth, '24');
    expect(row(/^total/)[1]).not.toBe('1261.0 M');
    expect(card('As published')).toMatch(/none for a model of your own/);
    expect(screen.getAllByRole('slider')).toHaveLength(7);
  });

  it('measures when it is asked, and says what it measured on what', async () => {
    expect(actions().analyze).not.toHaveBeenCalled();
    await press('Measure here');
    const [analysis, request] = actions().analyze.mock.lastCall ?? [];
    expect(analysis).toBe(SPEED);
    expect(request).toMatchObject({ config: { embedDim: 192, depth: 12, distilled: true }, run: 1 });
    expect(card('Measured here')).toMatch(/being measured/);

    const asked = requestKey('speed', request as RequestOf<typeof SPEED>);
    const state = { asked, stale: false, running: false, progress: null, error: null };
    act(() => app().store.setState({ analyses: { speed: { ...state, result: STUDY } } }));
    expect(card('Measured here')).toMatch(/^Measured here12\.0×DeiT-Tiny, 120 ms \/ 10\.0 ms in this browser/);
    expect(card('Measured here')).toMatch(/120 ms \(110 ms to 140 ms\).*packed kernels, with relaxed SIMD/);
    expect(screen.getByRole('button', { name: 'Measure again' })).toBeTruthy();

    await press('DeiT-Small');
    expect(card('Measured here')).toMatch(/^Measured heren\/anot measured for DeiT-Small/);
    expect(screen.queryByRole('button', { name: /^Measure/ })).toBeNull();
    await press('Fashion-MNIST');
    expect(card('Measured here')).toMatch(/^Measured heren\/anot measured yet.*the teacher and its last student/);
  });
});
