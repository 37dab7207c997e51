'use client';

import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ExploreLink } from '@/components/models/explore-link';
import { Facts, type Fact } from '@/components/models/facts';
import { useModels, useModelsActions } from '@/components/models/models-context';
import { StatusTracker } from '@/components/ui/status-tracker';
import { countCost } from '@/models/accounting/count-cost';
import { ALL_REAL } from '@/lib/accounting/precision';
import type { DownloadProgress } from '@/lib/checkpoints/download';
import type { HubCard as Card } from '@/models/families/hub-cards';
import type { CachedCheckpoint } from '@/lib/checkpoints/checkpoint-cache';
import { UNASKED, type Offer } from '@/state/models/models-state';
import { formatBytes, formatCount, formatOperations } from '@/lib/viz/format';
import classes from './models.module.css';

export interface HubCardProps {
  readonly repo: string;
  /** What is known without asking; `null` for a repository that the user typed. */
  readonly card: Card | null;
  readonly hubUrl: string;
}

/** A repository of the hub: what it is, what it weighs, and the way to have it here. */
export function HubCard({ repo, card, hubUrl }: HubCardProps): ReactNode {
  const offer = useModels((state) => state.offers.get(repo)) ?? UNASKED;
  const kept = useModels((state) => state.kept?.find(({ id }) => id === repo)) ?? null;
  const label = card?.name ?? repo;
  return (
    <article className={classes.card} aria-label={label}>
      <h3 className={classes.name}>{label}</h3>
      {card !== null && <p className={classes.about}>{card.about}</p>}
      <Facts facts={factsOf(repo, card, offer, kept, hubUrl)} />
      <div className={classes.foot}>
        <State repo={repo} label={label} offer={offer} kept={kept} />
        {offer.trouble !== null && (
          <p role="alert" className={classes.trouble}>
            {offer.trouble}
          </p>
        )}
      </div>
    </article>
  );
}

interface StateProps {
  readonly repo: string;
  readonly label: string;
  readonly offer: Offer;
  readonly kept: CachedCheckpoint | null;
}

function State({ repo, label, offer, kept }: StateProps): ReactNode {
  const { ask, fetch, cancel, remove } = useModelsActions();
  const { file, phase, partialBytes, progress } = offer;
  if (phase === 'asking') {
    return <StatusTracker phase="running" text="asking the hub" progress={null} onCancel={() => cancel(repo)} />;
  }
  if (phase === 'fetching') {
    return (
      <StatusTracker
        phase="running"
        text={textOf(progress)}
        progress={shareOf(progress)}
        onCancel={() => cancel(repo)}
        facts={arrived(progress)}
      />
    );
  }
  if (kept !== null) {
    return (
      <div className={classes.ways}>
        <span className={classes.kept}>Kept in this browser</span>
        <ExploreLink id={repo} label={label} />
        <Button size="xs" variant="default" aria-label={`Remove ${label}`} onClick={() => void remove(repo)}>
          Remove
        </Button>
      </div>
    );
  }
  const total = file === null ? '' : ` of ${formatBytes(file.bytes)}`;
  return (
    <div className={classes.ways}>
      {partialBytes > 0 ? (
        <>
          <Button size="xs" aria-label={`Resume ${label}`} onClick={() => void fetch(repo)}>
            Resume ({formatBytes(partialBytes)}
            {total} are here)
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={`Remove what arrived of ${label}`}
            onClick={() => void remove(repo)}
          >
            Remove
          </Button>
        </>
      ) : file === null ? (
        <Button size="xs" variant="default" aria-label={`Ask for its size: ${label}`} onClick={() => void ask(repo)}>
          Ask for its size
        </Button>
      ) : (
        <Button size="xs" aria-label={`Fetch ${formatBytes(file.bytes)}: ${label}`} onClick={() => void fetch(repo)}>
          Fetch {formatBytes(file.bytes)}
        </Button>
      )}
    </div>
  );
}

function factsOf(
  repo: string,
  card: Card | null,
  { file }: Offer,
  kept: CachedCheckpoint | null,
  hubUrl: string,
): readonly Fact[] {
  const cost = card === null ? null : countCost(card.config, ALL_REAL).total;
  const bytes = kept?.bytes ?? file?.bytes ?? null;
  const about = cost === null ? null : 4 * cost.parameters;
  const weights: Fact =
    bytes !== null
      ? { name: 'File', value: formatBytes(bytes), source: kept === null ? 'as the hub says' : checkedBy(kept) }
      : {
          name: 'File',
          value: about === null ? 'n/a' : `about ${formatBytes(about)}`,
          source: 'counted: 4 bytes a parameter',
        };
  return [
    ...(cost === null
      ? []
      : [
          { name: 'Parameters', value: formatCount(cost.parameters), source: 'counted' },
          { name: 'MACs an image', value: formatOperations(cost.macs), source: 'counted' },
        ]),
    weights,
    ...(card === null
      ? []
      : [
          {
            name: 'ImageNet top-1',
            value: card.accuracy === null ? 'n/a' : `${card.accuracy.top1} %`,
            ...(card.accuracy === null ? {} : { source: `as published: ${card.accuracy.source}` }),
          },
        ]),
    {
      name: 'Licence',
      value: card?.licence ?? file?.licence ?? 'n/a',
      ...(card === null ? { source: 'as the repository says' } : {}),
    },
    {
      name: 'Source',
      value: (
        <a href={`${hubUrl}/${repo}`} rel="noreferrer">
          {repo}
        </a>
      ),
      ...(card === null ? {} : { source: `${card.paper.authors}, arXiv ${card.paper.arxiv}` }),
    },
  ];
}

function checkedBy({ verified }: CachedCheckpoint): string {
  switch (verified) {
    case 'hub':
      return 'its SHA-256 is the hub’s';
    case 'length':
      return 'its length is the hub’s; it gave no SHA-256';
    case 'none':
      return 'a file of yours';
  }
}

/** Spoken when it changes; the bytes are not in it. */
function textOf(progress: DownloadProgress | null): string {
  switch (progress?.kind) {
    case undefined:
      return 'asking the hub';
    case 'downloading':
      return progress.resumedFromBytes > 0 ? 'downloading, from where it stopped' : 'downloading';
    case 'waiting':
      return `the connection was lost; trying again in ${progress.seconds} s`;
    case 'checking':
      return 'checking its SHA-256';
  }
}

function shareOf(progress: DownloadProgress | null): number | null {
  if (progress === null || progress.kind === 'checking' || progress.totalBytes === 0) return null;
  return progress.loadedBytes / progress.totalBytes;
}

function arrived(progress: DownloadProgress | null) {
  if (progress === null || progress.kind === 'checking') return [];
  return [{ name: 'arrived', value: `${formatBytes(progress.loadedBytes)} of ${formatBytes(progress.totalBytes)}` }];
}
