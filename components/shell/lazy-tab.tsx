'use client';

import { Button, Skeleton } from '@mantine/core';
import { Component, lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react';
import { Block } from '@/components/ui/block';
import type { PanelId } from '@/state/selection-types';
import { CalmContext } from '@/state/use-app-state';
import classes from './result-tabs.module.css';

export type LazyTabId = Exclude<PanelId, 'attention'>;

type LoadTab = () => Promise<{ readonly default: ComponentType }>;

/** Each tab is a file of its own that comes when the tab is opened: the first picture must not wait for them. */
const LOADERS: { readonly [Id in LazyTabId]: LoadTab } = {
  gradient: () => import('@/analyses/gradient/gradient-tab'),
  ranking: () => import('@/analyses/ranking/ranking-tab'),
  binarizers: () => import('@/analyses/binarizers/binarizers-tab'),
  attribution: () => import('@/analyses/attribution/attribution-tab'),
  precision: () => import('@/analyses/precision/precision-tab'),
  cost: () => import('@/analyses/cost/cost-tab'),
  live: () => import('@/analyses/live/live-tab'),
};

/** A lazy component remembers its failure for ever: another attempt needs another one. */
const tabs = new Map<LazyTabId, ComponentType>();

function tabOf(id: LazyTabId): ComponentType {
  const known = tabs.get(id) ?? lazy(LOADERS[id]);
  tabs.set(id, known);
  return known;
}

/** A tab that is loaded when it is first shown; a failure is a sentence and a way on. */
export function LazyTab({ id }: { readonly id: LazyTabId }) {
  const [attempt, setAttempt] = useState(0);
  const retry = (): void => {
    tabs.delete(id);
    setAttempt(attempt + 1);
  };
  return (
    <TabBoundary key={attempt} attempt={attempt} onRetry={retry}>
      <Suspense fallback={<Waiting />}>
        <CalmContext value>
          <Tab id={id} />
        </CalmContext>
      </Suspense>
    </TabBoundary>
  );
}

function Tab({ id }: { readonly id: LazyTabId }) {
  const [Loaded] = useState<ComponentType>(() => tabOf(id));
  return <Loaded />;
}

/** About the room of a tab's first panels, so that what is beneath does not jump. */
function Waiting() {
  return (
    <div className={classes.waiting}>
      <Skeleton height="26rem" radius={12} />
      <Skeleton height="20rem" radius={12} />
      <span role="status" className="lens-visually-hidden">
        This tab is loading.
      </span>
    </div>
  );
}

interface TabBoundaryProps {
  readonly attempt: number;
  readonly onRetry: () => void;
  readonly children: ReactNode;
}

/** React catches errors of what is drawn in classes only. */
class TabBoundary extends Component<TabBoundaryProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const { attempt, onRetry } = this.props;
    return (
      <Block title="This tab did not come" className={classes.failed ?? ''}>
        <p role="alert">
          {attempt === 0
            ? 'Its part of the app could not be loaded or shown. Check the connection and try again; the other tabs still work.'
            : 'It failed again. Reload the page: the address keeps everything that you chose.'}
        </p>
        {attempt === 0 ? (
          <Button size="xs" onClick={onRetry}>
            Retry
          </Button>
        ) : (
          <Button size="xs" onClick={() => window.location.reload()}>
            Reload the page
          </Button>
        )}
      </Block>
    );
  }
}
