'use client';

import { Segmented } from '@/components/ui/segmented';
import { useLens, useLensActions } from '@/lib/store/use-lens';

/** Which class the gradient is of; a picture of one's own has no true one. */
export function TargetChoice() {
  const loss = useLens((state) => state.selection.loss);
  const isSample = useLens((state) => state.image.current?.kind === 'sample');
  const { select } = useLensActions();
  return (
    <Segmented
      label="Which class"
      value={isSample ? loss : 'predicted'}
      onChange={(chosen) => select({ loss: chosen })}
      options={[
        { value: 'true', label: 'true class', disabled: !isSample },
        { value: 'predicted', label: 'predicted' },
      ]}
    />
  );
}
