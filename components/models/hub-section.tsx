'use client';

import type { ReactNode } from 'react';
import { HubCard } from '@/components/models/hub-card';
import { useModels } from '@/components/models/models-context';
import { RepoField } from '@/components/models/repo-field';
import { Block } from '@/components/ui/block';
import { HUB_CARDS } from '@/models/families/hub-cards';
import classes from './models.module.css';

/** What the hub has: ready cards, and whatever the user names. */
export function HubSection({ hubUrl }: { readonly hubUrl: string }): ReactNode {
  const typed = useModels((state) => state.typed);
  const host = URL.canParse(hubUrl) ? new URL(hubUrl).host : hubUrl;
  return (
    <Block
      title="From the hub"
      detail={host}
      help={`Nothing is asked of ${host} before you press a button, and nothing of yours is sent to it.`}
    >
      <div className={classes.cards}>
        {typed.map((repo) => (
          <HubCard key={repo} repo={repo} card={null} hubUrl={hubUrl} />
        ))}
        {HUB_CARDS.map((card) => (
          <HubCard key={card.repo} repo={card.repo} card={card} hubUrl={hubUrl} />
        ))}
      </div>
      <RepoField />
    </Block>
  );
}
