import { Button, CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './notice-list.module.css';

export interface Notice {
  readonly id: string;
  /** An `error` interrupts a screen reader, the others wait. */
  readonly kind: 'error' | 'warning' | 'info' | 'success';
  readonly text: ReactNode;
  readonly action?: { readonly label: string; readonly onClick: () => void };
}

export interface NoticeListProps {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: string) => void;
}

const KIND_NAMES: { readonly [Kind in Notice['kind']]: string } = {
  error: 'Error',
  warning: 'Warning',
  info: 'Note',
  success: 'Done',
};

/** What went wrong and what can be done. Both regions are always there, because one that comes with its text may go unheard. */
export function NoticeList({ notices, onDismiss }: NoticeListProps): ReactNode {
  const errors = notices.filter(({ kind }) => kind === 'error');
  const others = notices.filter(({ kind }) => kind !== 'error');
  return (
    <div className={classes.list} data-empty={notices.length === 0}>
      <div role="alert">
        {errors.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} onDismiss={onDismiss} />
        ))}
      </div>
      <div role="status">
        {others.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} onDismiss={onDismiss} />
        ))}
      </div>
    </div>
  );
}

interface NoticeCardProps {
  readonly notice: Notice;
  readonly onDismiss: (id: string) => void;
}

function NoticeCard({ notice: { id, kind, text, action }, onDismiss }: NoticeCardProps): ReactNode {
  return (
    <div className={classes.notice} data-kind={kind}>
      <p className={classes.text}>
        <strong className={classes.kind}>{KIND_NAMES[kind]}.</strong> {text}
      </p>
      <CloseButton size="sm" aria-label="Dismiss" className={classes.close} onClick={() => onDismiss(id)} />
      {action !== undefined && (
        <Button size="compact-sm" variant="default" className={classes.action} onClick={action.onClick}>
          {action.label}
        </Button>
      )}
    </div>
  );
}
