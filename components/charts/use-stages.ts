'use client';

import { startTransition, useEffect, useState } from 'react';

/**
 * Counts from 1 to `count`, one render at a time: content split over the stages does not block the page in one long render.
 */
export function useStages(count: number): number {
  const [stage, setStage] = useState(1);
  useEffect(() => {
    if (stage < count) startTransition(() => setStage((before) => before + 1));
  }, [stage, count]);
  return stage;
}
