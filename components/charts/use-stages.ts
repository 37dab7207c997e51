'use client';

import { startTransition, useEffect, useState } from 'react';

/**
 * Counts up to `count`, from 1, a turn at a time: what is drawn only from a stage on does not keep the page from answering together
 * with what came before it.
 */
export function useStages(count: number): number {
  const [stage, setStage] = useState(1);
  useEffect(() => {
    if (stage < count) startTransition(() => setStage((before) => before + 1));
  }, [stage, count]);
  return stage;
}
