// @vitest-environment jsdom
import type { ResultOf } from '@/engine/analysis';
import type { MemberId } from '@/models/families/family';
import type { GRADIENTS, GradientStudy, ModelGradients } from '@/analyses/gradient/protocol';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { FlowPanel } from '@/analyses/gradient/flow-panel';
import { MicroscopePanel } from '@/analyses/gradient/microscope-panel';
import { softmaxVectorJacobian } from '@/lib/math/softmax-vector-jacobian';
import type { AnalysisView } from '@/state/use-analysis';
import type { HeadFlow } from '@/lib/metrics/gradient-flow';
import type { Trace } from '@/engine/protocol';
import type { LayerQuantizers } from '@/lib/quantizers/parameters';
import { makeTrace, renderInApp } from '../../components/fake-app';

afterEach(cleanup);

/** Fits every place: q, k, v and the attention. */
type Anywhere = LayerQuantizers['q'] & LayerQuantizers['attention'];
const real: Anywhere = { kind: 'real' };
const ofAlpha = (alpha: number): Anywhere => ({
  kind: 'sign-alpha',
  alpha: new Float32Array(4).fill(alpha),
  zeroPoint: null,
  signOfZero: 1,
});

/** A trace that also ran backwards: an upstream gradient of its own making, and what the softmax makes of it. */
function withGradients(trace: Trace, quantizers: LayerQuantizers): Trace {
  const layers = trace.layers.map((layer) => {
    const gradAttention = layer.scores.map((score) => Math.sin(7 * score));
    const gradScores = new Float32Array(gradAttention.length);
    for (let start = 0; start < gradScores.length; start += trace.numTokens) {
      const row = (values: Float32Array) => values.subarray(start, start + trace.numTokens);
      gradScores.set(softmaxVectorJacobian(row(layer.attention), row(gradAttention)), start);
    }
    // 0.01, 0.02, ... 1, over and over: a window of |x| <= 0.5 lets half of them pass.
    const q = Float32Array.from({ length: 4 * trace.numTokens * 16 }, (_, index) => ((index % 100) + 1) / 100);
    return { ...layer, q, k: q, v: q, quantizers, gradAttention, gradScores, gradQ: q, gradK: q, gradV: q };
  });
  return { ...trace, layers };
}

const flow = (q: number | null): HeadFlow => ({
  gradScores: 1,
  gradAttention: 1,
  gradAttentionBinary: null,
  gradQ: q ?? 1,
  passShare: { q, k: q, v: q, attention: q },
  softmaxSlope: 0.01,
});
const model = (id: MemberId, q: number | null, quantizer: Anywhere): ModelGradients => ({
  loss: { kind: 'cross-entropy', classIndex: 9, value: id === 'teacher' ? 0.01 : 0.75 },
  trace: withGradients(makeTrace(id.length, null), { q: quantizer, k: quantizer, v: quantizer, attention: quantizer }),
  flow: Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => flow(q))),
});
const study: GradientStudy = {
  models: {
    teacher: model('teacher', null, real),
    baseline: model('baseline', 0.25, ofAlpha(0.25)),
    'bi-vit': model('bi-vit', 0.5, ofAlpha(0.5)),
  },
};
const view = (result: GradientStudy | null): AnalysisView<ResultOf<typeof GRADIENTS>> => ({
  result,
  stale: false,
  running: result === null,
  progress: null,
  error: null,
  cancel: () => undefined,
  retry: () => undefined,
});
const panel = (name: string) => within(screen.getByRole('region', { name }));

describe('the flow panel', () => {
  it('overlays the models that are loaded, and says in words what they show', () => {
    renderInApp(<FlowPanel view={view(study)} />);
    expect(
      screen.getByRole('gridcell', { name: 'layer 1: Teacher n/a, Baseline 25.0\u202f%, Bi-ViT 50.0\u202f%' }),
    ).toBeDefined();
    expect(screen.getByText(/25\s% of the baseline’s q entries let a gradient through; with both 50\s%/)).toBeDefined();
  });

  it('states whose loss it is, with its value in each model', () => {
    renderInApp(<FlowPanel view={view(study)} />);
    // Without a picture there is no true class.
    const line = screen.getByText(/class that each model predicts, in nats/).parentElement;
    expect(line?.textContent).toContain('Teacher 0.01 (Ankle boot)');
    expect(line?.textContent).toContain('Baseline 0.75 (Ankle boot)');
  });

  it('chooses a layer with the arrow keys, or a head where those are on the axis', async () => {
    const { actions } = renderInApp(<FlowPanel view={view(study)} />);
    const user = userEvent.setup();
    screen.getByRole('gridcell', { name: /^layer 1/ }).focus();
    await user.keyboard('{ArrowRight}');
    expect(actions.select).toHaveBeenLastCalledWith({ layer: 1 });
    await user.click(screen.getByRole('radio', { name: 'by head' }));
    await user.click(screen.getByRole('gridcell', { name: /^head 4/ }));
    expect(actions.select).toHaveBeenLastCalledWith({ head: 3 });
  });

  it('lays the chosen student’s gradient beside the teacher’s only when asked', () => {
    const { container } = renderInApp(<FlowPanel view={view(study)} />);
    expect(screen.queryByRole('grid', { name: /^Bi-ViT: / })).toBeNull();
    const details = container.querySelector('details');
    if (details === null) throw new Error('no disclosure');
    details.open = true;
    fireEvent(details, new Event('toggle'));
    expect(screen.getByRole('grid', { name: 'Teacher: |∂L/∂q|, layer 1, head 3' })).toBeDefined();
    expect(screen.getByRole('grid', { name: 'Bi-ViT: |∂L/∂q|, layer 1, head 3' })).toBeDefined();
  });

  it('keeps its room while nothing is here', () => {
    renderInApp(<FlowPanel view={view(null)} />);
    expect(screen.queryByRole('grid')).toBeNull();
    expect(screen.getByText('Computing the gradients.')).toBeDefined();
  });
});

describe('the microscope', () => {
  const alpha = () => screen.getByRole('slider', { name: 'α, on the curve' }).getAttribute('aria-valuetext');

  it('starts at the model itself, and agrees with what was recorded', () => {
    renderInApp(<MicroscopePanel view={view(study)} />);
    expect(alpha()).toBe('α = 1');
    const remark = screen.getByText(/must be the recorded/).textContent ?? '';
    const said = /more than ([\d.]+)\u202f×\u202f10⁻([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/.exec(remark);
    // Float32 against float64: 1e-8 at most for entries below 1.
    expect('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(said?.[2] ?? '')).toBeGreaterThanOrEqual(8);
  });

  it('takes alpha from the number, the slider, the curve and the buttons', async () => {
    renderInApp(<MicroscopePanel view={view(study)} />);
    const user = userEvent.setup();
    fireEvent.keyDown(screen.getByRole('slider', { name: 'α, on the curve' }), { key: 'ArrowRight' });
    expect(alpha()).toBe('α = 1.06');
    const field = screen.getByRole('textbox', { name: 'α, 0.01 to 100' });
    await user.clear(field);
    await user.type(field, '0.5');
    expect(alpha()).toBe('α = 0.5');
    await user.click(screen.getByRole('button', { name: 'Reset to 1' }));
    expect(alpha()).toBe('α = 1');
    await user.click(screen.getByRole('button', { name: 'Go to the optimum' }));
    expect(await screen.findByText(/\|∂L\/∂z\| is 100\s% of its largest/)).toBeDefined();
  });

  it('shows the window of the chosen quantizer over what it clips', async () => {
    renderInApp(<MicroscopePanel view={view(study)} />);
    const clips = panel('Window of the straight-through estimator');
    expect(clips.getByText(/Between −0.5 and 0.5 the gradient passes/).textContent).toContain(
      '50.0\u202f% of the 800 values',
    );
    await userEvent.setup().click(screen.getByRole('radio', { name: 'Teacher' }));
    expect(clips.getByText('Teacher has no quantizer at q: nothing is clipped, every gradient passes.')).toBeDefined();
  });

  it('says so where a model is not loaded', () => {
    renderInApp(<MicroscopePanel view={view({ models: {} })} />);
    expect(screen.getByText('Bi-ViT has no gradients here.')).toBeDefined();
  });
});
