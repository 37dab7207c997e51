'use client';

import { Button, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { ExploreLink } from '@/components/models/explore-link';
import { useModels, useModelsActions } from '@/components/models/models-context';
import { Block } from '@/components/ui/block';
import type { CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import { formatBytes, formatPercent } from '@/lib/viz/format';
import classes from './models.module.css';

/** What this browser keeps, and how much room there is. */
export function KeptSection(): ReactNode {
  const kept = useModels((state) => state.kept);
  const isLasting = useModels((state) => state.isLasting);
  const hasParts = useModels((state) => [...state.offers.values()].some(({ partialBytes }) => partialBytes > 0));
  const { removeAll } = useModelsActions();
  const isEmpty = kept?.length === 0;
  return (
    <Block
      title="Kept in this browser"
      detail={kept === null ? 'reading' : `${kept.length} ${kept.length === 1 ? 'model' : 'models'}`}
      actions={
        (kept !== null && !isEmpty) || hasParts ? (
          <Button size="compact-xs" variant="default" onClick={() => void removeAll()}>
            Remove all
          </Button>
        ) : undefined
      }
      id="kept"
    >
      {!isLasting && (
        <p className={classes.trouble}>
          This browser lets the page keep nothing (a private window, or a page without https): models are gone when you
          leave it.
        </p>
      )}
      {isEmpty && <p className={classes.about}>Nothing yet. Fetch a model, or drop a file.</p>}
      {kept !== null && !isEmpty && (
        <ul className={classes.list}>
          {kept.map((entry) => (
            <Kept key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      <Storage />
    </Block>
  );
}

function Kept({ entry }: { readonly entry: CachedCheckpoint }): ReactNode {
  const { look, remove } = useModelsActions();
  const { id, label, bytes, source, savedAtMs } = entry;
  const day = new Date(savedAtMs).toISOString().slice(0, 10);
  return (
    <li>
      <div>
        <strong className={classes.label}>{label}</strong>
        <p className={classes.source}>
          {formatBytes(bytes)},{' '}
          {source.kind === 'hub' ? `from ${source.repo} at ${source.revision.slice(0, 7)}` : 'your file'}, since {day}
        </p>
      </div>
      <div className={classes.ways}>
        <ExploreLink id={id} label={label} />
        <Button
          size="xs"
          variant="default"
          aria-label={`Look inside ${label}`}
          onClick={() =>
            void look(id).then(() => document.querySelector('#files')?.scrollIntoView({ block: 'nearest' }))
          }
        >
          Look inside
        </Button>
        <Button size="xs" variant="default" aria-label={`Remove ${label}`} onClick={() => void remove(id)}>
          Remove
        </Button>
      </div>
    </li>
  );
}

/** As the browser estimates it, all of this site together. */
function Storage(): ReactNode {
  const storage = useModels((state) => state.storage);
  if (storage === null) return <p className={classes.source}>Storage in this browser: n/a, it does not tell.</p>;
  const { usageBytes, quotaBytes } = storage;
  const share = quotaBytes === 0 ? null : usageBytes / quotaBytes;
  return (
    <div className={classes.room}>
      <p className={classes.source}>
        This site uses {formatBytes(usageBytes)} of the {formatBytes(quotaBytes)} that the browser lets it (
        {formatPercent(share)}), by the browser’s own estimate.
      </p>
      <Progress size="sm" aria-label="Storage used" value={100 * (share ?? 0)} />
    </div>
  );
}
