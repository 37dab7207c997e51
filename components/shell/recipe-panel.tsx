'use client';

import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { RecipeControls } from '@/components/shell/recipe-controls';
import { useActions, useAppState } from '@/state/use-app-state';

/** How students are made on the spot, and a trained one to stand beside them. */
export default function RecipePanel(): ReactNode {
  const others = useAppState((state) => state.opening.otherCheckpoints);
  const student = useAppState((state) => state.selection.student);
  const { select } = useActions();
  return (
    <>
      <RecipeControls />
      {(others.length > 0 || student !== '') && (
        <NativeSelect
          size="xs"
          label="Trained student"
          value={student}
          data={[{ value: '', label: 'none' }, ...others.map(({ id, label }) => ({ value: id, label }))]}
          onChange={(event) => select({ student: event.currentTarget.value })}
        />
      )}
    </>
  );
}
