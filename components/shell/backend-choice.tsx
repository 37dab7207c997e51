'use client';

import { Button, NativeSelect } from '@mantine/core';
import { useActions } from '@/state/use-app-state';
import type { BackendName } from '@/engine/protocol';

type BackendChoice = BackendName | 'auto';

const BACKENDS: readonly { readonly value: BackendChoice; readonly label: string }[] = [
  { value: 'auto', label: 'automatic' },
  { value: 'wasm', label: 'WebAssembly SIMD' },
  { value: 'webgl', label: 'WebGL' },
  { value: 'webgpu', label: 'WebGPU' },
  { value: 'cpu', label: 'plain JavaScript' },
];

/** On what the models run. */
export default function BackendChoice() {
  const { restartEngine } = useActions();
  return (
    <>
      <NativeSelect
        label="Backend"
        size="xs"
        data={[...BACKENDS]}
        defaultValue="auto"
        onChange={(event) => {
          const choice = BACKENDS.find(({ value }) => value === event.currentTarget.value);
          if (choice) restartEngine(choice.value);
        }}
      />
      <Button size="xs" variant="default" onClick={() => restartEngine()}>
        Restart
      </Button>
    </>
  );
}
