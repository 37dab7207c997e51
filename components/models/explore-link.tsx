import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

const EXPLORE = `${process.env.NEXT_PUBLIC_BASE_PATH ?? ''}/`;

/** To the panels, with this model in the family's place. @param id of the cache; `null`: the family itself */
export function ExploreLink({ id, label }: { readonly id: string | null; readonly label: string }): ReactNode {
  const href = id === null ? EXPLORE : `${EXPLORE}?backbone=${encodeURIComponent(id)}`;
  return (
    <Button size="xs" component="a" href={href} aria-label={`Explore ${label}`}>
      Explore
    </Button>
  );
}
