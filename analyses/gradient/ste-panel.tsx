'use client';

import { QUANTIZERS } from '@/analyses/gradient/protocol';
import { AnalysisFrame } from '@/components/analysis/analysis-frame';
import { SteViewer } from '@/analyses/gradient/ste-viewer';
import { modelName } from '@/components/analysis/model-names';
import { About, type AboutFormula } from '@/components/ui/about';
import { Block } from '@/components/ui/block';
import { selectStudent } from '@/state/derived';
import { useAnalysis } from '@/state/use-analysis';
import { useAppState } from '@/state/use-app-state';

const STRAIGHT_THROUGH: AboutFormula = {
  label: 'Straight-through estimator',
  latex: String.raw`\frac{\partial L}{\partial x} \approx \frac{\partial L}{\partial \hat{x}} \cdot g(x), \qquad g(x) \text{ in place of } \frac{d \hat{x}}{d x} = 0`,
  source: {
    text: 'Bengio, Léonard, Courville: Estimating or Propagating Gradients Through Stochastic Neurons, 2013, arXiv 1308.3432',
    url: 'https://arxiv.org/abs/1308.3432',
  },
  note: 'g is the dashed line. Each quantizer has its own: 1 everywhere (identity), 1 in a window (clip), or a triangle (Bi-Real).',
};

/** Pixels that the list takes on a wide screen, and plot and record on a phone. */
const MIN_HEIGHT = 870;

/** Every quantizer of the student: what it puts out, what training takes for its derivative, and how many inputs that reaches. */
export function StePanel() {
  const layer = useAppState((state) => state.selection.layer);
  const head = useAppState((state) => state.selection.head);
  const student = useAppState(selectStudent);
  const view = useAnalysis(QUANTIZERS, { modelId: student, layer, head });
  return (
    <Block
      title="Straight-through gradients"
      detail={`${modelName(student)}, layer ${layer + 1}, head ${head + 1}`}
      id="ste"
    >
      <About formulas={[STRAIGHT_THROUGH]}>
        A binarizer is a step: its true derivative is 0 almost everywhere, so backpropagation would end at it and
        nothing before it would learn. A straight-through estimator keeps the step when the network runs forward, and
        when it runs backward acts as if the slope were the dashed line: inputs under it learn, all others get nothing.
      </About>
      <AnalysisFrame view={view} label="the quantizers" minHeight={MIN_HEIGHT}>
        {(study) => <SteViewer study={study} />}
      </AnalysisFrame>
    </Block>
  );
}
