'use client';

import { Examples } from '@/components/ui/examples';
import { useAppState, useActions } from '@/state/use-app-state';
import classes from './backbone.module.css';

/** The shipped photographs, and whose the one on screen is. */
export function PhotographStrip() {
  const photographs = useAppState((state) => state.image.photographs);
  const current = useAppState((state) => state.image.current);
  const { select } = useActions();
  if (photographs === null) return null;
  const shown = current?.kind === 'photo' ? current.photograph : null;
  return (
    <div className={classes.photographs}>
      <Examples
        label="Photographs"
        selected={current?.kind === 'photo' ? current.key : null}
        onSelect={(image) => select({ image })}
        examples={photographs.map(({ id, title, url }) => ({
          id: `photo-${id}`,
          name: title,
          // Next's own element needs a server that resizes; this is an export, and the files are small.
          // eslint-disable-next-line @next/next/no-img-element
          thumbnail: <img src={url} alt="" loading="lazy" className={classes.thumbnail} />,
        }))}
      />
      <p className={classes.credit}>
        {shown === null
          ? 'Public-domain photographs, or a picture of your own below.'
          : `${shown.title}: ${shown.credit}, ${shown.licence}.`}
      </p>
    </div>
  );
}
