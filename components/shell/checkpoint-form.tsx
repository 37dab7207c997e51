'use client';

import { Button, FileButton, NativeSelect } from '@mantine/core';
import { MODEL_NAMES } from '@/components/analysis/model-names';
import { MODEL_IDS, type ModelId } from '@/engine/protocol';

export interface CheckpointFormProps {
  /** Whose place the checkpoint takes. */
  readonly place: ModelId;
  readonly busy: boolean;
  readonly onPlace: (place: ModelId) => void;
  readonly onFile: (file: File | null) => void;
}

/** Which of the five a checkpoint of one's own stands in for, and the way to choose it. */
export default function CheckpointForm({ place, busy, onPlace, onFile }: CheckpointFormProps) {
  return (
    <>
      <p>
        A <code>.safetensors</code> or PyTorch’s <code>.pth</code> of this architecture (28 × 28, patch 4, 4 layers, 4
        heads; names of timm or transformers). It takes the place of one of the five until you reload, and never leaves
        this device; nothing in it is executed. Larger ones belong on the Models page.
      </p>
      <NativeSelect
        size="xs"
        label="In the place of"
        value={place}
        data={MODEL_IDS.map((id) => ({ value: id, label: MODEL_NAMES[id] }))}
        onChange={({ currentTarget }) => {
          const chosen = MODEL_IDS.find((id) => id === currentTarget.value);
          if (chosen !== undefined) onPlace(chosen);
        }}
      />
      <FileButton
        accept=".safetensors,.pth,.pt,.bin"
        onChange={onFile}
        inputProps={{ 'aria-label': 'Checkpoint file' }}
      >
        {(props) => (
          <Button {...props} size="xs" variant="default" loading={busy}>
            Choose a file, or drop it here
          </Button>
        )}
      </FileButton>
    </>
  );
}
