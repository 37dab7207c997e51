import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

const EXPLORE = `${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}/`;

/** Opens Explore with a checkpoint. @param id in the cache; `null`: the embedded family */
export function ExploreLink({ id, label }: { readonly id: string | null; readonly label: string }): ReactNode {
  const href = id === null ? EXPLORE : `${EXPLORE}?family=${encodeURIComponent(id)}`;
  return (
    <Button size="xs" component="a" href={href} aria-label={`Explore ${label}`}>
      Explore
    </Button>
  );
}
