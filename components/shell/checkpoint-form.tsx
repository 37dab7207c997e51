'use client';

import { Button, FileButton, NativeSelect } from '@mantine/core';
import { modelName } from '@/components/analysis/model-names';
import { memberIds, type MemberId } from '@/models/families/family';
import { useAppState } from '@/state/use-app-state';

export interface CheckpointFormProps {
  /** The one that the checkpoint replaces. */
  readonly member: MemberId;
  readonly busy: boolean;
  readonly onMember: (member: MemberId) => void;
  readonly onFile: (file: File | null) => void;
}

/** Which member a person's checkpoint replaces, and the way to choose the file. */
export default function CheckpointForm({ member, busy, onMember, onFile }: CheckpointFormProps) {
  const family = useAppState((state) => state.family);
  const { imageSize } = family.config;
  return (
    <>
      <p>
        A <code>.safetensors</code> or PyTorch’s <code>.pth</code> of this architecture ({imageSize} × {imageSize}{' '}
        pixels, {family.layers.length} layers, {family.layers[0]?.heads} heads; names of timm or transformers). It takes
        the place of one of these models until you reload, and never leaves this device; nothing in it is executed.
        Other architectures belong on the Models page.
      </p>
      <NativeSelect
        size="xs"
        label="In the place of"
        value={member}
        data={memberIds(family).map((id) => ({ value: id, label: modelName(id) }))}
        onChange={({ currentTarget }) => {
          const chosen = memberIds(family).find((id) => id === currentTarget.value);
          if (chosen !== undefined) onMember(chosen);
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
