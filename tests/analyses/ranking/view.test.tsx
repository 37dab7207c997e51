// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import RankingTab from '@/analyses/ranking/view';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { type Trace } from '@/engine/protocol';
import { FAMILY } from '@/tests/fashion-mnist';
import { makeExploration, makeTrace, renderInApp, showing } from '../../components/fake-app';

afterEach(cleanup);

const { layer, head, query } = DEFAULT_SELECTION;
const N = FAMILY.tokens;

/** The trace with another row at the default place. */
function withRow(trace: Trace, stage: 'scores' | 'attentionBinary', value: (key: number) => number): Trace {
  const layers = trace.layers.map((each, index) => {
    const values = each[stage];
    if (index !== layer || values === null) return each;
    const copy = values.slice();
    for (let key = 0; key < N; key++) copy[(head * N + query) * N + key] = value(key);
    return { ...each, [stage]: copy };
  });
  return { ...trace, layers };
}

// The teacher's order is that of the tokens, last first; the student has the first two of it reversed and ties the rest.
const teacher = withRow(makeTrace(1, null), 'scores', (key) => key / 10);
const student = withRow(
  withRow(makeTrace(2, 0.05), 'scores', (key) => (key === 48 ? 1.5 : key === 49 ? 1 : 0)),
  'attentionBinary',
  () => 0,
);
const both = showing(makeExploration({ teacher, 'bi-vit': student }));

const panel = (name: string) => within(screen.getByRole('region', { name }));
const slope = () => panel('One row’s order');
const loss = () => panel('Ranking loss of two keys');
const figure = (name: RegExp) => loss().getByText(name).nextElementSibling?.textContent;
const cellsOf = (name: RegExp) =>
  within(loss().getByRole('row', { name }))
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

describe('the slopegraph of a row', () => {
  it('counts the pairs of the teacher’s top 8: 12 kept, 1 reversed, 15 tied', () => {
    renderInApp(<RankingTab />, both);
    expect(slope().getByText('12 of 28 pairs keep their order, 1 is reversed, 15 are tied.')).toBeDefined();
    expect(slope().getAllByRole('option')).toHaveLength(8);
  });

  it('draws as many keys as asked for, with one number for the whole tab', async () => {
    renderInApp(<RankingTab />, both);
    const input = slope().getByRole('textbox', { name: /^How many keys/ });
    await userEvent.clear(input);
    await userEvent.type(input, '3');
    expect(slope().getAllByRole('option')).toHaveLength(3);
    expect(slope().getByText('2 of 3 pairs keep their order, 1 is reversed, 0 are tied.')).toBeDefined();
    const [other] = screen.getAllByRole<HTMLInputElement>('textbox', { name: /^How many keys/ });
    expect(other?.value).toBe('3');
  });

  it('says after the binarizer that a constant row orders nothing', () => {
    renderInApp(<RankingTab />, { ...both, selection: { ...DEFAULT_SELECTION, map: 'binarized' } });
    expect(slope().getByText('0 of 28 pairs keep their order, 0 are reversed, 28 are tied.')).toBeDefined();
    expect(slope().getByText(/This row of Bi-ViT is constant/)).toBeDefined();
  });

  it('is n/a with the reason where the teacher’s row is constant', () => {
    const flat = withRow(teacher, 'scores', () => 2);
    renderInApp(<RankingTab />, showing(makeExploration({ teacher: flat, 'bi-vit': student })));
    expect(slope().getByText('n/a').parentElement?.textContent).toMatch(/teacher’s row is constant/);
    expect(slope().queryByRole('option')).toBeNull();
  });

  it('is n/a after the binarizer for a model that has none', () => {
    const real = showing(makeExploration({ teacher, 'bi-vit': makeTrace(3, null) }));
    renderInApp(<RankingTab />, { ...real, selection: { ...DEFAULT_SELECTION, map: 'binarized' } });
    expect(slope().getByText('n/a').parentElement?.textContent).toMatch(/Bi-ViT does not binarize/);
  });

  it('waits for the traces', () => {
    renderInApp(<RankingTab />);
    expect(screen.getAllByText('Waiting for the row.')).toHaveLength(2);
  });

  it('hands two pinned keys to the inspector', async () => {
    renderInApp(<RankingTab />, both);
    const [, , third, fourth] = slope().getAllByRole('option');
    if (third === undefined || fourth === undefined) throw new Error('no lines');
    await userEvent.click(third);
    await userEvent.click(fourth);
    const chosen = loss()
      .getAllByRole<HTMLSelectElement>('combobox')
      .map(({ value }) => value);
    expect(chosen).toEqual(['47', '46']);
  });
});

describe('the loss inspector', () => {
  it('starts with the reversed pair, its numbers as by hand', () => {
    renderInApp(<RankingTab />, both);
    expect(cellsOf(/^Teacher/)).toEqual(['4.900', '4.800', '+0.100']);
    expect(cellsOf(/^Bi-ViT/)).toEqual(['1.000', '1.500', '−0.500']);
    expect(figure(/^Lead/)).toBe('−0.500');
    expect(figure(/^Loss of the pair/)).toBe('0.7'); // 0.2 - (1 - 1.5)
    expect(cellsOf(/^This pair/)).toEqual(['−1', '+1', '']);
    // 1 pair reversed by 0.5: 0.7; 1128 tied pairs among the other 48: 0.2 each; the other 96 lead by 1 and more: 0.
    expect(figure(/^Mean loss/)).toBe('0.185'); // (0.7 + 225.6) / 1225
    expect(figure(/^Pairs that pull/)).toMatch(/^1129 of 1225/);
    expect(loss().getByText(/raises i and lowers j/)).toBeDefined();
  });

  it('draws the step of descent: i up, j down', () => {
    const { container } = renderInApp(<RankingTab />, both);
    const steps = [...container.querySelectorAll('[data-step]')].map((arrow) => arrow.getAttribute('data-step'));
    expect(steps).toEqual(['1', '-1']);
  });

  it('follows the margin, which can be typed', async () => {
    const { container } = renderInApp(<RankingTab />, both);
    const input = loss().getByRole('textbox', { name: /^Margin/ });
    await userEvent.selectOptions(loss().getByRole('combobox', { name: 'Key j' }), '40');
    expect(figure(/^Loss of the pair/)).toBe('0'); // leads by 1
    expect(container.querySelectorAll('[data-step]')).toHaveLength(0);
    await userEvent.clear(input);
    await userEvent.type(input, '1.25');
    expect(figure(/^Loss of the pair/)).toBe('0.25');
    expect(container.querySelectorAll('[data-step]')).toHaveLength(2);
  });

  it('swaps the keys where one is chosen for the other’s place', async () => {
    renderInApp(<RankingTab />, both);
    await userEvent.selectOptions(loss().getByRole('combobox', { name: 'Key i' }), '48');
    const chosen = loss()
      .getAllByRole<HTMLSelectElement>('combobox')
      .map(({ value }) => value);
    expect(chosen).toEqual(['48', '49']);
    expect(figure(/^Loss of the pair/)).toBe('0.7');
    expect(loss().getByText(/raises j and lowers i/)).toBeDefined();
  });

  it('says where the formula comes from', () => {
    renderInApp(<RankingTab />, both);
    expect(loss().getByText(/after Liu et al\..*NeurIPS 2021, Eq\. 13.*does not print its own/)).toBeDefined();
  });
});
