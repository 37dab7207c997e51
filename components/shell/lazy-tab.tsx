'use client';

import { Button, Skeleton } from '@mantine/core';
import { Component, lazy, Suspense, useState, type ComponentType, type ReactNode } from 'react';
import { Block } from '@/components/ui/block';
import { CalmContext } from '@/state/use-app-state';
import classes from './result-tabs.module.css';

type LoadTab = () => Promise<{ readonly default: ComponentType }>;

/** A lazy component remembers its failure for ever: another attempt needs another one. */
const tabs = new Map<string, ComponentType>();

function tabOf(id: string, load: LoadTab): ComponentType {
  const known = tabs.get(id) ?? lazy(load);
  tabs.set(id, known);
  return known;
}

interface LazyTabProps {
  readonly id: string;
  readonly load: LoadTab;
}

/** A tab that is loaded when it is first shown; a failure is a sentence and a way on. */
export function LazyTab({ id, load }: LazyTabProps) {
  const [attempt, setAttempt] = useState(0);
  const retry = (): void => {
    tabs.delete(id);
    setAttempt(attempt + 1);
  };
  return (
    <TabBoundary key={attempt} attempt={attempt} onRetry={retry}>
      <Suspense fallback={<Waiting />}>
        <CalmContext value>
          <Tab id={id} load={load} />
        </CalmContext>
      </Suspense>
    </TabBoundary>
  );
}

function Tab({ id, load }: LazyTabProps) {
  const [Loaded] = useState<ComponentType>(() => tabOf(id, load));
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
