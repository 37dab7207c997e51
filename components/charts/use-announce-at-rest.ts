import { useEffect } from 'react';
import { announceAtRest } from '@/components/charts/announce';

/** `announceAtRest` for a chart, which says nothing more once it is gone. */
export function useAnnounceAtRest(): typeof announceAtRest {
  useEffect(() => () => announceAtRest(''), []);
  return announceAtRest;
}
