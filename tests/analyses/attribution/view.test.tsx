// @vitest-environment jsdom
import type { MemberId } from '@/models/families/family';
import type { Relevance, RepairStudy, RolloutStudy } from '@/analyses/attribution/protocol';
import { cleanup, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import AttributionTab from '@/analyses/attribution/view';
import type { AppState } from '@/state/app-state';
import { NOT_ASKED, requestKey } from '@/state/analyses-slice';
import { DEFAULT_SELECTION } from '@/state/selection-types';
import { FAMILY } from '@/tests/fashion-mnist';
import { makeExploration, makeTrace, renderInApp, showing } from '../../components/fake-app';

const { tokens, layers, heads } = FAMILY;
const identity = Float32Array.from({ length: tokens ** 2 }, (_, i) => (i % (tokens + 1) === 0 ? 1 : 0));

/** CLS made of itself and of one patch. */
function made(classIndex: number, token: number, relevance: number): Relevance {
  const rollout = identity.slice();
  rollout[0] = 1 - relevance;
  rollout[token] = relevance;
  return { classIndex, rollout, gradientRollout: rollout };
}

const rollouts: RolloutStudy = {
  models: {
    teacher: made(9, 3, 0.2),
    'bi-vit': { ...made(7, 4, 0.05), gradientRollout: identity },
    baseline: { ...made(9, 4, 0.05), rollout: null },
    scaling: made(9, 4, 0.1),
  },
};

const repairs: RepairStudy = {
  studentId: 'bi-vit',
  classIndex: 9,
  studentLogit: 2,
  teacherLogit: 6,
  heads: Array.from({ length: layers }, () => Array.from({ length: heads }, () => ({ logit: 3, predicted: 0 }))),
  layers: Array.from({ length: layers }, () => ({ logit: 1, predicted: 9 })),
  all: { logit: 6, predicted: 9 },
};

const here = (): Partial<AppState> => {
  const student = makeTrace(2, 0.05);
  student.logits.fill(0)[0] = 1; // predicts class 0
  const rolloutKey = requestKey('rollout', { target: 'predicted', map: DEFAULT_SELECTION.map });
  const repairKey = requestKey('repair', { studentId: 'bi-vit', target: 'predicted' });
  return {
    ...showing(makeExploration({ teacher: makeTrace(1, null), 'bi-vit': student })),
    analyses: {
      rollout: { ...NOT_ASKED, asked: rolloutKey, result: rollouts },
      repair: { ...NOT_ASKED, asked: repairKey, result: repairs },
    },
  };
};

const column = (id: string) => within(screen.getByRole('region', { name: id }));
const order = (container: HTMLElement): readonly (MemberId | undefined)[] =>
  [...container.querySelectorAll<HTMLElement>('[data-model]')].map(({ dataset }) => dataset.model as MemberId);

afterEach(cleanup);

describe('the rollout panel', () => {
  it('shows the teacher and the chosen student first, and says which model is not here', () => {
    const { container } = renderInApp(<AttributionTab />, here());
    expect(order(container)).toEqual(['teacher', 'bi-vit', 'baseline', 'scaling', 'ranking']);
    expect(column('+ ranking').getByText(/^n\/a/)).toBeTruthy();
  });

  it('names the class of each model, which need not be the same', () => {
    renderInApp(<AttributionTab />, here());
    expect(column('Teacher').getByText('for Ankle boot')).toBeTruthy();
    expect(column('Bi-ViT').getByText('for Sneaker')).toBeTruthy();
  });

  it('says that a gradient without a positive entry gives the identity, and n/a with its reason', () => {
    renderInApp(<AttributionTab />, here());
    expect(column('Bi-ViT').getByText(/^Identity: .*Sneaker.*residual connection/)).toBeTruthy();
    expect(column('Baseline').getByText(/^n\/a: undefined when/)).toBeTruthy();
    expect(column('Teacher').queryByText(/^Identity|^n\/a/)).toBeNull();
  });

  it('reads out the strongest patch and not CLS itself', () => {
    renderInApp(<AttributionTab />, here());
    expect(column('Teacher').getAllByText(/most: row 1, column 3|row 1, column 3/).length).toBeGreaterThan(0);
    expect(column('Teacher').getAllByRole('button', { name: '0.2' })).toHaveLength(2);
  });

  it('badges scales of their own', () => {
    renderInApp(<AttributionTab />, {
      ...here(),
      selection: { ...DEFAULT_SELECTION, scale: 'per-head' },
    });
    expect(screen.getByText('normalized per model: hides distortion')).toBeTruthy();
  });

  it('makes a clicked patch the query, for which it then asks no new analysis', async () => {
    const { actions } = renderInApp(<AttributionTab />, here());
    const before = actions.analyze.mock.calls.length;
    const [grid] = column('Teacher').getAllByRole('grid');
    const cell = grid && within(grid).getAllByRole('gridcell')[4];
    if (cell === undefined) throw new Error('no cell');
    await userEvent.click(cell);
    expect(actions.select).toHaveBeenCalledWith({ query: 5 });
    expect(actions.analyze.mock.calls.length).toBe(before);
  });
});

describe('the repair panel', () => {
  it('says what the chosen head gives back, between its two anchors', () => {
    renderInApp(<AttributionTab />, here());
    expect(screen.getByText(/^Giving layer 1, head 3 .* raises the Ankle boot logit by 1\.00, 25\s%/)).toBeTruthy();
    expect(screen.getByText('Bi-ViT, as it is').nextElementSibling?.textContent).toBe('2.00');
    expect(screen.getByText('Teacher', { selector: 'dt' }).nextElementSibling?.textContent).toBe('6.00');
  });

  it('marks where the prediction becomes right', () => {
    renderInApp(<AttributionTab />, here());
    expect(screen.getByRole('gridcell', { name: /^all layers: \+4\.00, the prediction becomes right/ })).toBeTruthy();
    expect(screen.getByRole('gridcell', { name: 'layer 1, head 1: +1.00' })).toBeTruthy();
  });

  it('chooses layer and head for every panel, and whole layers for its own sentence', async () => {
    const { actions } = renderInApp(<AttributionTab />, here());
    await userEvent.click(screen.getByRole('gridcell', { name: /^layer 3, head 2/ }));
    expect(actions.select).toHaveBeenLastCalledWith({ layer: 2, head: 1 });
    await userEvent.click(screen.getByRole('gridcell', { name: /^whole layer 1/ }));
    expect(screen.getByText(/^Giving all of layer 1 .* lowers the Ankle boot logit by 1\.00/)).toBeTruthy();
    await userEvent.click(screen.getByRole('gridcell', { name: /^all layers/ }));
    expect(screen.getByText(/^Giving all layers .* 100\s% of the gap/)).toBeTruthy();
  });
});
