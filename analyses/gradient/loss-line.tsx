import type { GradientStudy } from '@/analyses/gradient/protocol';
import { ModelMarker } from '@/components/charts/model-marker';
import { modelsOf } from '@/analyses/gradient/flow-quantity';
import { modelName } from '@/components/analysis/model-names';
import { selectTargetClass } from '@/state/derived';
import { useAppState } from '@/state/use-app-state';
import { className } from '@/lib/viz/class-name';
import { formatNumber, NOT_AVAILABLE } from '@/lib/viz/format';
import classes from './gradient.module.css';

export interface LossLineProps {
  readonly study: GradientStudy;
  /** Whether to say what a small loss does to a norm. */
  readonly caution: boolean;
}

/** Which loss the gradients are of, and its value in each model. */
export function LossLine({ study, caution }: LossLineProps) {
  const target = useAppState(selectTargetClass);
  const classNames = useAppState((state) => state.family.classNames);
  const isOne = target !== 'predicted';
  const nameOf = (index: number | undefined) => (index === undefined ? NOT_AVAILABLE : className(index, classNames));
  return (
    <div className={classes.loss}>
      <span>
        {isOne
          ? `L is the cross-entropy of the true class “${nameOf(target)}”, in nats:`
          : 'L is the cross-entropy of the class that each model predicts, in nats:'}
      </span>
      <ul className={classes.losses}>
        {modelsOf(study).map((id) => {
          const loss = study.models[id]?.loss;
          return (
            <li key={id}>
              <ModelMarker model={id} /> {modelName(id)} <strong>{formatNumber(loss?.value)}</strong>
              {!isOne && ` (${nameOf(loss?.classIndex)})`}
            </li>
          );
        })}
      </ul>
      {caution && (
        <p className={classes.caution}>
          A model that is sure of this class has a small loss and sends little gradient back, whatever its quantizers
          do. To compare what gets through, choose “per unit of |∂L/∂(logits)|”: each model by the gradient that its own
          answer starts with.
        </p>
      )}
    </div>
  );
}
