import type { ReactNode } from 'react';
import { NoticeList } from '@/components/ui/notice-list';
import type { Notice } from '@/state/app-state';

export interface NoticesOfStoreProps {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: number) => void;
}

/** What a store has to say: each notice with its title. */
export function NoticesOfStore({ notices, onDismiss }: NoticesOfStoreProps): ReactNode {
  return (
    <NoticeList
      notices={notices.map(({ id, kind, title, sentence }) => ({
        id: String(id),
        kind,
        text: (
          <>
            <strong>{title}.</strong> {sentence}
          </>
        ),
      }))}
      onDismiss={(id) => onDismiss(Number(id))}
    />
  );
}
